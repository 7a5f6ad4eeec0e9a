"""What cannot be done, and why; and the tidying of reasons, which raises it."""

from shared_apps.core.markdown import is_blank, tidy_text

MAX_WORDS = 2_000


class ModerationError(Exception):
    """The act is not possible; the message says why, and what to do."""


class NotAllowedError(ModerationError):
    """This member may not do that."""


class MissingWordsError(ModerationError):
    """What somebody gave as a reason is missing or too long."""


def clean_words(words: str, *, missing: str = "") -> str:
    """Return what somebody gave as a reason; raises MissingWordsError when it is missing or too long."""
    tidy = tidy_text(words)
    if missing and is_blank(tidy):
        raise MissingWordsError(missing)
    if len(tidy) > MAX_WORDS:
        raise MissingWordsError(f"At most {MAX_WORDS:,} characters. Shorten what you wrote.")
    return tidy
