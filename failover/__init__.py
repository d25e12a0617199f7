"""What is true of failover groups, changes, rules and roles; imports the standard library only."""
