"""The commands for whoever runs the bot, on objects that they are given."""
