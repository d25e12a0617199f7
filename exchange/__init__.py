"""One request and its answer over the network, however the other side behaves: within a time."""
