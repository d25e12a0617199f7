"""The tests' own test: bugs planted in a copy of the project, each for a named test to find."""
