"""Who may share, withdraw and decide."""

from tenant_apps.members.models import Member
from tenant_apps.members.permissions import can_write, is_organiser
from tenant_apps.sharing.adapters import Source
from tenant_apps.sharing.models import Policy, SharedItem


def can_share(member: Member, source: Source) -> bool:
    """Return whether a member may put this into the Collective: only who wrote it, and may write."""
    return can_write(member) and member.id == source.author_id


def can_withdraw(member: Member, item: SharedItem) -> bool:
    """Return whether a member may take it back: who shared it, or an organiser."""
    return member.id == item.member_id or is_organiser(member)


def can_decide(member: Member) -> bool:
    """Return whether a member may approve, refuse, and change the policy: no suspended organiser."""
    return can_write(member) and is_organiser(member)


def may_leave(policy: Policy, category: str) -> bool:
    """Return whether the policy lets things of a category leave."""
    return category.casefold() not in {kept.casefold() for kept in policy.kept_categories}


def needs_approval(policy: Policy, member: Member) -> bool:
    """Return whether an organiser checks first; what an organiser shares is checked already."""
    return policy.approval_required and not is_organiser(member)
