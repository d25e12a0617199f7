"""What the bot remembers: changes, the messages that tell of them, groups as they were shown."""
