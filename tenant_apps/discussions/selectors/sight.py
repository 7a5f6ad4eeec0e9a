"""Who sees what: hidden, waiting and merged discussions, and hidden replies."""

from django.db.models import Q

from tenant_apps.members.models import Member
from tenant_apps.members.permissions import is_moderator

LISTED = Q(hidden_at=None, awaits_approval=False, merged_into=None)
"""What everybody sees in lists and counts; their authors have the rest under Started by you."""


def discussions_seen_by(reader: Member | None) -> Q:
    """Return what a reader may open: what is hidden or waits is for its author and for moderators."""
    if is_moderator(reader):
        return Q()
    seen = Q(hidden_at=None, awaits_approval=False)
    return seen if reader is None else seen | Q(author_id=reader.id)


def replies_seen_by(reader: Member | None) -> Q:
    """Return the replies a reader may see: a hidden one is for its author and for moderators."""
    if is_moderator(reader):
        return Q()
    seen = Q(hidden_at=None)
    return seen if reader is None else seen | Q(author_id=reader.id)
