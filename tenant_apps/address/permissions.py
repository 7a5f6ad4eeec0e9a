"""Who decides about a network's own domain."""

from tenant_apps.members.models import Member
from tenant_apps.members.permissions import is_owner


def can_choose_domain(member: Member | None) -> bool:
    """Whether this member may claim and remove a domain: an owner."""
    return is_owner(member)
