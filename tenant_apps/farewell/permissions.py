"""Who may decide that the network closes, and take it back: an owner."""

from tenant_apps.members.models import Member
from tenant_apps.members.permissions import is_owner


def can_close(member: Member | None) -> bool:
    """Whether this member may announce that the network closes, and take it back."""
    return is_owner(member)
