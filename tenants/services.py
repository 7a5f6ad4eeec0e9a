"""Asking for a network, and suspending, reactivating and closing one."""

from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tenants import lifecycle
from tenants.beginnings import check_template
from tenants.enums import Kind, NetworkState
from tenants.lifecycle import WrongStateError
from tenants.models import Domain, Network
from tenants.names import check_name, check_region, check_subdomain, schema_name_for
from tenants.signals import network_changed, writable_again

ACTIVITY_INTERVAL = timedelta(minutes=10)

_noted: dict[UUID, datetime] = {}


class NetworkTakenError(Exception):
    """The subdomain belongs to a network of another name or another owner."""


@transaction.atomic
def request_network(
    *,
    name: str,
    subdomain: str,
    owner_email: str,
    region: str = "",
    colour: str = "",
    template: str = "",
    examples: bool = False,
) -> Network:
    """Record a request and return it; the same request again returns the first one, also when both come at once.

    `template` and `examples` are what it begins with. Raises NetworkNameError for a bad name, subdomain, region or
    template, NetworkTakenError when the subdomain is another's.
    """
    wanted = Network(
        name=check_name(name),
        subdomain=check_subdomain(subdomain),
        schema_name=schema_name_for(subdomain),
        owner_email=owner_email.strip().lower(),
        region=check_region(region),
        colour=colour or colour_for(subdomain),
        template=check_template(template),
        begins_with_examples=examples,
    )
    earlier = Network.objects.filter(subdomain=subdomain)
    return _same_request(earlier.first() or _saved(wanted) or earlier.get(), wanted)


@transaction.atomic
def request_restored(
    *, name: str, subdomain: str, owner_email: str, region: str, colour: str, restored_from: UUID | None = None
) -> Network:
    """Record a network that will be filled from an archive; nobody sees it before it is whole.

    `restored_from` is the network that the archive is known to be of. Raises NetworkNameError for a bad name or
    subdomain, NetworkTakenError when the subdomain is another's.
    """
    wanted = Network(
        name=check_name(name),
        subdomain=check_subdomain(subdomain),
        schema_name=schema_name_for(subdomain),
        state=NetworkState.RESTORING,
        owner_email=owner_email,
        region=check_region(region),
        colour=colour,
        restored_from=restored_from,
    )
    if Network.objects.filter(subdomain=subdomain).exists() or _saved(wanted) is None:
        raise NetworkTakenError(f"The subdomain {subdomain} belongs to another network.")
    return wanted


def suspend_network(network: Network) -> None:
    """Stop a live network from answering; its data stays."""
    _move(network, NetworkState.LIVE, to_state=NetworkState.SUSPENDED)


def reactivate_network(network: Network) -> None:
    """Let a suspended network answer again."""
    _move(network, NetworkState.SUSPENDED, to_state=NetworkState.LIVE)


def close_network(network: Network) -> None:
    """Let a network answer no more, for good: it is about to be deleted. One that is closed already stays so."""
    _move(network, NetworkState.LIVE, NetworkState.SUSPENDED, NetworkState.CLOSED, to_state=NetworkState.CLOSED)


@transaction.atomic
def announce_closing(network: Network, *, closes_at: datetime, deletes_at: datetime) -> None:
    """Write down from when a network can only be read, and from when it is deleted."""
    _set_end(network, closes_at, deletes_at)


@transaction.atomic
def call_off_closing(network: Network) -> None:
    """Let a network go on as before."""
    _set_end(network, None, None)


def forget_deleted(*, before: datetime) -> int:
    """Forget networks that were deleted so long ago, and return how many; their names can be had again."""
    gone = Network.objects.filter(state=NetworkState.DELETED, state_changed_at__lt=before)
    return gone.delete()[1].get(Network._meta.label, 0)


def set_canary(network: Network, *, is_canary: bool) -> None:
    """Let a network be upgraded before the others, or with them."""
    network.is_canary = is_canary
    network.save(update_fields=["is_canary"])


