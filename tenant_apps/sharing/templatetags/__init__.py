"""Parts of sharing that features put on their pages."""
