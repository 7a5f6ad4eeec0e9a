"""How much a member may write, and how soon: a sliding window for each member and act, and less for who is new.

The counts are in the cache `default`, which is in the database: they hold for every process, and what is rolled back
was not counted. What a command writes is not limited: an import, the demo, a test's builder.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import caches
from django.utils import timezone

from shared_apps.audit.enums import Via
from shared_apps.core.when import long_when
from tenant_apps.members.models import Member
from tenant_apps.members.permissions import is_moderator
from tenant_apps.moderation.adapters import adapters
from tenants.context import this_network

NEW_FOR = timedelta(days=7)
NEW_UNTIL_STANDING = 5
MAX_LINKS_OF_A_NEW_MEMBER = 2

_LINK = re.compile(r"(?:https?://|www\.)[^\s)\]>\"']+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many in a time; `words` say what, as in "You have posted 30 replies"."""

    most: int
    within: timedelta
    words: str


HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EVERYBODY = {
    "discussion": Limit(10, HOUR, "started {} discussions"),
    "reply": Limit(30, HOUR, "posted {} replies"),
    "recommendation": Limit(20, HOUR, "recommended {} suppliers"),
    "report": Limit(20, HOUR, "reported {} things"),
}
NEW_MEMBERS = {
    "discussion": Limit(3, DAY, "started {} discussions"),
    "reply": Limit(10, DAY, "posted {} replies"),
}


class LimitError(Exception):
    """It is too much, or too soon; the message says when to try again, `seconds` how long that is."""

    def __init__(self, message: str, *, seconds: int = 0) -> None:
        super().__init__(message)
        self.seconds = seconds


def check_limits(act: str, *, by: Member, text: str = "") -> None:
    """Count one more act of a member; raises LimitError where that is one too many, or the text holds too many links.

    Call it in the transaction of the act, before anything is written.
    """
    if _is_command(by):
        return
    now, is_beginner = timezone.now(), is_new(by)
    limit = NEW_MEMBERS.get(act, EVERYBODY[act]) if is_beginner else EVERYBODY[act]
    if is_beginner and len(_LINK.findall(text)) > MAX_LINKS_OF_A_NEW_MEMBER:
        raise LimitError(_TOO_MANY_LINKS)
    _count(act, limit, by, now, is_beginner=is_beginner)


def refusal_to_attach(member: Member) -> str:
    """Return why somebody new attaches nothing yet, unless a command acts for them; files ask it of everybody."""
    return _NO_FILES_YET if not _is_command(member) and is_new(member) else ""


def is_new(member: Member) -> bool:
    """Return whether somebody joined less than a week ago and fewer than five of their posts stand."""
    if is_moderator(member) or member.joined_at <= timezone.now() - NEW_FOR:
        return False
    return sum(adapter.count_standing(member.id) for adapter in adapters()) < NEW_UNTIL_STANDING


def _is_command(member: Member) -> bool:
    return member.actor.via in (Via.COMMAND, Via.SYSTEM)


_TOO_MANY_LINKS = (
    f"In your first week a text has at most {MAX_LINKS_OF_A_NEW_MEMBER} links. Take some out; you can add them later."
)


_NO_FILES_YET = (
    f"You cannot attach files until you have been here for a week, or {NEW_UNTIL_STANDING} of your posts stand."
)


def _count(act: str, limit: Limit, member: Member, now: datetime, *, is_beginner: bool) -> None:
    cache, key = caches["default"], f"limit:{this_network().id}:{member.id}:{act}:{int(limit.within.total_seconds())}"
    since = (now - limit.within).timestamp()
    done = [at for at in cache.get(key, []) if at > since]
    if len(done) >= limit.most:
        free_at = datetime.fromtimestamp(done[-limit.most], tz=now.tzinfo) + limit.within
        raise LimitError(_words(limit, now, free_at, is_beginner), seconds=int((free_at - now).total_seconds()) + 1)
    cache.set(key, [*done, now.timestamp()], int(limit.within.total_seconds()))


def _words(limit: Limit, now: datetime, free_at: datetime, is_beginner: bool) -> str:
    span = "in the last hour" if limit.within == HOUR else "in the last day"
    why = "which is the most in your first week" if is_beginner else "which is the most at once"
    again = long_when(free_at, now)
    return f"You have {limit.words.format(limit.most)} {span}, {why}. Try again after {again}; what you wrote is kept."
