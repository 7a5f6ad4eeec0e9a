"""What cannot be done, and why."""


class DiscussionError(Exception):
    """The act is not possible; the message says why, and what to do."""


class NotAllowedError(DiscussionError):
    """This member may not do that."""
