"""The sandbox's page: a small Slack in the browser, and beside it the other side of the wire."""
