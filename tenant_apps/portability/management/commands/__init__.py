"""What the commands of this app have in common: finding a network, and saying how far they are."""

from time import monotonic

from django.core.management.base import BaseCommand, CommandError

from tenant_apps.portability.services import Progress
from tenants.models import Network
from tenants.names import has_subdomain_form
from tenants.selectors import get_network

TELL_EVERY = 2.0  # seconds between two lines about the same


def named_network(subdomain: str) -> Network:
    """Return the network; raises CommandError when there is none."""
    network = get_network(subdomain) if has_subdomain_form(subdomain) else None
    if network is None:
        raise CommandError(f"There is no network with the subdomain {subdomain[:60]!a}. See list_networks.")
    return network


class TellingCommand(BaseCommand):
    """Says on the error stream what it does, when that changes and every few seconds."""

    doing, told = "", 0.0

    def tell(self, progress: Progress) -> None:
        """Show a line."""
        if progress.doing == self.doing and monotonic() - self.told < TELL_EVERY:
            return
        self.doing, self.told = progress.doing, monotonic()
        count = f" {progress.done:,} of {progress.total:,}" if progress.total else ""
        self.stderr.write(f"{progress.doing}{count}", self.style.NOTICE)
