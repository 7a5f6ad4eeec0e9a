"""Support access inside a network: its owners decide, visitors only look, and everything is in the log; no tables."""
