"""Who may report, decide, suspend and appeal."""

from tenant_apps.members.enums import Role
from tenant_apps.members.models import Member
from tenant_apps.members.permissions import can_write, is_active, is_moderator
from tenant_apps.moderation.adapters import Reportable
from tenant_apps.moderation.enums import ActKind
from tenant_apps.moderation.models import Act, Appeal, Case

CAN_BE_APPEALED = (ActKind.HIDDEN, ActKind.EDIT_ASKED, ActKind.WARNED, ActKind.SUSPENDED)


def can_report(member: Member | None, thing: Reportable) -> bool:
    """Return whether a member may report something: what they see, and did not write; also while suspended."""
    return is_active(member) and thing.author_id != member.id and (not thing.is_hidden or is_moderator(member))


def can_moderate(member: Member | None) -> bool:
    """Return whether a member may see the queue and the log."""
    return is_moderator(member)


def can_decide(member: Member | None, case: Case, *, has_others: bool) -> bool:
    """Return whether a member may decide a case: not about what they wrote, while there is another moderator."""
    return is_moderator(member) and ((member is not None and member.id != case.author_id) or not has_others)


def can_take_back(member: Member | None, act: Act, *, has_others: bool) -> bool:
    """Return whether a member may undo an act: not what another did about them, while there is another moderator."""
    is_own = member is not None and act.about_id == member.id and act.by_id != member.id
    return is_moderator(member) and (not is_own or not has_others)


def can_suspend(member: Member | None, author: Member | None) -> bool:
    """Return whether a member may suspend an author; who has a role here loses that first."""
    return is_moderator(member) and is_active(author) and author is not None and author.role == Role.MEMBER


def can_appeal(member: Member, act: Act) -> bool:
    """Return whether a member may answer an act: it is about them, and still stands."""
    return is_active(member) and act.about_id == member.id and act.kind in CAN_BE_APPEALED


def can_decide_appeal(member: Member | None, appeal: Appeal, *, has_others: bool) -> bool:
    """Return whether a member may decide an appeal: not who acted or is concerned, while there is another moderator."""
    if not is_moderator(member) or member is None:
        return False
    return member.id not in (appeal.act.by_id, appeal.act.about_id) or not has_others


__all__ = [
    "CAN_BE_APPEALED",
    "can_appeal",
    "can_decide",
    "can_decide_appeal",
    "can_moderate",
    "can_report",
    "can_suspend",
    "can_take_back",
    "can_write",
]
