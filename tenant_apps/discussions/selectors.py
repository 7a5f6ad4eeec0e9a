"""Reads about discussions; a list and a page each take a fixed number of queries."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.core.cache import caches
from django.db.models import Exists, F, IntegerField, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.utils import timezone

from collective.publications.selectors import shown_name
from tenant_apps.discussions.enums import FOLLOW_KIND, SHARE_KIND, DiscussionKind, ListView
from tenant_apps.discussions.models import Category, Discussion, Reply, Revision
from tenant_apps.members.models import Member
from tenant_apps.members.models import shown_name as member_name
from tenant_apps.notifications.models import Follow
from tenant_apps.sharing.selectors import AwayReply, away_replies

_CATEGORIES = "discussions.categories"


@dataclass(frozen=True, slots=True)
class Post:
    """A reply as the page shows it, whether a member of this network or of another wrote it."""

    id: UUID
    body: str
    author_name: str
    author_role: str
    author_id: UUID | None
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

    @property
    def is_away(self) -> bool:
        """Whether somebody of another network wrote it."""
        return self.author_id is None

    @property
    def shown_moment(self) -> datetime:
        """When it was written, to compare with other moments; a day counts from its beginning."""
        if isinstance(self.shown_at, datetime):
            return self.shown_at
        return timezone.make_aware(datetime.combine(self.shown_at, time.min))


def categories() -> list[Category]:
    """Return the open categories in their order; remembered for a minute in each network's own cache."""
    cache = caches["network"]
    found = cache.get(_CATEGORIES)
    if found is None:
        found = [(each.id, each.name) for each in Category.objects.filter(is_archived=False)]
        cache.set(_CATEGORIES, found)
    return [Category(id=category_id, name=name) for category_id, name in found]


def forget_categories() -> None:
    """Forget the remembered categories of the current network, after one changed."""
    caches["network"].delete(_CATEGORIES)


def discussions(
    member: Member, *, show: str = ListView.ALL, category: str = "", search: str = ""
) -> QuerySet[Discussion]:
    """Return discussions with `new_count` and `is_unread` for this member, newest activity first.

    The unanswered are in order of age, the oldest first, because they have waited longest.
    """
    found = _for_member(member).select_related("author", "category")
    if category:
        found = found.filter(category__name__iexact=category)
    for word in search.split()[:10]:
        found = found.filter(Q(title__icontains=word) | Q(body__icontains=word))
    return _shown(found, member, show)


def _shown(found: QuerySet[Any], member: Member, show: str) -> QuerySet[Any]:
    if show == ListView.UNREAD:
        return _only_unread(found, member)
    if show == ListView.UNANSWERED:
        return found.filter(kind=DiscussionKind.QUESTION, is_answered=False).order_by("created_at", "id")
    if show == ListView.FOLLOWING:
        return found.filter(_is_followed(member))
    return found.filter(author=member) if show == ListView.MINE else found


def get_discussion(discussion_id: UUID, member: Member | None = None) -> Discussion | None:
    """Return one discussion with author and category, and for a member also `is_followed` and what is new to them."""
    found: QuerySet[Any] = Discussion.objects.all() if member is None else _for_member(member)
    if member is not None:
        found = found.annotate(is_followed=_is_followed(member))
    return found.select_related("author", "category").filter(id=discussion_id).first()


def similar(discussion: Discussion) -> list[Discussion]:
    """Return a few others of its category, newest activity first."""
    return list(Discussion.objects.filter(category_id=discussion.category_id).exclude(id=discussion.id)[:3])


def get_reply(reply_id: UUID, discussion_id: UUID) -> Reply | None:
    """Return one reply of a discussion, or None."""
    found = Reply.objects.select_related("author", "discussion__category", "discussion__author")
    return found.filter(id=reply_id, discussion_id=discussion_id).first()


def posts(discussion: Discussion) -> list[Post]:
    """Return every reply, of this network and of others, oldest first."""
    here = [_here(row) for row in discussion.replies.order_by("created_at").values(*_OF_A_REPLY)]
    if discussion.publication_id is None and not discussion.received_count:
        return here
    return sorted([*here, *map(_away, _away_replies(discussion))], key=lambda post: (post.created_at, str(post.id)))


def _away_replies(discussion: Discussion) -> list[AwayReply]:
    return away_replies(SHARE_KIND, discussion.id, discussion.publication_id, received=discussion.received_count > 0)


def revisions(discussion: Discussion, reply: Reply | None = None) -> list[Revision]:
    """Return what a discussion, or one of its replies, said before, newest first."""
    return list(Revision.objects.filter(discussion=discussion, reply=reply).select_related("editor")[:100])


def count_unread(member: Member) -> int:
    """Return how many discussions have something new for a member."""
    return _only_unread(_for_member(member), member).count()


def count_unanswered() -> int:
    """Return how many questions wait for an answer."""
    return Discussion.objects.filter(kind=DiscussionKind.QUESTION, is_answered=False).count()


def _is_followed(member: Member) -> Exists:
    return Exists(Follow.objects.filter(member=member, kind=FOLLOW_KIND, object_id=OuterRef("id")))


# Written out, because Django takes longer to write it than PostgreSQL to answer; the table is the queryset's own.
_SEEN = (
    "(SELECT seen_count FROM discussions_readmark WHERE discussion_id = discussions_discussion.id AND member_id = %s)"
)


def _for_member(member: Member) -> QuerySet[Discussion]:
    """Annotate what `new_count` and `is_unread` are worked out from, so that counting a list asks for no marks."""
    seen = RawSQL(_SEEN, [member.id], output_field=IntegerField())  # noqa: S611 - a constant with a parameter
    return Discussion.objects.annotate(seen_count=seen, reader_joined_at=Value(member.joined_at))


def _only_unread(found: QuerySet[Any], member: Member) -> QuerySet[Any]:
    """Say in SQL what `Discussion.is_unread` says."""
    is_new = Q(seen_count__isnull=True, last_activity_at__gt=member.joined_at)
    return found.filter(is_new | Q(seen_count__lt=F("reply_count") + F("away_count")))


_OF_A_REPLY = (  # without the models' other thirty columns, a page of replies takes half as long
    *("id", "body", "author_id", "is_answer", "created_at", "edited_at", "marked_by_id"),
    *("author__name", "author__state", "author__headline_job", "author__headline_school"),
    *("marked_by__name", "marked_by__state"),
)


def _here(row: dict[str, Any]) -> Post:
    return Post(
        id=row["id"],
        body=row["body"],
        author_name=member_name(row["author__name"], row["author__state"]),
        author_role=", ".join(filter(None, (row["author__headline_job"], row["author__headline_school"]))),
        author_id=row["author_id"],
        is_answer=row["is_answer"],
        created_at=row["created_at"],
        shown_at=row["created_at"],
        edited_at=row["edited_at"],
        marked_by=member_name(row["marked_by__name"], row["marked_by__state"]) if row["marked_by_id"] else "",
        marked_by_id=row["marked_by_id"],
        origin_network="",
        origin_colour="",
        came_home=False,
        is_removed=False,
    )


def _away(reply: AwayReply) -> Post:
    return Post(
        id=reply.id,
        body=reply.body,
        author_name=shown_name(reply.shown_name, reply.shown_network),
        author_role=reply.shown_role,
        author_id=None,
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
    )
