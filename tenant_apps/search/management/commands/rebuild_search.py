"""`manage.py rebuild_search`: make the search index of every network, or of one, anew."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenant_apps.search import services
from tenants.context import in_network
from tenants.enums import NetworkState
from tenants.models import Network
from tenants.selectors import networks


class Command(BaseCommand):
    """People can go on searching and writing meanwhile."""

    help = "Make the search index of every live network, or of one, anew from what its members wrote."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name one network by its subdomain."""
        parser.add_argument("--network", metavar="SUBDOMAIN")

    def handle(self, *args: Any, network: str | None = None, **options: Any) -> None:
        """Rebuild network by network, and say what each finds."""
        for each in _chosen(network):
            with in_network(each):
                found = services.rebuild()
            self.stdout.write(f"{each.subdomain}: {found:,} found.")


def _chosen(subdomain: str | None) -> list[Network]:
    live = [each for each in networks() if each.state == NetworkState.LIVE]
    chosen = [each for each in live if subdomain in (None, each.subdomain)]
    if subdomain and not chosen:
        raise CommandError(f"No live network is called {subdomain}.")
    return chosen
