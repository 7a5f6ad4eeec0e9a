"""What cannot be done, and why; and the tidying of reasons, which raises it."""

from shared_apps.core.markdown import is_blank, tidy_text

MAX_WORDS = 2_000


class ModerationError(Exception):
    """The act is not possible; the message says why, and what to do."""


class NotAllowedError(ModerationError):
    """This member may not do that."""


def clean_words(words: str, *, missing: str = "") -> str:
    """Return what somebody gave as a reason; raises ModerationError when it is missing or too long."""
    tidy = tidy_text(words)
    if missing and is_blank(tidy):
        raise ModerationError(missing)
    if len(tidy) > MAX_WORDS:
        raise ModerationError(f"At most {MAX_WORDS:,} characters. Shorten what you wrote.")
    return tidy
