"""What people see: failover values in, Slack messages and views as plain data out. All pure."""
