"""Forgetting requests."""

from datetime import time

from django.utils import timezone

from shared_apps.jobs.tasks import periodic
from shared_apps.requests import services


@periodic("requests.request.forget", at=time(3, 20))
def forget_old() -> None:
    """Delete what nobody confirmed, and what was decided some weeks ago."""
    services.forget_old(timezone.now())
