"""Who sees what: hidden, waiting and merged discussions, and hidden replies."""

from uuid import UUID

from django.db.models import Q

from tenant_apps.members.models import Member
from tenant_apps.members.permissions import is_moderator

LISTED = Q(hidden_at=None, awaits_approval=False, merged_into=None)
"""What everybody sees in lists and counts; their authors have the rest under Started by you."""


def discussions_seen_by(reader: Member | None) -> Q:
    """Return what a reader may open: what is hidden or waits is for its author and for moderators."""
    if is_moderator(reader):
        return Q()
    return Q(hidden_at=None, awaits_approval=False) if reader is None else seen_by(reader.id)


def seen_by(member_id: UUID) -> Q:
    """Return the discussions that a member who moderates nothing may open."""
    return Q(hidden_at=None, awaits_approval=False) | Q(author_id=member_id)


def replies_seen_by(reader: Member | None) -> Q:
    """Return the replies a reader may see: a hidden one is for its author and for moderators."""
    if is_moderator(reader):
        return Q()
    return Q(hidden_at=None) if reader is None else replies_shown_to(reader.id)


def replies_shown_to(member_id: UUID) -> Q:
    """Return the replies that a member who moderates nothing may see."""
    return Q(hidden_at=None) | Q(author_id=member_id)
