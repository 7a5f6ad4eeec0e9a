"""Divides a whole message, with the help of its HTML where the plain text does not say enough."""

from shared_apps.mail.reading import MailMessage
from shared_apps.mail.reading.html import marked_text
from shared_apps.mail.trimming.engine import Trimmed, trim, trim_lines

_LONGEST = 1_500_000  # of HTML, in characters; longer is not worth a second reading


def trim_message(message: MailMessage) -> Trimmed:
    """Return what a reader sees of a message: of two readings the shorter, as long as it says something."""
    plain = trim(message.text)
    if not message.html or len(message.html) > _LONGEST:
        return plain
    rich = trim_lines(marked_text(message.html).split("\n"))
    if not rich.shown or rich.is_only_quote:
        return plain
    return rich if len(_words(rich)) < len(_words(plain)) else plain


def _words(trimmed: Trimmed) -> str:
    return "".join(trimmed.shown.split())
