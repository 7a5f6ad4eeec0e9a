"""What search does by itself."""

from datetime import timedelta

from shared_apps.jobs.tasks import periodic
from tenant_apps.search import services


@periodic("search.index.keep", every=timedelta(hours=1), per_network=True, timeout=timedelta(hours=1))
def keep() -> None:
    """Add up the figures of terms; fill the index where a network has none yet."""
    services.keep()
