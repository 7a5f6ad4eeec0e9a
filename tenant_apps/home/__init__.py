"""A network's front page."""
