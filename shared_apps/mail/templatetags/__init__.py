"""Template filters of the text parts of messages."""
