"""Stripe's stand-in with the product's webhook on it: what people pay there, and the events that come of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
import requests
from django.utils import timezone

from shared_apps.billing import tasks
from shared_apps.billing.models import Subscription
from shared_apps.jobs.worker import Worker
from tenants.models import Network
from tests.fakestripe import DAY, NEW_YEAR, StandIn

GOOD_CARD = {
    "number": "4242 4242 4242 4242",
    "expiry": "12 / 34",
    "cvc": "123",
    "name": "A Bursar",
    "postcode": "B1 1AA",
}


@dataclass
class Till:
    """Stripe's stand-in: what people pay there, and its events on their way to the product's webhook."""

    stand_in: StandIn
    post: Callable[[str, bytes, str], int]
    time: datetime | None = None  # when the jobs run, if not now

    def now(self) -> datetime:
        return self.time or timezone.now()

    def customer(self, network: Network) -> str:
        """Make the network a customer on a test clock, which begins at New Year."""
        clock = self.stand_in.clock()
        customer = self.stand_in.customer(clock)
        Subscription.objects.filter(network=network).update(stripe_customer=customer)
        return clock

    def pay_by_card(self, url: str, **changed: str) -> int:
        """Give a card on a page of Stripe's; return the status of the answer."""
        answer = requests.post(url, data=GOOD_CARD | changed, allow_redirects=False, timeout=10)
        return answer.status_code

    def deliver(self, **how: object) -> int:
        """Send the events that wait, and let the jobs run; return how many were sent."""
        self.stand_in.deliveries.send = self.post
        sent = self.stand_in.deliveries.deliver(**how)
        Worker().drain()
        return sent


def day(number: float) -> datetime:
    """Return so many days after New Year, as on a test clock."""
    return datetime.fromtimestamp(NEW_YEAR + number * DAY, UTC)


@pytest.fixture
def till(db: None, stand_in: StandIn, settings, client_for, monkeypatch) -> Till:
    """Stripe's stand-in, to which the product has the keys."""
    settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = "sk_test_mine", stand_in.url
    settings.STRIPE_WEBHOOK_SECRET = stand_in.listen()
    platform = client_for("platform")

    def post(_url: str, body: bytes, signature: str) -> int:
        headers = {"Stripe-Signature": signature}
        return platform.post("/stripe/webhook/", body, content_type="application/json", headers=headers).status_code

    made = Till(stand_in, post)
    monkeypatch.setattr(tasks, "timezone", made)
    return made
