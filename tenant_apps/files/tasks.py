"""Work at night."""

from datetime import time

from django.utils import timezone

from shared_apps.jobs.tasks import periodic
from shared_apps.monitoring.services import measure
from tenant_apps.files import selectors, services


@periodic("files.strays.sweep", at=time(3, 40), per_network=True)
def sweep() -> None:
    """Remove bytes that no row names."""
    services.sweep()


@periodic("files.size.measure", at=time(3, 50), per_network=True)
def measure_network() -> None:
    """Note how much room the network takes."""
    measure(file_bytes=selectors.storage_used(), now=timezone.now())
