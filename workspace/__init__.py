"""The Slack workspace, outgoing: everything that the bot says to Slack, and asks of it."""
