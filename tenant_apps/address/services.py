"""What a network's owners decide about their domain, and how they are told."""

from datetime import datetime

from django.core.exceptions import PermissionDenied

from shared_apps.audit.services import Actor
from shared_apps.domains import selectors as domains
from shared_apps.domains import services as deciding
from shared_apps.domains.enums import Change
from shared_apps.domains.models import OwnDomain
from shared_apps.mail.services import Notice, queue_notice
from tenant_apps.address.messages import words_of
from tenant_apps.address.permissions import can_choose_domain
from tenant_apps.members.models import Member
from tenant_apps.members.permissions import refusal
from tenant_apps.members.selectors import owners
from tenants.context import this_network
from tenants.enums import NetworkState
from tenants.ids import new_id
from tenants.selectors import network_url

DomainError = deciding.DomainError


def claim_domain(host: str, *, now: datetime, by: Member) -> OwnDomain:
    """Claim a domain for this network, as an owner, and have its records looked at. Raises DomainError."""
    _refuse_others(by)
    domain = deciding.claim(this_network(), host=host, now=now, by=by.actor)
    deciding.ask_check(domain, now=now)
    return domain


def look_now(*, now: datetime, by: Member) -> None:
    """Have the records looked at, as an owner. Raises DomainError."""
    _refuse_others(by)
    deciding.ask_check(_domain(), now=now)


def remove_domain(*, by: Member) -> None:
    """Take the domain back, as an owner. Raises DomainError."""
    _refuse_others(by)
    deciding.remove(_domain(), by=by.actor)


def tell_owners(domain: OwnDomain, change: Change, *, by: Actor) -> None:
    """Email each owner of this network, but for who did it; a network that is off line sends nothing."""
    if domain.network.state != NetworkState.LIVE:
        return
    once = new_id()
    for owner in owners():
        if owner.account_id != by.account_id:
            _write(domain, change, owner, key=f"address:{domain.id}:{once}:{owner.id}")


def _write(domain: OwnDomain, change: Change, owner: Member, *, key: str) -> None:
    subject, paragraphs = words_of(domain, change)
    queue_notice(
        owner.email,
        Notice(
            subject=subject,
            paragraphs=paragraphs,
            action=("See the address", network_url(domain.network, "/manage/address/")),
            reason=f"You get this email because you own {domain.network.name}.",
        ),
        kind=f"address.{change.value}",
        dedupe_key=key,
        to_account_id=owner.account_id,
    )


def _domain() -> OwnDomain:
    domain = domains.domain_of(this_network())
    if domain is None:
        raise DomainError("There is no domain any more.")
    return domain


def _refuse_others(member: Member) -> None:
    if not can_choose_domain(member):
        raise PermissionDenied(refusal(owners=True))
