"""Inviting people, and becoming a member by an invitation.

An invitation is bound to its address: whoever holds the link must also show that they read that address. So the
operator, who sees an owner's link, cannot become the owner.
"""

import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from shared_apps.accounts import services as accounts
from shared_apps.accounts.models import User
from shared_apps.audit import services as audit
from shared_apps.audit.services import Actor
from shared_apps.mail import services as mail
from tenant_apps.members import messages, permissions, selectors
from tenant_apps.members.enums import MemberState, Role
from tenant_apps.members.models import Invitation, Member
from tenant_apps.members.services.listed import listed_writer
from tenant_apps.members.services.people import NotAllowedError, note_role
from tenant_apps.members.services.profiles import SchoolFacts, record_posting
from tenant_apps.members.signals import member_changed
from tenants.context import this_network
from tenants.models import Network
from tenants.selectors import network_url

LASTS = timedelta(days=14)


class AlreadyMemberError(Exception):
    """The address belongs to a member; the message can be shown."""


class AlreadyInvitedError(Exception):
    """The address has an invitation that still works; the message can be shown."""


class InvitationClosedError(Exception):
    """The invitation has been used, revoked or has run out, or it is for another address."""


@transaction.atomic
def invite_member(*, email: str, role: str = Role.MEMBER, by: Member) -> str:
    """Email an invitation and return its link; raises NotAllowedError, AlreadyMemberError or AlreadyInvitedError."""
    email = email.strip().lower()
    if not permissions.can_invite(by, role):
        raise NotAllowedError(permissions.refusal(owners=role == Role.OWNER))
    _refuse_known(email)
    return _invite(email=email, role=role, invited_by=by, actor=by.actor)


@transaction.atomic
def resend_invitation(invitation: Invitation, *, by: Member) -> str:
    """Revoke an invitation and email another to the same address; raises NotAllowedError or InvitationClosedError."""
    if not permissions.can_invite(by, invitation.role):
        raise NotAllowedError(permissions.refusal(owners=invitation.role == Role.OWNER))
    _revoke(_locked(invitation))
    return _invite(email=invitation.email, role=invitation.role, invited_by=by, actor=by.actor)


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, by: Member) -> None:
    """Make an invitation's link worthless; raises NotAllowedError or InvitationClosedError."""
    if not permissions.can_invite(by, invitation.role):
        raise NotAllowedError(permissions.refusal(owners=invitation.role == Role.OWNER))
    _revoke(_locked(invitation))
    audit.record("members.invitation.revoked", by=by.actor, target=invitation)


@transaction.atomic
def invite_owner(network: Network) -> dict[str, str]:
    """Invite the owner when a network is brought on line; each run makes a fresh link until one has been used."""
    if Member.objects.filter(role=Role.OWNER).exists():
        return {}
    for invitation in Invitation.objects.select_for_update().filter(accepted_at=None, revoked_at=None, role=Role.OWNER):
        _revoke(invitation)
    mail.forget_queued(kind="invitation", to=network.owner_email)  # its link works no more
    link = _invite(email=network.owner_email, role=Role.OWNER, invited_by=None, actor=Actor.system(label="onboarding"))
    return {"invitation": link}


@transaction.atomic
def accept_invitation(
    invitation: Invitation,
    *,
    proved_email: str,
    name: str,
    password: str = "",
    school: SchoolFacts | None = None,
    job_title: str = "",
    via: str,
    address: str | None = None,
) -> tuple[User, Member]:
    """Make the reader of the invited address a member; `proved_email` is the address they have shown they read.

    Raises InvitationClosedError. `password` is set only on an account that has none.
    """
    invitation = _locked(invitation)
    if proved_email != invitation.email or not selectors.is_open(invitation, timezone.now()):
        raise InvitationClosedError
    name = " ".join(name.split())
    account = accounts.get_or_create_account(invitation.email, name, verified=True)
    actor = Actor(account_id=account.id, label=name, via=via, address=address)
    if password and not account.has_usable_password():
        accounts.set_password(account, password, by=actor)
    member = _join(account, invitation, name)
    if school is not None:
        today = timezone.localdate()
        record_posting(member, school=school, job_title=job_title, active_from=today, is_primary=True, actor=actor)
    _close(invitation, member)
    audit.record("members.invitation.accepted", by=actor, target=invitation, member=member.id, role=member.role)
    return account, member


