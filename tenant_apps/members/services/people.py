"""Changing a member's role, removing a member and letting one back in."""

from datetime import UTC, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shared_apps.accounts import services as accounts
from shared_apps.audit import services as audit
from tenant_apps.members import permissions
from tenant_apps.members.enums import MemberState, Role
from tenant_apps.members.models import Member
from tenant_apps.members.signals import member_changed
from tenants.context import this_network


class NotAllowedError(Exception):
    """This person may not do this; the message can be shown."""


class LastOwnerError(Exception):
    """The network would be left without an owner; the message can be shown."""


@transaction.atomic
def change_role(member: Member, *, role: str, by: Member) -> Member:
    """Give a member another role; raises NotAllowedError, or LastOwnerError for the last owner."""
    by, member = _locked(by, member)
    if not permissions.can_change_role(by, member, role):
        raise NotAllowedError(permissions.refusal(owners=Role.OWNER in (role, member.role)))
    if role != Role.OWNER:
        _keep_an_owner(member)
    before, member.role = member.role, role
    member.save(update_fields=["role"])
    note_role(member)
    audit.record("members.member.role_changed", by=by.actor, target=member, before=before, after=role)
    return member


def note_role(member: Member) -> None:
    """Let every host know whether this member's role asks for a second step; in the caller's transaction."""
    is_owner = member.role == Role.OWNER
    accounts.require_second_step(account_id=member.account_id, network=this_network(), is_needed=is_owner)


@transaction.atomic
def remove_member(member: Member, *, by: Member) -> Member:
    """End a member's access; what they wrote stays. Raises NotAllowedError or LastOwnerError."""
    by, member = _locked(by, member)
    if not permissions.can_remove(by, member):
        raise NotAllowedError(permissions.refusal(owners=member.role == Role.OWNER))
    _keep_an_owner(member)
    member.state, member.left_at = MemberState.LEFT, timezone.now()
    member.save(update_fields=["state", "left_at"])
    accounts.revoke_access(account_id=member.account_id, network=this_network())
    member_changed.send(Member, member=member)
    audit.record("members.member.removed", by=by.actor, target=member)
    return member


@transaction.atomic
def reset_second_step(member: Member, *, by: Member) -> None:
    """Remove the passkeys, app and recovery codes of a member who lost them; they are told by email.

    Raises NotAllowedError, also for somebody who belongs to other networks too.
    """
    if not permissions.can_reset_second_step(by, member):
        raise NotAllowedError(permissions.refusal(owners=True))
    try:
        accounts.remove_second_step_of_member(account_id=member.account_id, network=this_network(), by=by.actor)
    except accounts.NoAccessError as error:
        raise NotAllowedError(str(error)) from error
    audit.record("members.member.second_step_reset", by=by.actor, target=member)


@transaction.atomic
def reinstate_member(member: Member, *, by: Member) -> Member:
    """Let a removed member back in with the role they had; raises NotAllowedError, also when their account is gone."""
    by, member = _locked(by, member)
    if not permissions.can_reinstate(by, member):
        raise NotAllowedError(permissions.refusal(owners=member.role == Role.OWNER))
    try:
        accounts.grant_access(account_id=member.account_id, network=this_network(), display_name=member.name)
    except accounts.NoAccessError:
        raise NotAllowedError("They have no account any more. Invite them instead.") from None
    member.state, member.left_at = MemberState.ACTIVE, None
    member.save(update_fields=["state", "left_at"])
    member_changed.send(Member, member=member)
    audit.record("members.member.reinstated", by=by.actor, target=member)
    return member


UNTIL_LIFTED = datetime(9999, 1, 1, tzinfo=UTC)


@transaction.atomic
def suspend_member(member: Member, *, until: datetime | None, by: Member) -> Member:
    """Let a member read and not write, until a time or until it is lifted; the caller has checked permission."""
    locked = Member.objects.select_for_update().get(id=member.id)
    locked.suspended_at, locked.suspended_until = timezone.now(), until
    locked.save(update_fields=["suspended_at", "suspended_until"])
    accounts.restrict_access(account_id=locked.account_id, network=this_network(), until=until or UNTIL_LIFTED)
    member_changed.send(Member, member=locked)
    audit.record("members.member.suspended", by=by.actor, target=locked)
    return locked


@transaction.atomic
def lift_suspension(member: Member, *, by: Member) -> Member:
    """Let a suspended member write again; the caller has checked permission."""
    locked = Member.objects.select_for_update().get(id=member.id)
    locked.suspended_at = locked.suspended_until = None
    locked.save(update_fields=["suspended_at", "suspended_until"])
    accounts.restrict_access(account_id=locked.account_id, network=this_network(), until=None)
    member_changed.send(Member, member=locked)
    audit.record("members.member.suspension_lifted", by=by.actor, target=locked)
    return locked


def _locked(by: Member, member: Member) -> tuple[Member, Member]:
    """Return both as they are now, locked together with every owner, always in the same order.

    Two owners who demote each other at once take turns, and the second finds that one owner is left.
    """
    wanted = Q(role=Role.OWNER, state=MemberState.ACTIVE) | Q(id__in=(by.id, member.id))
    rows = {row.id: row for row in Member.objects.select_for_update().filter(wanted).order_by("id")}
    return rows[by.id].acting_as(by.actor), rows[member.id]


def _keep_an_owner(leaving: Member) -> None:
    others = Member.objects.filter(role=Role.OWNER, state=MemberState.ACTIVE).exclude(id=leaving.id)
    if leaving.role == Role.OWNER and not others.exists():
        raise LastOwnerError(f"{leaving.name} is the only owner. Make somebody else an owner first.")
