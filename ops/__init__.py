"""Keeping the bot running: knows no other room."""
