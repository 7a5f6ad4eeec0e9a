"""What the console's pages and resources about one network have in common, whichever app they belong to."""

from uuid import UUID

from django.urls import reverse

from shared_apps.core.finding import found_or_404
from tenants.models import Network
from tenants.selectors import network_of_id


def network_or_404(network_id: UUID) -> Network:
    """Return a network of people; raises Http404."""
    return found_or_404(network_of_id(network_id))


def network_crumbs(network: Network) -> list[tuple[str, str]]:
    """Return the way back to a network's page, through the list."""
    return [
        ("Networks", reverse("operator:network_list")),
        (network.name, reverse("operator:network_detail", args=[network.id])),
    ]
