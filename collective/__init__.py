"""The Collective: what networks chose to share, its search and its portal."""
