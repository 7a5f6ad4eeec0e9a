"""Moving on the networks that close, and deleting those whose time is over."""

from datetime import time, timedelta
from uuid import UUID

from django.utils import timezone

from shared_apps.closing import selectors, services
from shared_apps.jobs.tasks import job, periodic


@job("closing.network.delete", platform=True, max_attempts=8, timeout=timedelta(hours=1))
def delete(*, closing_id: str) -> None:
    """Delete a network that was closed; what is left of it when this fails is found by the schedule."""
    closing = selectors.get_closing(UUID(closing_id))
    if closing is not None:
        services.advance(closing, now=timezone.now())


@periodic("closing.networks.advance", every=timedelta(minutes=15))
def advance() -> None:
    """Do what the day asks: end the writing, remind the owners, delete."""
    services.advance_all(timezone.now())


@periodic("closing.names.release", at=time(4, 10))
def release_names() -> None:
    """Let the names of networks that were deleted a year ago be had again."""
    services.release_names(timezone.now())
