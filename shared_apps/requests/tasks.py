"""Reminding of requests, and forgetting them."""

from datetime import time

from django.utils import timezone

from shared_apps.jobs.tasks import periodic
from shared_apps.requests import services


@periodic("requests.request.forget", at=time(3, 20))
def forget_old() -> None:
    """Delete what nobody confirmed, what nobody answered, and what was decided some weeks ago."""
    services.give_up(timezone.now())
    services.forget_old(timezone.now())


@periodic("requests.request.remind", at=time(8, 10))
def remind() -> None:
    """Email the operators of what has waited long."""
    services.remind(now=timezone.now())
