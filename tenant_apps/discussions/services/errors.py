"""What cannot be done, and why."""

from tenant_apps.discussions.models import Discussion, Reply


class DiscussionError(Exception):
    """The act is not possible; the message says why, and what to do, and `field` what was given that is wrong.

    Without a field it is not what was given: how the thing stands does not allow it.
    """

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class TooSoonError(DiscussionError):
    """It is too much at once; the message says when to try again, `seconds` how long that is."""

    def __init__(self, message: str, *, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


class PostedAlreadyError(DiscussionError):
    """The same words were posted with this form, without something that they have now; `made` is what they became."""

    def __init__(self, made: Discussion | Reply) -> None:
        super().__init__("This was posted already. Edit it to add a file or change it.")
        self.made = made


class NotAllowedError(DiscussionError):
    """This member may not do that."""
