"""What cannot be done, and why."""


class DiscussionError(Exception):
    """The act is not possible; the message says why, and what to do."""


class TooSoonError(DiscussionError):
    """It is too much at once; the message says when to try again, `seconds` how long that is."""

    def __init__(self, message: str, *, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


class NotAllowedError(DiscussionError):
    """This member may not do that."""
