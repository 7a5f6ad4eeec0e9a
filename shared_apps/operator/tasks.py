"""Work for the platform: bringing a network on line, and finishing what was interrupted."""

from datetime import time, timedelta
from uuid import UUID

from django.utils import timezone

from shared_apps.audit.services import Actor
from shared_apps.jobs.tasks import job, periodic
from shared_apps.monitoring.services import prune_days
from shared_apps.operator import selectors, services


@job("operator.network.bring_on_line", platform=True)
def bring_on_line(*, network_id: str) -> None:
    """Run what is left of a network's onboarding."""
    network = selectors.get_network(UUID(network_id))
    if network is not None:
        services.bring_on_line(network, by=Actor.system("job"))


@job("operator.network.remove", platform=True)
def remove(*, network_id: str) -> None:
    """Take back a network that never went live, unless that was done before."""
    network = selectors.get_network(UUID(network_id))
    if network is not None:
        services.remove_unfinished(network, by=Actor.system("job"))


@job("operator.network.upgrade", platform=True)
def upgrade(*, network_id: str) -> None:
    """Bring a network to this release, if it is behind."""
    network = selectors.get_network(UUID(network_id))
    if network is not None:
        services.upgrade_networks(by=Actor.system("job"), only=network, past_canaries=True)


@job("operator.drill.hold", platform=True, max_attempts=2, timeout=timedelta(hours=6))
def hold_drill(*, drill_id: str) -> None:
    """Hold the restore drill that somebody asked for."""
    held = selectors.get_drill(UUID(drill_id))
    if held is not None:
        services.hold_drill(held, by=Actor.system("job"))


@periodic("operator.network.reconcile", every=timedelta(minutes=5))
def reconcile() -> None:
    """Finish networks whose onboarding was killed or failed."""
    services.finish_interrupted(timezone.now())


@periodic("operator.figures.prune", at=time(3, 5))
def prune_figures() -> None:
    """Forget the figures of more than a year ago."""
    prune_days(timezone.localdate())
