"""Divides a whole message, with the help of its HTML where the plain text does not say enough."""

from shared_apps.mail.reading import MailMessage
from shared_apps.mail.reading.html import html_text, marked_text
from shared_apps.mail.trimming.engine import Trimmed, trim, trim_lines

_LONGEST = 1_500_000  # of HTML, in characters; longer is not worth a second reading
_BEGINNING = 20  # letters that tell whether two texts begin with the same words


def trim_message(message: MailMessage) -> Trimmed:
    """Return what a reader sees of a message: of two readings the shorter, as long as it says something."""
    plain = trim(message.text, message.from_name)
    if not message.html or len(message.html) > _LONGEST:
        return plain
    rich = trim_lines(marked_text(message.html).split("\n"), message.from_name)
    if not rich.shown or rich.is_only_quote:
        return plain
    ours, theirs = _letters(rich.shown), _letters(plain.shown)
    is_same = ours[:_BEGINNING] == theirs[: len(ours[:_BEGINNING])] or message.text == html_text(message.html)
    return rich if is_same and len(ours) < len(theirs) else plain


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))
