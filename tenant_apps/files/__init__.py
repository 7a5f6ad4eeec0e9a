"""Files that members attach to what they say."""
