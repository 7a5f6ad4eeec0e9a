"""A network that closes, and what one left that has closed."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from collective.publications.models import Origin, Publication
from collective.publications.services import CLOSED_COLOUR, CLOSED_NAME, note_authors
from shared_apps.closing.models import Closing
from shared_apps.closing.services import Plan
from tenant_apps.farewell import services
from tenant_apps.members.models import Member
from tenants.context import in_network
from tenants.ids import random_id
from tenants.models import Network
from tests.builders.publications import publish


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


def left_behind(account_id: UUID, **shown: str) -> Publication:
    """Return what somebody shared in a network that is deleted by now; inside the Collective."""
    made = {"name": CLOSED_NAME, "colour": CLOSED_COLOUR, "subdomain": "", "closed_at": timezone.now()}
    origin = Origin.objects.create(id=random_id(), **made)
    publication = publish(origin, **shown)
    note_authors({publication.id: account_id})
    return publication
