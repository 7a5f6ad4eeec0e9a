"""What a title and a text may be, and how soon the next may follow."""

from django.core.cache import caches

from shared_apps.core.markdown import is_blank, tidy_line, tidy_text
from tenant_apps.discussions.enums import Via
from tenant_apps.discussions.services.errors import DiscussionError, TooSoonError
from tenant_apps.members.models import Member
from tenant_apps.moderation import services as moderation

MAX_TITLE_LENGTH = 200
MAX_BODY_LENGTH = 20_000
MOST_COMPARED_IN_A_MINUTE = 40


def clean_title(title: str, *, field: str = "title") -> str:
    tidy = tidy_line(title)
    if is_blank(tidy):
        raise DiscussionError("Write a title.", field=field)
    if len(tidy) > MAX_TITLE_LENGTH:
        raise DiscussionError(f"A title has at most {MAX_TITLE_LENGTH} characters.", field=field)
    return tidy


def clean_body(body: str) -> str:
    tidy = tidy_text(body)
    if is_blank(tidy):
        raise DiscussionError("Write some text.", field="body")
    if len(tidy) > MAX_BODY_LENGTH:
        raise DiscussionError(f"A text has at most {MAX_BODY_LENGTH:,} characters.", field="body")
    return tidy


def check_pace(act: str, text: str, *, via: str, by: Member) -> None:
    """Count one more thing that a member writes; raises TooSoonError, or DiscussionError for too many links.

    Links of an email are not counted: its signature and what it quotes are full of them.
    """
    try:
        moderation.check_limits(act, by=by, text="" if via == Via.EMAIL else text)
    except moderation.LimitError as error:
        raise (
            TooSoonError(str(error), seconds=error.seconds) if error.seconds else DiscussionError(str(error))
        ) from None


def check_comparing(*, by: Member) -> None:
    """Count one more title that is compared with what was asked before; raises TooSoonError where nobody types as fast.

    It is counted for each member, by pages and programs together.
    """
    cache, key = caches["network"], f"discussions.similar:{by.id}"
    cache.add(key, 0, timeout=60)
    try:
        count = cache.incr(key)
    except ValueError:  # the minute ended, or the cache made room, between the two
        return
    if count > MOST_COMPARED_IN_A_MINUTE:
        raise TooSoonError("You ask faster than people type. Wait a minute.", seconds=60)
