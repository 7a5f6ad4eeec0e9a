"""One discussion, what it said before, and others like it."""

from typing import Any
from uuid import UUID

from django.db.models import CharField, QuerySet
from django.db.models.expressions import RawSQL
from django.http import HttpRequest

from tenant_apps.discussions.enums import THE_ASKER
from tenant_apps.discussions.models import Discussion, Reply, Revision
from tenant_apps.discussions.selectors.lists import for_member
from tenant_apps.discussions.selectors.sight import LISTED, discussions_seen_by
from tenant_apps.members.models import Member
from tenants.context import this_network

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

    For a member it is one that they may see, with `follow_level`, how much they hear of it, and what is new to them.
    """
    found: QuerySet[Any] = Discussion.objects.all()
    if member is not None:
        level = RawSQL(_LEVEL, [member.id, this_network().id], output_field=CharField())  # noqa: S611 - a constant
        found = for_member(member).filter(discussions_seen_by(member)).annotate(follow_level=level)
    return found.select_related("author", "category", "poll").filter(id=discussion_id).first()


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


def similar(discussion: Discussion) -> list[Discussion]:
    """Return a few others of its category, newest activity first."""
    found = Discussion.objects.filter(LISTED, category_id=discussion.category_id).exclude(id=discussion.id)
    return list(found[:3])


def revisions(discussion: Discussion, reply: Reply | None = None) -> QuerySet[Revision]:
    """Return what a discussion, or one of its replies, said before, newest first."""
    found = Revision.objects.filter(discussion=discussion, reply=reply).select_related("editor")
    return found.order_by("-replaced_at", "-id")


def editor_of(revision: Revision, discussion: Discussion) -> str:
    """Return who changed a post, in words; who asked without their name stays without it."""
    is_masked = discussion.is_anonymous and revision.editor_id == discussion.author_id
    return THE_ASKER.lower() if is_masked else revision.editor.shown_name
