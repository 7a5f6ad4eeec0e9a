"""Reads about follows."""

from collections.abc import Iterable
from uuid import UUID

from tenant_apps.members.enums import MemberState
from tenant_apps.members.models import Member
from tenant_apps.notifications.models import Follow


def is_following(member: Member, *, kind: str, object_id: UUID) -> bool:
    """Whether this member follows this thing."""
    return Follow.objects.filter(member_id=member.id, kind=kind, object_id=object_id).exists()


def followers(*, kind: str, object_id: UUID) -> list[Member]:
    """Return the active members who follow this thing, longest first."""
    follows = Follow.objects.filter(kind=kind, object_id=object_id, member__state=MemberState.ACTIVE)
    return [follow.member for follow in follows.select_related("member").order_by("created_at", "id")]


def followed_ids(member: Member, *, kind: str, object_ids: Iterable[UUID]) -> set[UUID]:
    """Return which of these things the member follows, in one query."""
    follows = Follow.objects.filter(member_id=member.id, kind=kind, object_id__in=set(object_ids))
    return set(follows.values_list("object_id", flat=True))
