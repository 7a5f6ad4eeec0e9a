"""Pages and API of the Collective."""
