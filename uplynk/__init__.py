"""What we talk to: Uplynk's failover endpoints, signed, over one pool of connections."""
