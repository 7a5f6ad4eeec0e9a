"""Reading what members send by email, sending digests, and forgetting what is old."""

from datetime import time, timedelta
from uuid import UUID

from shared_apps.jobs.tasks import job, periodic
from tenant_apps.notifications import services


@periodic("notifications.digest.plan", every=timedelta(minutes=10))
def plan_digests() -> None:
    """Find, network by network, whose digest is due, and have each sent; lose nothing of those that broke off."""
    services.keep_doubtful()
    services.plan_digests()


@job("notifications.digest.send", platform=True, priority=5)
def send_digest(*, digest_id: str) -> None:
    """Send one person's digest of all their networks."""
    services.send_digest(UUID(digest_id))


@periodic("notifications.news.prune", at=time(3, 20), per_network=True)
def prune_news() -> None:
    """Forget a network's old news."""
    services.prune_news()


@job("notifications.inbound.read", priority=5)
def read_inbound(*, inbound_id: str) -> None:
    """Make of a stored email what its sender meant."""
    services.read_inbound(UUID(inbound_id))


@job("notifications.inbound.read_waiting")
def read_waiting() -> None:
    """Have everything read that came in while the network was read-only."""
    services.read_waiting()
