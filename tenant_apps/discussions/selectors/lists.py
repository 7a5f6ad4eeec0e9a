"""The list of discussions, each view of it one query, and what is counted of it."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from tenant_apps.discussions.enums import FOLLOW_KIND, DiscussionKind, ListView
from tenant_apps.discussions.models import Discussion
from tenant_apps.discussions.selectors.categories import category_like
from tenant_apps.discussions.selectors.sight import LISTED
from tenant_apps.members.models import Member
from tenant_apps.notifications.models import Follow
from tenant_apps.notifications.selectors import FOLLOWING
from tenants.statements import Statement

ROWS_A_PAGE = 20
LATEST = 1_000
"""Discussions in which something new is looked for: what is new moves up, so what lies deeper was left long ago."""

_WAITING = Q(kind=DiscussionKind.QUESTION, is_answered=False, archive=None)
"""Questions that somebody waits for an answer to; those of a mailing list that was brought in were asked long ago."""


def discussions(
    member: Member, *, show: str = ListView.ALL, category: str = "", tag: str = "", search: str = ""
) -> QuerySet[Discussion]:
    """Return discussions with `new_count` and `is_unread` for this member, newest activity first.

    The unanswered are in order of age, the oldest first, because they have waited longest. Among one's own are also
    those that a moderator hid, or that wait for one.
    """
    listed = Q(merged_into=None) if show == ListView.MINE else LISTED
    found = for_member(member).filter(listed).select_related("author", "category")
    if category:
        known = category_like(category)
        found = found.filter(category=known) if known else found.filter(category__name__iexact=category)
    if tag:
        found = found.filter(tag_names__contains=[tag])
    for word in search.split()[:10]:
        found = found.filter(Q(title__icontains=word) | Q(body__icontains=word))
    return _shown(found, member, show)


def as_rows(found: QuerySet[Any]) -> QuerySet[Any]:
    """Read no more of each than a row of a list shows: no texts, and half as many columns to write and to load."""
    return found.only(*_OF_A_ROW)


_OF_A_ROW = (
    *("title", "kind", "is_answered", "is_anonymous", "tag_names", "publication_id", "reply_count", "away_count"),
    *("created_at", "last_activity_at", "locked_at", "pinned_at", "hidden_at", "awaits_approval"),
    *("author__name", "author__state", "author__headline_school", "category__name"),
)


def front_page(member: Member) -> list[Discussion]:
    """Return the first ROWS_A_PAGE of all discussions as rows, which is what everybody opens, written once."""
    return _FRONT.rows(member_id=member.id, joined_at=member.joined_at)


def pinned_first(found: QuerySet[Any]) -> QuerySet[Any]:
    """Put what a moderator pinned at the top of a list in order of activity."""
    return found.order_by(F("pinned_at").desc(nulls_last=True), "-last_activity_at", "-id")


def _shown(found: QuerySet[Any], member: Member, show: str) -> QuerySet[Any]:
    if show == ListView.UNREAD:
        return _only_unread(found, member)
    if show == ListView.UNANSWERED:
        return found.filter(_WAITING).order_by("created_at", "id")
    if show == ListView.FOLLOWING:
        return found.filter(is_followed(member))
    return found.filter(author=member) if show == ListView.MINE else found


def count_unread(member: Member) -> int:
    """Return how many discussions have something new for a member, of the LATEST."""
    return _only_unread(for_member(member).filter(LISTED), member).count()


def count_unanswered() -> int:
    """Return how many questions wait for an answer, counting no further than LATEST."""
    return Discussion.objects.filter(LISTED, _WAITING).order_by("created_at", "id").values("id")[:LATEST].count()


def is_followed(member: Member) -> Exists:
    """Return whether a member follows the discussion of a row."""
    follows = Follow.objects.filter(member=member, kind=FOLLOW_KIND, object_id=OuterRef("id"), level__in=FOLLOWING)
    return Exists(follows)


# Written out, because Django takes longer to write it than PostgreSQL to answer; the table is the queryset's own.
_SEEN = (
    "(SELECT seen_count FROM discussions_readmark WHERE discussion_id = discussions_discussion.id AND member_id = %s)"
)


def for_member(member: Member) -> QuerySet[Discussion]:
    """Annotate what `new_count` and `is_unread` are worked out from, so that counting a list asks for no marks."""
    return annotated(member.id, member.joined_at)


def annotated(member_id: UUID, joined_at: datetime) -> QuerySet[Discussion]:
    """Annotate it for the member with this id, who joined then."""
    seen = RawSQL(_SEEN, [member_id], output_field=IntegerField())  # noqa: S611 - a constant with a parameter
    return Discussion.objects.annotate(seen_count=seen, reader_joined_at=Value(joined_at))


def _front(member_id: UUID, joined_at: datetime) -> QuerySet[Any]:
    found = annotated(member_id, joined_at).filter(LISTED).select_related("author", "category")
    return as_rows(pinned_first(found))[:ROWS_A_PAGE]


_FRONT = Statement(_front, member_id=UUID(int=1), joined_at=datetime(1970, 1, 1, tzinfo=UTC))


def _only_unread(found: QuerySet[Any], member: Member) -> QuerySet[Any]:
    """Say in SQL what `Discussion.is_unread` says, of the LATEST alone, and asking for each mark once."""
    latest = Discussion.objects.filter(LISTED).order_by("-last_activity_at", "-id").values("id")[:LATEST]
    total = F("reply_count") + F("away_count")
    whole = IntegerField()
    never_seen = Case(When(last_activity_at__gt=member.joined_at, then=Value(-1)), default=total, output_field=whole)
    seen = Coalesce("seen_count", never_seen, output_field=whole)
    return found.alias(seen=seen).filter(id__in=latest, seen__lt=total)
