"""Work at night."""

from datetime import time

from shared_apps.jobs.tasks import periodic
from tenant_apps.files import services


@periodic("files.strays.sweep", at=time(3, 40), per_network=True)
def sweep() -> None:
    """Remove bytes that no row names."""
    services.sweep()
