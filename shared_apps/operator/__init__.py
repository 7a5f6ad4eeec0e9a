"""The platform operator's console and the commands that put networks on line."""
