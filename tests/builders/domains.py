"""Domains of networks' own: claimed, and in use."""

from datetime import datetime

from django.utils import timezone

from shared_apps.audit.services import Actor
from shared_apps.domains import selectors, services
from shared_apps.domains.enums import Finding
from shared_apps.domains.models import OwnDomain
from tenants.models import Network
from tests.builders.dns import NameServer

HOST = "community.kentsbm.org.uk"
BY = Actor.system("command")


def claim(network: Network, host: str = HOST) -> OwnDomain:
    """Return a domain that a network claims."""
    return services.claim(network, host=host, now=timezone.now(), by=BY)


def use(network: Network, host: str = HOST) -> OwnDomain:
    """Return a domain of a network that is in use, as if its records had been found right."""
    domain = claim(network, host)
    services.settle(domain, Finding.GOOD, now=timezone.now())
    network.refresh_from_db()
    return domain


def look(domain: OwnDomain, servers: NameServer, now: datetime | None = None) -> OwnDomain:
    """Look at a domain's records, and return it as it is then."""
    services.check(domain.id, now=now or timezone.now(), server=servers.address)
    found = selectors.get_domain(domain.id)
    assert found is not None
    return found
