"""Support access ends by itself: each request asks whether it has, and this closes what is left."""

from datetime import timedelta

from django.utils import timezone

from shared_apps.grants import services
from shared_apps.jobs.tasks import periodic


@periodic("grants.grant.tidy", every=timedelta(minutes=5))
def tidy() -> None:
    """Close the grants whose time is over."""
    services.tidy(timezone.now())
