"""What was said in a discussion, by members of this network and of others."""

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from collective.publications.selectors import shown_name
from tenant_apps.discussions.enums import SHARE_KIND, THE_ASKER
from tenant_apps.discussions.models import Discussion, Reply
from tenant_apps.discussions.selectors.sight import replies_seen_by, replies_shown_to
from tenant_apps.members.models import Member
from tenant_apps.members.models import shown_name as member_name
from tenant_apps.members.permissions import is_moderator
from tenant_apps.sharing.selectors import AwayReply, away_replies
from tenants.statements import Statement

POSTS_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class Post:
    """A reply as the page shows it, whether a member of this network or of another wrote it."""

    id: UUID
    body: str
    author_name: str
    author_role: str
    author_id: UUID | None
    """Who wrote it; None for somebody of another network, and for who asked without their name."""
    asker_id: UUID | None
    """Who asked without their name and replied here: only to tell that reader that it is theirs; never shown."""
    is_answer: bool
    created_at: datetime
    """Orders replies, and is not shown."""
    shown_at: datetime | date
    """When it was written; the day alone for somebody of another network who is not named."""
    edited_at: datetime | None
    marked_by: str
    marked_by_id: UUID | None
    origin_network: str
    origin_colour: str
    came_home: bool
    is_removed: bool
    is_hidden: bool
    hidden_reason: str
    helpful_count: int
    via: str

    @property
    def is_away(self) -> bool:
        """Whether somebody of another network wrote it."""
        return self.author_id is None and self.asker_id is None

    def is_by(self, member: Member) -> bool:
        """Whether this member wrote it."""
        return member.id in (self.author_id, self.asker_id)

    @property
    def shown_moment(self) -> datetime:
        """When it was written, to compare with other moments; a day counts from its beginning."""
        if isinstance(self.shown_at, datetime):
            return self.shown_at
        return timezone.make_aware(datetime.combine(self.shown_at, time.min))


def posts(discussion: Discussion, reader: Member | None = None) -> list[Post]:
    """Return every reply, of this network and of others, oldest first.

    What a moderator hid is among them only for the reader who wrote it, and for moderators.
    """
    here = [_here(row, discussion) for row in _rows(discussion, reader)]
    if discussion.publication_id is None and not discussion.received_count:
        return here
    return sorted([*here, *map(_away, _away_replies(discussion))], key=lambda post: (post.created_at, str(post.id)))


def _rows(discussion: Discussion, reader: Member | None) -> list[dict[str, Any]]:
    if reader is None or is_moderator(reader):
        return _REPLIES[is_moderator(reader)].rows(discussion_id=discussion.id)
    return _REPLIES_SHOWN.rows(discussion_id=discussion.id, member_id=reader.id)


def get_reply(reply_id: UUID, discussion_id: UUID, reader: Member | None = None) -> Reply | None:
    """Return one reply of a discussion that the reader may see, or None."""
    found = Reply.objects.select_related("author", "discussion__category", "discussion__author")
    return found.filter(replies_seen_by(reader), id=reply_id, discussion_id=discussion_id).first()


def place_of_reply(discussion: Discussion, reply_id: UUID) -> str:
    """Return the end of the address of a reply's place: a long discussion has several pages, and says on which."""
    asked = f"?reply={reply_id}" if discussion.total_replies >= POSTS_A_PAGE else ""
    return f"{asked}#reply-{reply_id}"


def author_name_of(reply: Reply) -> str:
    """Return how members see who wrote a reply, its author and discussion loaded with it."""
    discussion = reply.discussion
    masked = discussion.is_anonymous and reply.author_id == discussion.author_id
    return THE_ASKER if masked else reply.author.shown_name


def _away_replies(discussion: Discussion) -> list[AwayReply]:
    return away_replies(SHARE_KIND, discussion.id, discussion.publication_id, received=discussion.received_count > 0)


_OF_A_REPLY = (  # without the models' other thirty columns, a page of replies takes half as long
    *("id", "body", "author_id", "is_answer", "created_at", "edited_at", "marked_by_id"),
    *("author__name", "author__state", "author__headline_job", "author__headline_school"),
    *("marked_by__name", "marked_by__state", "hidden_at", "helpful_count", "hidden_reason", "via"),
)


def _replies(discussion_id: UUID, *, seen: Q) -> QuerySet[Any, dict[str, Any]]:
    return Reply.objects.filter(seen, discussion_id=discussion_id).order_by("created_at").values(*_OF_A_REPLY)


_REPLIES = {
    True: Statement(partial(_replies, seen=Q()), discussion_id=UUID(int=1)),
    False: Statement(partial(_replies, seen=Q(hidden_at=None)), discussion_id=UUID(int=1)),
}
"""All of a discussion's, for moderators, and those that nobody hid."""

_REPLIES_SHOWN = Statement(
    lambda discussion_id, member_id: _replies(discussion_id, seen=replies_shown_to(member_id)),
    discussion_id=UUID(int=1),
    member_id=UUID(int=2),
)


def _here(row: dict[str, Any], discussion: Discussion) -> Post:
    masked = discussion.is_anonymous and row["author_id"] == discussion.author_id
    role = "" if masked else ", ".join(filter(None, (row["author__headline_job"], row["author__headline_school"])))
    return Post(
        id=row["id"],
        body=row["body"],
        author_name=THE_ASKER if masked else member_name(row["author__name"], row["author__state"]),
        author_role=role,
        author_id=None if masked else row["author_id"],
        asker_id=row["author_id"] if masked else None,
        is_answer=row["is_answer"],
        created_at=row["created_at"],
        shown_at=row["created_at"],
        edited_at=row["edited_at"],
        marked_by=_marker(row, discussion),
        marked_by_id=row["marked_by_id"],
        origin_network="",
        origin_colour="",
        came_home=False,
        is_removed=False,
        is_hidden=row["hidden_at"] is not None,
        hidden_reason=row["hidden_reason"],
        helpful_count=row["helpful_count"],
        via=row["via"],
    )


def _marker(row: dict[str, Any], discussion: Discussion) -> str:
    """Return who marked it as an answer, in words; who asked without their name stays without it."""
    if row["marked_by_id"] is None:
        return ""
    if discussion.is_anonymous and row["marked_by_id"] == discussion.author_id:
        return THE_ASKER.lower()
    return member_name(row["marked_by__name"], row["marked_by__state"])


def _away(reply: AwayReply) -> Post:
    return Post(
        id=reply.id,
        body=reply.body,
        author_name=shown_name(reply.shown_name, reply.shown_network),
        author_role=reply.shown_role,
        author_id=None,
        asker_id=None,
        is_answer=reply.is_answer,
        created_at=reply.created_at,
        shown_at=reply.shown_at,
        edited_at=None,
        marked_by="",
        marked_by_id=None,
        origin_network=reply.shown_network,
        origin_colour=reply.shown_colour,
        came_home=reply.came_home,
        is_removed=reply.is_removed,
        is_hidden=False,
        hidden_reason="",
        helpful_count=0,
        via="",
    )
