"""Events reach their endpoint signed, again after a failure, late after an outage, shuffled and doubled for tests."""

import json
import random
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import stripe

from config.fakestripe.webhooks import post, signature


def test_delivery_is_signed_as_the_library_wants(stand_in):
    secret = stand_in.listen()
    customer = stand_in.customer()

    stand_in.deliveries.deliver()

    body, header = stand_in.inbox.received[0]
    event = stripe.Webhook.construct_event(body, header, secret)
    assert (event.type, event.data.object.id, event.livemode) == ("customer.created", customer, False)
    assert stand_in.v1.events.retrieve(event.id).pending_webhooks == 0
    for forged in (
        (body + b" ", header, secret),
        (body, header, "whsec_other"),
        (body, signature(body, secret, 1), secret),
    ):
        with pytest.raises(stripe.SignatureVerificationError):
            stripe.Webhook.construct_event(*forged)


def test_change_tells_what_was_before(stand_in):
    customer = stand_in.customer(name="Old")

    stand_in.v1.customers.update(customer, {"name": "New"})

    event = stand_in.v1.events.list({"type": "customer.updated"}).data[0]
    assert (event.data.object.name, event.data.previous_attributes.to_dict()) == ("New", {"name": "Old"})
    assert event.request.id.startswith("req_")


def test_endpoint_hears_only_of_what_it_asked_for(stand_in):
    stand_in.v1.webhook_endpoints.create({"url": "http://127.0.0.1:1/", "enabled_events": ["customer.deleted"]})
    customer = stand_in.customer()

    stand_in.v1.customers.delete(customer)
    stand_in.deliveries.deliver()

    assert [json.loads(body)["type"] for body, _ in stand_in.inbox.received] == ["customer.deleted"]


def test_failed_delivery_waits_and_is_tried_again(stand_in):
    stand_in.listen()
    stand_in.customer()
    stand_in.inbox.status = 503

    tries = [stand_in.deliveries.deliver(due_only=True) for _ in range(2)]
    stand_in.inbox.status = 200
    again, nothing = stand_in.deliveries.deliver(), stand_in.deliveries.deliver()

    assert (tries, again, nothing) == ([1, 0], 1, 0)
    assert stand_in.v1.events.list({"delivery_success": False}).data == []


def test_outage_keeps_events_for_later_shuffled_and_doubled(stand_in):
    stand_in.listen()
    stand_in.deliveries.is_down = True
    withheld = stand_in.deliveries.deliver()
    stand_in.deliveries.is_down = False
    made = [stand_in.customer() for _ in range(10)]

    sent = stand_in.deliveries.deliver(shuffled_by=random.Random(3), times=2)

    received = [json.loads(body)["data"]["object"]["id"] for body, _ in stand_in.inbox.received]
    assert (withheld, sent) == (0, 20)
    assert sorted(received) == sorted(made * 2)
    assert list(dict.fromkeys(received)) != made


class Hook(BaseHTTPRequestHandler):
    """A receiver that moves elsewhere."""

    def do_POST(self) -> None:
        self.send_response(302 if self.path == "/moved/" else 204)
        self.send_header("Location", "/")
        self.end_headers()

    def log_message(self, *args) -> None:
        pass


def test_post_takes_a_redirect_or_silence_for_a_failure():
    with HTTPServer(("127.0.0.1", 0), Hook) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}"
        statuses = [post(f"{url}/", b"{}", "t=1"), post(f"{url}/moved/", b"{}", "t=1")]
        server.shutdown()

    assert [*statuses, post(url, b"{}", "t=1")] == [204, 302, 0]
