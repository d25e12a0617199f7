"""One file for each version of the tables, frozen once it is released."""
