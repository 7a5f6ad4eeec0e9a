"""Who sets a network up."""

from tenant_apps.members.models import Member
from tenant_apps.members.permissions import can_write, is_owner


def can_set_up(member: Member | None) -> bool:
    """Whether this member may add and remove examples, and hide the list of what is left to do: an owner."""
    return is_owner(member) and can_write(member)
