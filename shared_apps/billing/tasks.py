"""What is asked of Stripe, and the daily review of every network's subscription."""

from datetime import time
from uuid import UUID

from django.utils import timezone

from shared_apps.billing import services
from shared_apps.jobs.tasks import job, periodic


@job("billing.subscription.sync", platform=True, max_attempts=8)  # the last nearly four hours after the first
def sync(*, subscription_id: str) -> None:
    """Read one customer's invoices from Stripe."""
    services.sync(UUID(subscription_id), now=timezone.now())


@job("billing.subscription.stop_charging", platform=True)
def stop_charging(*, subscription_id: str) -> None:
    """Charge a network that is closed nothing any more."""
    services.stop_charging(UUID(subscription_id))


@periodic("billing.subscriptions.reconcile", at=time(3, 40))
def reconcile() -> None:
    """Read every customer from Stripe, in case its events did not arrive."""
    services.reconcile(now=timezone.now())


@periodic("billing.subscriptions.review", at=time(6, 10))
def review() -> None:
    """See whose trial or time to pay is over, in the morning, so that people read of it on the day."""
    services.review_all(now=timezone.now())
