"""The stand-in for Stripe on a port of its own, with Stripe's own library beside it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
import stripe

from config.fakestripe.server import Server
from config.fakestripe.state import State
from config.fakestripe.webhooks import Deliveries

NEW_YEAR = 1_798_761_600  # 1 January 2027
DAY = 86_400
BRITAIN = {"country": "GB", "postal_code": "B1 1AA"}


@dataclass
class Inbox:
    """Takes deliveries in place of a web server, and answers as told."""

    status: int = 200
    received: list[tuple[bytes, str]] = field(default_factory=list)

    def __call__(self, url: str, body: bytes, signature: str) -> int:
        self.received.append((body, signature))
        return self.status


@dataclass
class StandIn:
    """What a test has in hand: the library's client, the server, and what would have been posted."""

    client: stripe.StripeClient
    server: Server
    inbox: Inbox

    @property
    def v1(self) -> stripe.V1Services:
        return self.client.v1

    @property
    def url(self) -> str:
        return self.server.url

    @property
    def deliveries(self) -> Deliveries:
        return self.server.deliveries

    def event_types(self) -> list[str]:
        return [event["type"] for event in self.server.state.tables["event"].values()]

    def listen(self) -> str:
        """Register an endpoint for everything; returns its secret."""
        made = self.v1.webhook_endpoints.create({"url": "http://127.0.0.1:1/hook/", "enabled_events": ["*"]})
        return str(made.secret)

    def price(self, pence: int = 30_000, interval: str = "year", **more: object) -> str:
        product = self.v1.products.create({"name": f"Up to {pence // 100} members"})
        price = {"currency": "gbp", "product": product.id, "unit_amount": pence, "recurring": {"interval": interval}}
        return self.v1.prices.create({**price, **more}).id

    def clock(self) -> str:
        return self.v1.test_helpers.test_clocks.create({"frozen_time": NEW_YEAR}).id

    def advance(self, clock: str, days: float) -> None:
        """To so many days after New Year."""
        self.v1.test_helpers.test_clocks.advance(clock, {"frozen_time": NEW_YEAR + int(days * DAY)})

    def customer(self, clock: str = "", **more: object) -> str:
        given = {"email": "office@school.example", "name": "Alder", "address": BRITAIN, **more}
        return self.v1.customers.create({**given, **({"test_clock": clock} if clock else {})}).id


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    """A stand-in that knows nothing yet; it delivers when told."""
    state, inbox = State(), Inbox()
    with Server(state, Deliveries(state, send=inbox)).running(in_background=False) as server:
        client = stripe.StripeClient("sk_test_mine", base_addresses={"api": server.url}, max_network_retries=0)
        yield StandIn(client, server, inbox)
