"""Setting a network up: what is left to do, worked out from how it stands, and examples to begin with."""
