"""One discussion, what it said before, and others like it."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from tenant_apps.discussions.models import Discussion, Reply, Revision
from tenant_apps.discussions.selectors.lists import for_member, is_followed
from tenant_apps.discussions.selectors.sight import LISTED, discussions_seen_by
from tenant_apps.members.models import Member


def get_discussion(discussion_id: UUID, member: Member | None = None) -> Discussion | None:
    """Return one discussion with author, category and poll, or None.

    For a member it is one that they may see, with `is_followed` and what is new to them.
    """
    found: QuerySet[Any] = Discussion.objects.all()
    if member is not None:
        found = for_member(member).filter(discussions_seen_by(member)).annotate(is_followed=is_followed(member))
    return found.select_related("author", "category", "poll").filter(id=discussion_id).first()


def similar(discussion: Discussion) -> list[Discussion]:
    """Return a few others of its category, newest activity first."""
    found = Discussion.objects.filter(LISTED, category_id=discussion.category_id).exclude(id=discussion.id)
    return list(found[:3])


def revisions(discussion: Discussion, reply: Reply | None = None) -> list[Revision]:
    """Return what a discussion, or one of its replies, said before, newest first."""
    return list(Revision.objects.filter(discussion=discussion, reply=reply).select_related("editor")[:100])
