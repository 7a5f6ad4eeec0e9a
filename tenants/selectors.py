"""Reads about networks and their hosts."""

from typing import Protocol
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings

from tenants.enums import SHOWN_STATES, Kind, NetworkState
from tenants.models import Domain, Network
from tenants.names import HOST_NAME

CROSSING_PATH = "/switch/start/"


def networks() -> list[Network]:
    """Return every network of people, by name."""
    return list(Network.objects.filter(type=Kind.NETWORK).order_by("name"))


def get_network(subdomain: str) -> Network | None:
    """Return the network with this subdomain, or None."""
    return Network.objects.filter(type=Kind.NETWORK, subdomain=subdomain).first()


def network_of_id(network_id: UUID) -> Network | None:
    """Return the network of people with this id, or None."""
    return Network.objects.filter(type=Kind.NETWORK, id=network_id).first()


def live_networks_by_id(network_ids: list) -> dict:
    """Return live networks among the given ids, by id."""
    found = Network.objects.filter(type=Kind.NETWORK, state=NetworkState.LIVE, id__in=network_ids)
    return {network.id: network for network in found}


def network_of_host(host: str) -> Network | None:
    """Return the network that answers on this host name (lower case, without a port), or None."""
    domain = Domain.objects.filter(domain=host, tenant__type=Kind.NETWORK).select_related("tenant").first()
    if domain is None:
        return None
    domain.tenant.answers_on = host
    return domain.tenant


def may_have_certificate(host: str) -> bool:
    """Return whether a host name (lower case, without a port) is the platform's, or answers for a network or for all.

    That is also one that says that a network is suspended or has closed: browsers that were there insist on HTTPS.
    One look-up by a unique index, and none for what cannot be a host name, because whoever opens a connection can
    have any name asked about.
    """
    if host in (settings.PUBLIC_DOMAIN, collective_host()):
        return True
    if not HOST_NAME.fullmatch(host):
        return False
    shown = Domain.objects.filter(domain=host, tenant__type=Kind.NETWORK, tenant__state__in=SHOWN_STATES)
    return shown.exists()


class Hosted(Protocol):
    """What a host is asked of: a network, or what an account knows of one."""

    @property
    def subdomain(self) -> str: ...
    @property
    def own_host(self) -> str: ...


def host_of(network: Hosted | None, kind: Kind = Kind.PUBLIC) -> str:
    """Return the host name, without a port, that links lead to: of a network, or of the platform or the Collective."""
    if network is not None:
        return network.own_host or first_host_of(network)
    return collective_host() if kind == Kind.COLLECTIVE else settings.PUBLIC_DOMAIN


def first_host_of(network: Hosted) -> str:
    """Return a network's host on the platform's domain: it always answers, and email comes from and goes to it."""
    return f"{network.subdomain}.{settings.PUBLIC_DOMAIN}"


def host_here(network: Network) -> str:
    """Return the host on which somebody is now, of those that a network has."""
    return network.answers_on or host_of(network)


def is_set_aside(network: Network) -> bool:
    """Return whether the host by which a request found a network is one of its own that nothing leads to now."""
    return host_here(network) not in (host_of(network), first_host_of(network))


def is_platform_host(host: str) -> bool:
    """Return whether a host name (lower case, without a port) is on the platform's domain."""
    return host == settings.PUBLIC_DOMAIN or host.endswith(f".{settings.PUBLIC_DOMAIN}")


def collective_host() -> str:
    """Return the host name of the Collective's portal."""
    return f"collective.{settings.PUBLIC_DOMAIN}"


def url_of(host: str, path: str = "/") -> str:
    """Return an absolute address on a host, with the port of this installation where it is not the usual one."""
    return f"{settings.PUBLIC_SCHEME}://{host}{settings.PUBLIC_PORT_SUFFIX}{path}"


def crossing_url(to_host: str, *, from_host: str, path: str = "/") -> str:
    """Return the address that takes a person signed in on one of our hosts to a page of another, signed in there too.

    Every link from one host to another is made so; `accounts` answers at CROSSING_PATH.
    """
    query = {"from": from_host} | ({"next": path} if path != "/" else {})
    return url_of(to_host, f"{CROSSING_PATH}?{urlencode(query)}")


def to_collective(network: Network, path: str = "/") -> str:
    """Return the address that takes somebody from a network's host to a page of the Collective, signed in."""
    return crossing_url(collective_host(), from_host=host_here(network), path=path)


def network_url(network: Network, path: str = "/") -> str:
    """Return an absolute address on a network's own host."""
    return url_of(host_of(network), path)


def collective_url(path: str = "/") -> str:
    """Return an absolute address on the Collective's portal."""
    return url_of(collective_host(), path)
