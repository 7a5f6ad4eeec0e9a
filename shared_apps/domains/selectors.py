"""Reads about own domains."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from shared_apps.domains.enums import DomainState, Finding
from shared_apps.domains.models import OwnDomain
from shared_apps.domains.resolving import LABEL, proof_of
from tenants.models import Network
from tenants.selectors import first_host_of

GRACE = timedelta(days=7)
_SOON, _HOURLY, _DAILY = timedelta(minutes=10), timedelta(hours=1), timedelta(days=1)
_EAGER = timedelta(days=3)


def domain_of(network: Network) -> OwnDomain | None:
    """Return the domain that a network claims or has, or None."""
    return OwnDomain.objects.select_related("network").filter(network_id=network.id).first()


def get_domain(domain_id: UUID) -> OwnDomain | None:
    """Return a domain with its network, or None."""
    return OwnDomain.objects.select_related("network").filter(id=domain_id).first()


def due_domains(now: datetime) -> list[UUID]:
    """Return the domains to look at: new ones every ten minutes, doubtful ones every hour, all every day."""
    new = Q(state=DomainState.WAITING, claimed_at__gt=now - _EAGER, checked_at__lte=now - _SOON)
    doubtful = Q(state=DomainState.FAILING) | Q(state=DomainState.LIVE, finding=Finding.NO_ANSWER)
    doubtful &= Q(checked_at__lte=now - _HOURLY)
    found = OwnDomain.objects.filter(Q(checked_at=None) | new | doubtful | Q(checked_at__lte=now - _DAILY))
    return list(found.order_by("checked_at", "id").values_list("id", flat=True))


def records_of(domain: OwnDomain) -> list[tuple[str, str, str]]:
    """Return the DNS records that an owner sets: kind, name and value."""
    return [
        ("TXT", f"{LABEL}.{domain.host}", proof_of(domain.token)),
        ("CNAME", domain.host, first_host_of(domain.network)),
    ]
