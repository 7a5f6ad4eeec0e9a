"""What is refused, and why."""


class FileRefusedError(Exception):
    """A file is not taken; the message says why, and what to do, in a sentence that follows its name."""
