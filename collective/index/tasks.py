"""What the index does by itself."""

from datetime import timedelta

from collective.index import services
from collective.index.models import PublicationEntry
from shared_apps.jobs.tasks import periodic


@periodic("index.statistics.fold", every=timedelta(minutes=1), collective=True)
def fold_statistics() -> None:
    """Add up the changes to the figures of terms, which reading would otherwise do each time."""
    services.fold_statistics(model=PublicationEntry)
