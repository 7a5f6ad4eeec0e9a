"""What a network's owners decide about support access, how they are told, and what visitors leave in the log."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from shared_apps.audit.services import Actor
from shared_apps.grants import selectors as grants
from shared_apps.grants import services as granting
from shared_apps.grants.models import SupportGrant
from shared_apps.mail.services import Notice, queue_notice
from tenant_apps.members.models import Member
from tenant_apps.members.permissions import refusal
from tenant_apps.members.selectors import owners
from tenant_apps.support.messages import words_of
from tenant_apps.support.permissions import can_answer
from tenants.context import this_network
from tenants.models import Network
from tenants.selectors import network_url

GrantError = granting.GrantError


def allow_visit(grant: SupportGrant, *, now: datetime, by: Member) -> None:
    """Let support look in, as an owner. Raises GrantError."""
    _decide(granting.allow, grant, now=now, by=by)


def refuse_visit(grant: SupportGrant, *, now: datetime, by: Member) -> None:
    """Let support stay outside, as an owner. Raises GrantError."""
    _decide(granting.refuse, grant, now=now, by=by)


def end_visit(grant: SupportGrant, *, now: datetime, by: Member) -> None:
    """End a visit at once, as an owner, or as the visitor whose it is. Raises GrantError."""
    if by.is_visiting and by.id == grant.id:
        granting.end(grant, now=now, by=by.actor)
    else:
        _decide(granting.end, grant, now=now, by=by)


def note_request(
    grant: SupportGrant, view: str, address: dict[str, Any], *, is_refused: bool, now: datetime, by: Actor
) -> None:
    """Put into the log what a visitor opened, or was not let do; of the address the ids alone, because words are not.

    The first one says that they came.
    """
    if grant.opened_at is None:
        granting.note_opened(grant, now=now, by=by)
    ids = {name: value for name, value in address.items() if isinstance(value, UUID)}
    granting.note_seen(grant, view, ids, is_refused=is_refused, by=by)


def tell_owners(grant_id: UUID, state: str) -> None:
    """Email each owner of this network, once, how a request for support access stands."""
    network = this_network()
    grant = grants.get_grant(network, grant_id)
    if grant is None or grant.state != state:
        return
    for owner in owners():
        _write(grant, network, owner)


@transaction.atomic
def _write(grant: SupportGrant, network: Network, owner: Member) -> None:
    words = words_of(grant)
    queue_notice(
        owner.email,
        Notice(
            subject=words.subject,
            paragraphs=words.paragraphs,
            action=(words.action, network_url(network, f"/manage/support/{grant.id}/")),
            reason=f"You get this email because you own {network.name}.",
        ),
        kind=f"support.{grant.state}",
        dedupe_key=f"support:{grant.id}:{grant.state}:{owner.id}",
        to_account_id=owner.account_id,
    )


def _decide(act: Callable[..., None], grant: SupportGrant, *, now: datetime, by: Member) -> None:
    if not can_answer(by):
        raise PermissionDenied(refusal(owners=True))
    act(grant, now=now, by=by.actor)
