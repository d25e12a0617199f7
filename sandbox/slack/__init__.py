"""The simulated Slack workspace: its state, its Web API, its deliveries, its people."""