def invite_members(*, emails: Iterable[str], role: str, by: Member) -> dict[str, str]:
    """Invite many at once, and return what stood in the way of which; one refusal does not stop the others."""
    problems = {}
    for email in emails:
        try:
            invite_member(email=email, role=role, by=by)
        except (AlreadyMemberError, AlreadyInvitedError, NotAllowedError) as error:
            problems[email] = str(error)
    return problems


def _invite(*, email: str, role: str, invited_by: Member | None, actor: Actor) -> str:
    token, now = secrets.token_urlsafe(32), timezone.now()
    invitation = Invitation(
        email=email,
        role=role,
        token_hash=selectors.token_hash(token),
        invited_by=invited_by,
        created_at=now,
        expires_at=now + LASTS,
    )
    _add(invitation)
    link = network_url(this_network(), f"/join/{token}/")
    _queue(invitation, link)
    accounts.note_wanted(email, now=now)
    audit.record("members.invitation.sent", by=actor, target=invitation, role=role)
    return link


def _add(invitation: Invitation) -> None:
    try:
        with transaction.atomic():
            invitation.save(force_insert=True)
    except IntegrityError as error:  # somebody else invited the same address at this moment
        raise AlreadyInvitedError(f"{invitation.email} was invited a moment ago.") from error


def _queue(invitation: Invitation, link: str) -> None:
    network = this_network()
    if invitation.role == Role.OWNER:
        notice = messages.owner_invitation(network=network.name, link=link, expires_at=invitation.expires_at)
    else:
        notice = messages.invitation(
            network=network.name,
            who=invitation.invited_by.name if invitation.invited_by else network.name,
            role=Role(invitation.role).label.lower(),
            link=link,
            expires_at=invitation.expires_at,
        )
    mail.queue_notice(invitation.email, notice, kind="invitation", keep=LASTS)


def _refuse_known(email: str) -> None:
    if Member.objects.filter(email=email).exclude(state__in=(MemberState.LEFT, MemberState.LISTED)).exists():
        raise AlreadyMemberError(f"{email} is already a member.")
    now = timezone.now()
    earlier = Invitation.objects.select_for_update().filter(email=email, accepted_at=None, revoked_at=None).first()
    if earlier is not None and selectors.is_open(earlier, now):
        raise AlreadyInvitedError(f"{email} was invited before and has not answered yet.")
    if earlier is not None:
        _revoke(earlier)


def _join(account: User, invitation: Invitation, name: str) -> Member:
    member = Member.objects.select_for_update().filter(account_id=account.id).first()
    if member is not None and member.state != MemberState.LEFT:
        raise InvitationClosedError
    member = member or listed_writer(account) or Member(account_id=account.id)
    member.name, member.email, member.role = name, account.email, invitation.role
    member.state, member.left_at = MemberState.ACTIVE, None
    member.save()
    accounts.grant_access(account_id=account.id, network=this_network(), display_name=name)
    note_role(member)
    member_changed.send(Member, member=member)
    return member


def _close(invitation: Invitation, member: Member) -> None:
    invitation.accepted_at, invitation.accepted_by = timezone.now(), member
    invitation.code_hash = ""
    invitation.save(update_fields=["accepted_at", "accepted_by", "code_hash"])


def _revoke(invitation: Invitation) -> None:
    if invitation.accepted_at or invitation.revoked_at:
        raise InvitationClosedError
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=["revoked_at"])


def _locked(invitation: Invitation) -> Invitation:
    return Invitation.objects.select_for_update(of=("self",)).select_related("invited_by").get(id=invitation.id)
