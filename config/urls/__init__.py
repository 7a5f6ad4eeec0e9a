"""One URLconf for each kind of schema."""
