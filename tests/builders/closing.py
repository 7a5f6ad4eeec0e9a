"""A network that closes."""

from datetime import datetime, timedelta

from django.utils import timezone

from shared_apps.closing.models import Closing
from shared_apps.closing.services import Plan
from tenant_apps.farewell import services
from tenant_apps.members.models import Member
from tenants.context import in_network
from tenants.models import Network


def announce(
    network: Network,
    owner: Member,
    *,
    keeps: bool = False,
    days: int = 30,
    words: str = "Goodbye, and thank you.",
    now: datetime | None = None,
) -> Closing:
    """Return the closing that an owner announced."""
    at = now or timezone.now()
    plan = Plan(timezone.localdate(at) + timedelta(days=days), keeps, words)
    with in_network(network):
        return services.announce(plan, now=at, by=owner)
