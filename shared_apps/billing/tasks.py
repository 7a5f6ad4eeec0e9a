"""The daily review of every network's subscription."""

from datetime import time

from django.utils import timezone

from shared_apps.billing import services
from shared_apps.jobs.tasks import periodic


@periodic("billing.subscriptions.review", at=time(6, 10))
def review() -> None:
    """See whose trial or time to pay is over, in the morning, so that people read of it on the day."""
    services.review_all(now=timezone.now())
