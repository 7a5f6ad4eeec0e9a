"""Claiming a domain, looking at its records, and what follows: the only writes of own domains.

A domain that is proved becomes a host of its network in one transaction: the platform's rows, and the event in the
network's own audit (`joining_transaction`).
"""

import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from shared_apps.accounts import services as accounts
from shared_apps.audit.services import Actor, record
from shared_apps.domains import resolving, selectors, tasks
from shared_apps.domains.enums import Change, DomainState, Finding
from shared_apps.domains.models import OwnDomain
from shared_apps.domains.signals import domain_changed
from tenants import services as tenants
from tenants.context import in_network
from tenants.enums import NetworkState
from tenants.models import Network
from tenants.names import NetworkNameError, check_host
from tenants.selectors import first_host_of, host_of, network_of_host

_PATIENCE = timedelta(seconds=30)


class DomainError(Exception):
    """It cannot be claimed, looked at or removed as things stand; the message says why in one line."""


@transaction.atomic
def claim(network: Network, *, host: str, now: datetime, by: Actor) -> OwnDomain:
    """Note which domain a network's owners want, in the place of another that is not in use. Raises DomainError."""
    try:
        wanted = check_host(host, platform=host_of(None))
    except NetworkNameError as error:
        raise DomainError(str(error)) from None
    if network.state != NetworkState.LIVE:
        raise DomainError("Only a network that is live can have a domain of its own.")
    Network.objects.select_for_update(of=("self",)).get(pk=network.pk)  # so that two at once are one
    earlier = selectors.domain_of(network)
    if earlier is not None and earlier.is_answering:
        raise DomainError(f"{earlier.host} is in use. Remove it first.")
    if network_of_host(wanted) is not None:
        raise DomainError("This domain is in use here already, so it cannot be yours too.")
    if earlier is not None and earlier.host == wanted:
        return earlier  # with the record that may be set already
    if earlier is not None:
        earlier.delete()
    domain = OwnDomain.objects.create(network=network, host=wanted, token=_new_token(), claimed_at=now)
    _note(domain, "claimed", by=by)
    return domain


@transaction.atomic
def ask_check(domain: OwnDomain, *, now: datetime) -> None:
    """Have a job look at the records; asked again at once it is the same look."""
    if domain.asked_at is None or domain.asked_at < now - _PATIENCE:
        _write(domain, asked_at=now)
        tasks.check.enqueue(domain_id=domain.id)


def check(domain_id: UUID, *, now: datetime, server: str) -> None:
    """Look at a domain's records, and do what follows from them; `server` is who is asked, as in settings."""
    domain = selectors.get_domain(domain_id)
    if domain is None:
        return
    leads_to = first_host_of(domain.network)
    resolver = resolving.resolver_at(server)
    finding = resolving.examine(domain.host, token=domain.token, leads_to=leads_to, resolver=resolver)
    settle(domain, finding, now=now)


@transaction.atomic
def settle(domain: OwnDomain, finding: Finding, *, now: datetime) -> None:
    """Write down what was found: a proved domain is used, one that fails is set aside at once and lost after GRACE.

    Its records may be wrong because it is somebody else's by now, so nobody signs in there meanwhile. What is lost has
    to be proved anew: everybody can read the old record, and whoever the domain passes to can set it again.

    Name servers that do not answer say nothing about a domain that is in use, because the fault may be ours; for GRACE,
    because whoever took it could have them stay silent.
    """
    if not _hold(domain):
        return
    was, is_silent = domain.state, finding == Finding.NO_ANSWER
    answered_at = (domain.answered_at or now) if is_silent else now
    _write(domain, finding=finding, checked_at=now, asked_at=None, answered_at=answered_at)
    if finding == Finding.GOOD:
        _use(domain, now=now) if was == DomainState.WAITING else _recover(domain)
    elif was == DomainState.LIVE and (not is_silent or answered_at <= now - selectors.GRACE):
        _set_aside(domain)
        _write(domain, state=DomainState.FAILING, failing_since=now)
        _tell(domain, Change.FAILING)
    elif was == DomainState.FAILING and domain.failing_since and domain.failing_since <= now - selectors.GRACE:
        tenants.take_own_host(domain.network)
        _write(domain, state=DomainState.WAITING, failing_since=None, token=_new_token())
        _tell(domain, Change.LOST)
    elif was == DomainState.FAILING:
        _set_aside(domain)  # one that began to fail before this was done


@transaction.atomic
def remove(domain: OwnDomain, *, by: Actor) -> None:
    """Take a domain back: the network answers on its first host alone. Raises DomainError when it is gone already."""
    if not _hold(domain):
        raise DomainError("It has been removed meanwhile.")
    accounts.end_sessions_on(domain.host, network=domain.network)
    tenants.take_own_host(domain.network)
    _tell(domain, Change.REMOVED, by=by)
    OwnDomain.objects.filter(pk=domain.pk).delete()


def _use(domain: OwnDomain, *, now: datetime) -> None:
    try:
        tenants.give_own_host(domain.network, domain.host)
    except tenants.NetworkTakenError:
        _write(domain, finding=Finding.TAKEN)
        return
    _write(domain, state=DomainState.LIVE, live_at=now)
    _tell(domain, Change.LIVE)


def _recover(domain: OwnDomain) -> None:
    if domain.state == DomainState.FAILING:
        tenants.give_own_host(domain.network, domain.host)
        _write(domain, state=DomainState.LIVE, failing_since=None)
        _tell(domain, Change.RECOVERED)


def _set_aside(domain: OwnDomain) -> None:
    accounts.end_sessions_on(domain.host, network=domain.network)
    tenants.set_own_host_aside(domain.network)


def _new_token() -> str:
    return secrets.token_urlsafe(24)


def _hold(domain: OwnDomain) -> bool:
    """Lock the row, so that two looks at once are one after the other; whether it is still there.

    The network first, as in `claim`, or a claim and a look would wait for each other.
    """
    Network.objects.select_for_update(of=("self",)).filter(pk=domain.network_id).first()
    found = OwnDomain.objects.select_for_update(of=("self",)).filter(pk=domain.pk)
    if not found.exists():
        return False
    domain.refresh_from_db(from_queryset=found.select_related("network"))
    return True


def _write(domain: OwnDomain, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(domain, name, value)
    domain.save(update_fields=list(changes))


def _tell(domain: OwnDomain, change: Change, *, by: Actor | None = None) -> None:
    _note(domain, change.value, by=by or Actor.system("job"), change=change)


def _note(domain: OwnDomain, what: str, *, by: Actor, change: Change | None = None) -> None:
    with in_network(domain.network, joining_transaction=True):
        record(f"domains.domain.{what}", by=by, target=domain)
        if change is not None:
            domain_changed.send(OwnDomain, domain=domain, change=change, by=by)
