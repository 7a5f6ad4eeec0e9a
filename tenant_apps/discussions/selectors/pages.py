"""One discussion, what it said before, and others like it."""

from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, F, OuterRef, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import JSONObject
from django.http import HttpRequest

from tenant_apps.discussions.enums import THE_ASKER
from tenant_apps.discussions.models import Discussion, Reply, Revision
from tenant_apps.discussions.permissions import can_see_original
from tenant_apps.discussions.selectors.lists import annotated
from tenant_apps.discussions.selectors.sight import LISTED, seen_by
from tenant_apps.members.models import Member
from tenant_apps.members.permissions import is_moderator
from tenant_apps.notifications.inbound.keeping import Original, original_of
from tenants.context import this_network
from tenants.statements import Statement

# The narrowest thing the member chose a level for; a digest of the whole network is of new discussions only.
_LEVEL = """(
    SELECT CASE WHEN kind = 'network' AND level = 'digest' THEN 'mentions' ELSE level END
    FROM notifications_follow
    WHERE member_id = %s AND (kind, object_id) IN (
        ('discussion', discussions_discussion.id),
        ('category', discussions_discussion.category_id),
        ('network', %s)
    )
    ORDER BY array_position(ARRAY['discussion', 'category', 'network'], kind::text)
    LIMIT 1
)"""


def get_discussion(discussion_id: UUID, member: Member | None = None) -> Discussion | None:
    """Return one discussion with author, category and poll, or None.

    For a member it is one that they may see, with `follow_level`, how much they hear of it, what is new
    to them, and `similar_rows`, a few others of its category.
    """
    if member is None:
        return _AS_IT_IS.first(discussion_id=discussion_id)
    values = {"member_id": member.id, "joined_at": member.joined_at, "network_id": this_network().id}
    return _AS_SEEN[is_moderator(member)].first(discussion_id=discussion_id, **values)


def _whole(found: QuerySet[Any], discussion_id: UUID) -> QuerySet[Any]:
    return found.select_related("author", "category", "poll").filter(id=discussion_id).order_by()


def _as_seen(
    discussion_id: UUID, member_id: UUID, joined_at: datetime, network_id: UUID, *, sees_all: bool
) -> QuerySet[Any]:
    level = RawSQL(_LEVEL, [member_id, network_id], output_field=CharField())  # noqa: S611 - a constant
    found = annotated(member_id, joined_at).annotate(follow_level=level, similar_rows=ArraySubquery(_similar()))
    return _whole(found if sees_all else found.filter(seen_by(member_id)), discussion_id)


def _similar() -> QuerySet[Any]:
    """A few others of a discussion's category, newest activity first, each as JSON to fit into one column."""
    found = Discussion.objects.filter(LISTED, category_id=OuterRef("category_id")).exclude(id=OuterRef("id"))
    shown = JSONObject(id="id", title="title", is_answered="is_answered", replies=F("reply_count") + F("away_count"))
    return found.values(row=shown)[:3]


_AS_IT_IS = Statement(lambda discussion_id: _whole(Discussion.objects.all(), discussion_id), discussion_id=UUID(int=1))
_AS_SEEN = {
    sees_all: Statement(
        partial(_as_seen, sees_all=sees_all),
        discussion_id=UUID(int=1),
        member_id=UUID(int=2),
        joined_at=datetime.max.replace(tzinfo=UTC),
        network_id=UUID(int=3),
    )
    for sees_all in (False, True)
}


def waiting() -> QuerySet[Discussion]:
    """Return the questions without a name that wait for a moderator, the longest waiting first."""
    found = Discussion.objects.filter(awaits_approval=True).select_related("category", "author")
    return found.order_by("created_at", "id")


def count_waiting_for_request(request: HttpRequest) -> int:
    """Return how many questions wait for a moderator; for the navigation."""
    return Discussion.objects.filter(awaits_approval=True).count()


def hidden() -> QuerySet[Discussion]:
    """Return what moderators hid, the last first."""
    found = Discussion.objects.filter(hidden_at__isnull=False, merged_into=None)
    return found.select_related("category", "author").order_by("-hidden_at", "-id")


def revisions(discussion: Discussion, reply: Reply | None = None) -> QuerySet[Revision]:
    """Return what a discussion, or one of its replies, said before, newest first."""
    found = Revision.objects.filter(discussion=discussion, reply=reply).select_related("editor")
    return found.order_by("-replaced_at", "-id")


def editor_of(revision: Revision, discussion: Discussion) -> str:
    """Return who changed a post, in words; who asked without their name stays without it."""
    if revision.editor is None:
        return "an operator of the platform"
    is_masked = discussion.is_anonymous and revision.editor_id == discussion.author_id
    return THE_ASKER.lower() if is_masked else revision.editor.shown_name


def original_email(post: Discussion | Reply, member: Member) -> Original | None:
    """Return the email that a post was, for who may read it, or None."""
    kind = "discussion" if isinstance(post, Discussion) else "reply"
    return original_of(kind, post.id) if can_see_original(member, post) else None
