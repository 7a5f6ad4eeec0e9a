"""What the API shows and takes; each resource imports it from its own module."""
