"""What commands that act on one network have in common, whichever app they belong to."""

from django.core.management.base import CommandError

from tenants.enums import NetworkState
from tenants.models import Network
from tenants.names import has_subdomain_form
from tenants.selectors import get_network


def named_network(subdomain: str) -> Network:
    """Return the network; raises CommandError when there is none, or none any more."""
    network = get_network(subdomain) if has_subdomain_form(subdomain) else None
    if network is None:
        raise CommandError(f"There is no network with the subdomain {subdomain[:60]!a}. See list_networks.")
    if network.state == NetworkState.DELETED:
        raise CommandError(f"{network.name} is deleted.")
    return network
