"""Who follows what, and telling them by email."""
