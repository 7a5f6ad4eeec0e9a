"""What a message of an archive says, without quotes and signatures, and the files that came with it."""

import re
from dataclasses import dataclass

from shared_apps.core.markdown import is_blank
from shared_apps.mail.reading import MailAttachment, MailMessage, read_message
from shared_apps.mail.trimming import trim_message
from tenant_apps.discussions.enums import Fate
from tenant_apps.discussions.importing.texts import as_markdown, shortened

LONGEST_TEXT = 20_000  # characters, as of what members write
ONLY_FILES = "(Only the attached files.)"
_INVITATIONS = ("text/calendar", "application/ics")
_FOLDER_DATA = "FOLDER INTERNAL DATA"  # a message that mail servers put first into an mbox, for themselves
_METHOD = re.compile(rb"^METHOD:(?:REQUEST|REPLY|CANCEL|COUNTER)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Words:
    """What is shown of a message, and why it is left out where it is."""

    message: MailMessage
    fate: Fate = Fate.BRINGS
    markdown: str = ""
    files: tuple[MailAttachment, ...] = ()
    is_shortened: bool = False


def words_of(raw: bytes) -> Words:
    """Return what a raw message says."""
    message = read_message(raw)
    if fate := _without_words(message):
        return Words(message, fate)
    files = tuple(each for each in message.attachments if not _stands_in_text(each))
    markdown = as_markdown(trim_message(message).shown)
    if is_blank(markdown):
        return Words(message, Fate.BRINGS, ONLY_FILES, files) if files else Words(message, Fate.EMPTY)
    is_long = len(markdown) > LONGEST_TEXT
    return Words(message, Fate.BRINGS, shortened(markdown, LONGEST_TEXT) if is_long else markdown, files, is_long)


def _without_words(message: MailMessage) -> Fate | None:
    if message.is_bounce:
        return Fate.BOUNCE
    if any(_is_invitation(each) for each in message.attachments):
        return Fate.CALENDAR
    return Fate.AUTO if message.is_auto or _FOLDER_DATA in message.subject else None


def _is_invitation(attachment: MailAttachment) -> bool:
    """Whether a calendar program asks or answers; a date that somebody attached does neither."""
    asked = _METHOD.search(attachment.content[:5_000]) if attachment.content_type in _INVITATIONS else None
    return asked is not None


def _stands_in_text(attachment: MailAttachment) -> bool:
    """Whether it is a picture of a signature or of a letterhead, and no file that somebody attached."""
    return attachment.is_inline and bool(attachment.content_id)
