"""Events and where they go: endpoints, signed deliveries, what is tried again."""

import hashlib
import hmac
import json
import random
import secrets
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field

from config.fakestripe.catalogue import merge
from config.fakestripe.parameters import EXPAND, PAGE, RANGE, Given, mapping, text, truth
from config.fakestripe.refusals import invalid
from config.fakestripe.routes import page_of, route, within
from config.fakestripe.state import API_VERSION, State, Thing, public

RETRY_SECONDS = (5, 30, 300, 1800, 7200, 18_000, 36_000)  # Stripe's own waits are longer, up to three days
TIMEOUT_SECONDS = 10

type Send = Callable[[str, bytes, str], int]


# The API


@route("GET", "/v1/events/{id}", EXPAND)
def retrieve_event(state: State, given: Given, key: str) -> Thing:
    return state.get("event", key)


@route("GET", "/v1/events", PAGE | {"created": RANGE, "type": text, "types": [text], "delivery_success": truth})
def list_events(state: State, given: Given) -> Thing:
    wanted = {given["type"]} if given.get("type") else set(given.get("types") or [])
    rows = [
        event
        for event in state.all("event")
        if (not wanted or event["type"] in wanted) and within(event["created"], given.get("created"))
        if "delivery_success" not in given or (event["pending_webhooks"] == 0) == given["delivery_success"]
    ]
    return page_of(state, rows, given, "/v1/events")


ENDPOINT: Given = {"description": text, "enabled_events": [text], "metadata": mapping, "url": text}


@route("POST", "/v1/webhook_endpoints", ENDPOINT | {"api_version": text}, required=["url", "enabled_events"])
def create_endpoint(state: State, given: Given) -> Thing:
    """Its secret is shown here and never again."""
    if not given["url"].startswith(("http://", "https://")):
        raise invalid("Invalid URL: an explicit scheme (such as https) must be provided.", "url", "url_invalid")
    if given.get("api_version") not in (None, API_VERSION):
        raise invalid(f"Only {API_VERSION} is known here.", "api_version")
    empty: Thing = {"api_version": None, "application": None, "description": None, "metadata": {}, "status": "enabled"}
    endpoint = state.add("webhook_endpoint", {**empty, **given, "_secret": f"whsec_{secrets.token_hex(16)}"})
    return endpoint | {"secret": endpoint["_secret"]}


@route("GET", "/v1/webhook_endpoints/{id}", EXPAND)
def retrieve_endpoint(state: State, given: Given, key: str) -> Thing:
    return state.get("webhook_endpoint", key)


@route("POST", "/v1/webhook_endpoints/{id}", ENDPOINT | {"disabled": truth})
def update_endpoint(state: State, given: Given, key: str) -> Thing:
    endpoint = state.get("webhook_endpoint", key)
    if "disabled" in given:
        endpoint["status"] = "disabled" if given.pop("disabled") else "enabled"
    merge(endpoint, given)
    return endpoint


@route("GET", "/v1/webhook_endpoints", PAGE)
def list_endpoints(state: State, given: Given) -> Thing:
    return page_of(state, state.all("webhook_endpoint"), given, "/v1/webhook_endpoints")


@route("DELETE", "/v1/webhook_endpoints/{id}", {})
def delete_endpoint(state: State, given: Given, key: str) -> Thing:
    state.get("webhook_endpoint", key)
    del state.tables["webhook_endpoint"][key]
    return {"id": key, "object": "webhook_endpoint", "deleted": True}


# Deliveries


def signature(body: bytes, secret: str, moment: int) -> str:
    """The `Stripe-Signature` header; its time is the wall's, because receivers refuse what is old."""
    signed = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={signed}"


def post(url: str, body: bytes, header: str) -> int:
    """The status of the answer; 0 where there was none."""
    headers = {"Content-Type": "application/json; charset=utf-8", "Stripe-Signature": header}
    request = urllib.request.Request(url, data=body, headers=headers, method="POST")  # noqa: S310 - checked when made
    try:
        with OPENER.open(request, timeout=TIMEOUT_SECONDS) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


class Stay(urllib.request.HTTPRedirectHandler):
    """A redirect is a failed delivery."""

    def redirect_request(self, *args: object) -> None:
        return None


OPENER = urllib.request.build_opener(Stay, urllib.request.ProxyHandler({}))


@dataclass
class Delivery:
    """An event on its way to an endpoint."""

    event: str
    endpoint: str
    tries: int = 0
    next_at: float = 0.0


@dataclass
class Deliveries:
    """What is still to be delivered. Nothing is while `is_down`; then everything is late, as after an outage."""

    state: State
    send: Send = post
    is_down: bool = False
    waiting: dict[tuple[str, str], Delivery] = field(default_factory=dict)
    wake: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.state.on_event = self.enqueue

    def enqueue(self, event: Thing) -> None:
        for endpoint in self.state.all("webhook_endpoint", status="enabled"):
            if {"*", event["type"]} & set(endpoint["enabled_events"]):
                event["pending_webhooks"] += 1
                self.waiting[event["id"], endpoint["id"]] = Delivery(event["id"], endpoint["id"])
        self.wake.set()

    def deliver(self, *, shuffled_by: random.Random | None = None, times: int = 1, due_only: bool = False) -> int:
        """Send what waits, in order or shuffled, each once or several times; returns how many were sent."""
        if self.is_down:
            return 0
        with self.state.lock:
            now = time.monotonic()
            chosen = [one for one in self.waiting.values() if not due_only or one.next_at <= now]
        sending = chosen * times
        if shuffled_by:
            shuffled_by.shuffle(sending)
        for one in sending:
            self.attempt(one)
        return len(sending)

    def attempt(self, delivery: Delivery) -> None:
        with self.state.lock:
            endpoint = self.state.tables["webhook_endpoint"].get(delivery.endpoint)
            event = self.state.tables["event"].get(delivery.event)
            body = json.dumps(public(event)).encode() if event else b""
        if not endpoint or not event:
            self.finish(delivery, event)
            return
        moment = int(time.time())
        status = self.send(endpoint["url"], body, signature(body, endpoint["_secret"], moment))
        if 200 <= status < 300:
            self.finish(delivery, event)
        else:
            wait = RETRY_SECONDS[min(delivery.tries, len(RETRY_SECONDS) - 1)]
            delivery.tries, delivery.next_at = delivery.tries + 1, time.monotonic() + wait

    def finish(self, delivery: Delivery, event: Thing | None) -> None:
        with self.state.lock:
            if self.waiting.pop((delivery.event, delivery.endpoint), None) and event:
                event["pending_webhooks"] = max(event["pending_webhooks"] - 1, 0)

    def again(self, event: str) -> None:
        """Send an event once more, as the dashboard's button does."""
        with self.state.lock:
            self.enqueue(self.state.get("event", event))

    def run(self, stop: threading.Event) -> None:
        """Deliver in the background until told to stop."""
        while not stop.is_set():
            self.wake.wait(1.0)
            self.wake.clear()
            if not stop.is_set():
                self.deliver(due_only=True)