@transaction.atomic
def set_read_only(network: Network, *, is_read_only: bool) -> None:
    """Let a network be read and not written, or written again; tells who held back what came in between."""
    changed = Network.objects.filter(id=network.id, is_read_only=not is_read_only).update(is_read_only=is_read_only)
    network.is_read_only = is_read_only
    if changed and not is_read_only:
        writable_again.send(Network, network=network)


@transaction.atomic
def give_own_host(network: Network, host: str) -> None:
    """Let a network answer on a host of its own, to which its links lead from now on; the first one goes on answering.

    Raises NetworkTakenError when the host is another network's.
    """
    domain, _ = Domain.objects.get_or_create(domain=host, defaults={"tenant": network, "is_primary": False})
    if domain.tenant_id != network.pk:
        raise NetworkTakenError(f"The host {host} belongs to another network.")
    _lead_to(network, host)


@transaction.atomic
def take_own_host(network: Network) -> None:
    """Let a network answer on its first host alone."""
    Domain.objects.filter(tenant=network, is_primary=False).delete()
    set_own_host_aside(network)


def set_own_host_aside(network: Network) -> None:
    """Have links lead to a network's first host, and who comes to its own be sent on there, until it is given again."""
    if network.own_host:
        _lead_to(network, "")


def _lead_to(network: Network, own_host: str) -> None:
    network.own_host = own_host
    network.save(update_fields=["own_host"])


def note_activity(network: Network, now: datetime) -> bool:
    """Remember that somebody used a network, at most once in ACTIVITY_INTERVAL for each process; whether it was now."""
    known = _noted.get(network.id)
    if known is not None and now - known < ACTIVITY_INTERVAL:
        return False
    _noted[network.id] = now
    stale = Network.objects.filter(id=network.id).exclude(last_active_at__gt=now - ACTIVITY_INTERVAL)
    stale.update(last_active_at=now)
    return True


@transaction.atomic
def update_appearance(network: Network, *, colour: str = "", name: str = "") -> None:
    """Change a network's colour (`#rrggbb`, lower case) or name, and tell who shows it elsewhere."""
    network.colour, network.name = colour or network.colour, check_name(name or network.name)
    network.save(update_fields=["colour", "name"])
    network_changed.send(Network, network=network)


def _same_request(found: Network, wanted: Network) -> Network:
    if (found.type, found.name, found.owner_email) != (Kind.NETWORK, wanted.name, wanted.owner_email):
        raise NetworkTakenError(f"The subdomain {found.subdomain} belongs to another network or another owner.")
    return found


def _saved(wanted: Network) -> Network | None:
    """Save a request, or return None when the subdomain was taken a moment ago."""
    try:
        with transaction.atomic():
            wanted.save(force_insert=True)
    except (IntegrityError, ValidationError):
        return None
    return wanted


def colour_for(subdomain: str) -> str:
    """Return a starting colour, the same each time for a subdomain."""
    palette = ("#00696b", "#8f2d56", "#9a5a12", "#2f5d9b", "#5b4a9c", "#3d6b21", "#a3392b", "#46607a")
    return palette[sum(subdomain.encode()) % len(palette)]


@transaction.atomic
def _move(network: Network, *states: NetworkState, to_state: NetworkState) -> None:
    """Move between states; the row is locked, so that of two people who press at once the second is told."""
    network.refresh_from_db(fields=["state"], from_queryset=Network.objects.select_for_update())
    if network.state not in states:
        wanted = " or ".join(state.label.lower() for state in states)
        raise WrongStateError(f"{network.name} is {network.get_state_display().lower()}, not {wanted}.")
    lifecycle.set_state(network, to_state)


def _set_end(network: Network, closes_at: datetime | None, deletes_at: datetime | None) -> None:
    network.closes_at, network.deletes_at = closes_at, deletes_at
    network.save(update_fields=["closes_at", "deletes_at"])
