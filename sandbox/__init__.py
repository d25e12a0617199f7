"""Play: a simulated Slack workspace and a simulated Uplynk, never imported by the bot."""
