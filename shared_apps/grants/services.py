"""Asking for support access, answering, and ending it.

Each step and its event in the network's own audit log are one transaction: the grant is the platform's row, the event
the network's, and neither may be without the other (`joining_transaction`).
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from shared_apps.accounts.models import Session, User
from shared_apps.audit.services import Actor, record
from shared_apps.grants import selectors
from shared_apps.grants.enums import OPEN, GrantState, Minutes
from shared_apps.grants.models import SupportGrant
from shared_apps.grants.permissions import can_ask
from shared_apps.grants.signals import grant_changed
from shared_apps.mail.services import Notice, queue_notice
from tenants.context import in_network, in_public
from tenants.models import Network
from tenants.selectors import host_of, url_of


class GrantError(Exception):
    """It cannot be asked for, answered or ended as things stand; the message says why in one line."""


def ask(network: Network, account: User, *, reason: str, minutes: int, now: datetime, by: Actor) -> SupportGrant:
    """Ask a network's owners to let an operator look in. Raises GrantError."""
    reason = " ".join(reason.split())
    if not can_ask(account, network):
        raise GrantError("Only operators can ask, of a network that is live and that they are not a member of.")
    if not reason or len(reason) > 300 or minutes not in Minutes.values:
        raise GrantError("Give a reason of at most 300 characters, and one of the lengths.")
    tidy(now, only=network)
    with transaction.atomic():
        Network.objects.select_for_update(of=("self",)).get(pk=network.pk)  # so that two requests at once are one
        if selectors.open_grant(network, account.pk) is not None:
            raise GrantError("There is a request for this network already. End it before you ask again.")
        grant = SupportGrant.objects.create(
            network=network, account=account, reason=reason, minutes=minutes, asked_at=now
        )
        _note(grant, "asked", by=by, minutes=minutes)
    return grant


@transaction.atomic
def allow(grant: SupportGrant, *, now: datetime, by: Actor) -> None:
    """Let the operator look in from now on; for an owner (`tenant_apps/support` asks whether it is one)."""
    _hold(grant, GrantState.ASKED)
    if grant in selectors.overdue_grants(now):
        raise GrantError("This request is too old, or who asked is no operator any more. They can ask again.")
    ends_at = now + timedelta(minutes=grant.minutes)
    _write(grant, state=GrantState.ALLOWED, decided_by_id=by.account_id, decided_at=now, ends_at=ends_at)
    _note(grant, "allowed", by=by, minutes=grant.minutes)
    _tell_operator(grant, f"{grant.network.name} lets you look in")


@transaction.atomic
def refuse(grant: SupportGrant, *, now: datetime, by: Actor) -> None:
    """Refuse it; for an owner, as above."""
    _hold(grant, GrantState.ASKED)
    _write(grant, state=GrantState.REFUSED, decided_by_id=by.account_id, decided_at=now, ended_at=now)
    _note(grant, "refused", by=by)
    _tell_operator(grant, f"{grant.network.name} does not let you look in")


@transaction.atomic
def end(grant: SupportGrant, *, now: datetime, by: Actor, state: GrantState = GrantState.ENDED) -> None:
    """Take a request back, or end the visit at once: the operator is signed out there."""
    _hold(grant, *OPEN)
    _write(grant, state=state, ended_at=now)
    Session.objects.filter(account_id=grant.account_id, network_id=grant.network_id).delete()
    _note(grant, state.value, by=by)


def end_all(grants: Iterable[SupportGrant], *, now: datetime, by: Actor, state: GrantState = GrantState.ENDED) -> None:
    """End these; one that has ended meanwhile is left as it is."""
    for grant in grants:
        with suppress(GrantError):
            end(grant, now=now, by=by, state=state)


def tidy(now: datetime, *, only: Network | None = None) -> int:
    """Close what is open in name only, so that each end is in its network's log; return how many."""
    found = [grant for grant in selectors.overdue_grants(now) if only is None or grant.network_id == only.id]
    end_all(found, now=now, by=Actor.system("job"), state=GrantState.EXPIRED)
    return len(found)


@transaction.atomic
def note_opened(grant: SupportGrant, *, now: datetime, by: Actor) -> None:
    """Note, once, that the operator came."""
    if SupportGrant.objects.filter(id=grant.id, opened_at=None).update(opened_at=now):
        with in_network(grant.network, joining_transaction=True):
            record("support.access.opened", by=by, target=grant)


def note_seen(grant: SupportGrant, view: str, ids: dict[str, Any], *, is_refused: bool, by: Actor) -> None:
    """Note which page the operator opened, or wanted to act on and could not."""
    name = "support.act.refused" if is_refused else "support.page.opened"
    with in_network(grant.network, joining_transaction=True):
        record(name, by=by, target=grant, view=view[:100], **ids)


def _hold(grant: SupportGrant, *states: GrantState) -> None:
    """Lock the row, so that of two people who press at once the second is told."""
    grant.refresh_from_db(from_queryset=SupportGrant.objects.select_for_update(of=("self",)))
    if grant.state not in states:
        raise GrantError(f"This has been decided meanwhile: {grant.get_state_display().lower()}.")


def _write(grant: SupportGrant, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(grant, name, value)
    grant.save(update_fields=list(changes))


def _note(grant: SupportGrant, what: str, *, by: Actor, **details: Any) -> None:
    with in_network(grant.network, joining_transaction=True):
        record(f"support.access.{what}", by=by, target=grant, operator=grant.account_id, **details)
        grant_changed.send(SupportGrant, grant=grant)


def _tell_operator(grant: SupportGrant, heading: str) -> None:
    path = f"/operator/networks/{grant.network_id}/support/"
    with in_public():
        queue_notice(
            grant.account.email,
            Notice(
                subject=heading,
                paragraphs=[f"You asked: {grant.reason}"],
                action=("See the request", url_of(host_of(None), path)),
                reason="You get this email because you asked for support access.",
            ),
            kind="grants.answer",
            dedupe_key=f"grants:{grant.id}:{grant.state}",
            to_account_id=grant.account_id,
        )
