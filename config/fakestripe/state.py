"""What the stand-in remembers: objects by kind, what happened, and what time it is."""

import contextlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from config.fakestripe.refusals import Refusal, missing

type Thing = dict[str, Any]

OVER = {"canceled", "incomplete_expired"}  # statuses that a subscription does not leave
API_VERSION = "2026-10-28.endive"  # of stripe 16.1.0; a test compares it
PREFIXES = {
    "product": "prod",
    "price": "price",
    "coupon": "co",
    "promotion_code": "promo",
    "discount": "di",
    "customer": "cus",
    "payment_method": "pm",
    "tax_rate": "txr",
    "subscription": "sub",
    "subscription_item": "si",
    "invoice": "in",
    "invoiceitem": "ii",
    "invoice_payment": "inpay",
    "charge": "ch",
    "refund": "re",
    "credit_note": "cn",
    "line_item": "il",
    "checkout.session": "cs_test",
    "billing_portal.session": "bps",
    "event": "evt",
    "webhook_endpoint": "we",
    "test_helpers.test_clock": "clock",
}
NOT_OF = {
    "subscription_item": ["livemode"],
    "discount": ["created", "livemode"],
    "invoiceitem": ["created"],
    "refund": ["livemode"],
}
NOUNS = {
    "promotion_code": "promotion code",
    "tax_rate": "tax rate",
    "subscription_item": "subscription item",
    "checkout.session": "checkout.session",
    "test_helpers.test_clock": "test clock",
    "invoiceitem": "invoiceitem",
    "webhook_endpoint": "webhook endpoint",
    "payment_method": "PaymentMethod",
    "credit_note": "credit note",
}


class State:
    """Every change is made while `lock` is held; `on_event` hears of each event that was written."""

    def __init__(self, *, now: Callable[[], float] = time.time, file: Path | None = None) -> None:
        self.lock = threading.RLock()
        self.wall, self.file = now, file
        self.offset = 0  # how far a person moved the time of what stands on no test clock
        self.simulated: int | None = None
        self.tables: dict[str, dict[str, Thing]] = {kind: {} for kind in PREFIXES}
        self.answers: dict[str, tuple[str, int, Any]] = {}
        self.added: list[tuple[str, str]] = []
        self.origin = ""
        self.request: Thing = {"id": None, "idempotency_key": None}
        self.on_event: Callable[[Thing], None] = lambda event: None
        self.load()

    # Objects

    def add(self, kind: str, values: Thing, *, key: str | None = None, at: int | None = None) -> Thing:
        """Store a new object with the fields that all have."""
        key = key or f"{PREFIXES[kind]}_{secrets.token_hex(12)}"
        created = self.time_of(values.get("test_clock")) if at is None else at
        thing = {
            "id": key,
            "object": kind,
            "created": created,
            "livemode": False,
            **(values if kind == "event" else copied(values)),
        }
        for name in NOT_OF.get(kind, ()):
            del thing[name]
        self.tables[kind][key] = thing
        self.added.append((kind, key))
        return thing

    def get(self, kind: str, key: Any, param: str = "id") -> Thing:
        try:
            return self.tables[kind][key]
        except (KeyError, TypeError):
            raise missing(NOUNS.get(kind, kind), str(key), param) from None

    def find(self, key: str) -> Thing | None:
        """An object by its id alone."""
        return next((table[key] for table in self.tables.values() if key in table), None)

    def all(self, kind: str, **fields: Any) -> list[Thing]:
        """Those whose fields are so, oldest first."""
        return [
            thing
            for thing in self.tables[kind].values()
            if all(thing.get(name) == value for name, value in fields.items())
        ]

    # Time

    def time_of(self, clock: str | None) -> int:
        """What time it is for what stands on that test clock, or on none."""
        if clock and clock in self.tables["test_helpers.test_clock"]:
            return int(self.tables["test_helpers.test_clock"][clock]["frozen_time"])
        return self.simulated if self.simulated is not None else int(self.wall()) + self.offset

    def now(self, thing: Thing) -> int:
        return self.time_of(thing.get("test_clock") or thing.get("_clock"))

    # What happened

    def tell(self, name: str, thing: Thing, before: Thing | None = None) -> Thing:
        """Write an event with the object as it is now, and with what changed."""
        data: Thing = {"object": public(thing)}
        if before is not None:
            old = public(before)
            data["previous_attributes"] = {k: v for k, v in old.items() if data["object"].get(k) != v}
        values = {
            "api_version": API_VERSION,
            "data": data,
            "pending_webhooks": 0,
            "request": dict(self.request),
            "type": name,
        }
        event = self.add("event", values, at=self.now(thing))
        self.on_event(event)
        return event

    @contextlib.contextmanager
    def changing(self, thing: Thing, name: str) -> Iterator[Thing]:
        """Tell of the change made within, unless nothing changed."""
        before = copied(thing)
        try:
            yield thing
        except Refusal:
            thing.clear()
            thing.update(before)
            self.relink(thing)
            raise
        if before != thing:
            self.tell(name, thing, before)

    def relink(self, subscription: Thing) -> None:
        """Items are the same objects in their subscription and in their own table."""
        if subscription["object"] == "subscription":
            items = subscription["items"]["data"]
            self.tables["subscription_item"].update({item["id"]: item for item in items})

    @contextlib.contextmanager
    def whole(self, *, with_declines: bool = False) -> Iterator[None]:
        """A request that is refused leaves nothing new; on a card that is declined the API leaves what it did."""
        self.added = []
        try:
            yield
        except Refusal as refusal:
            if with_declines or refusal.status != 402:
                for kind, key in self.added:
                    self.tables[kind].pop(key, None)
            raise
        finally:
            self.added = []

    # Kept over a restart

    def load(self) -> None:
        if self.file and self.file.exists():
            with contextlib.suppress(ValueError, KeyError):
                kept = json.loads(self.file.read_text())
                self.tables.update(kept["tables"])
                self.offset = kept["offset"]
        for subscription in self.tables["subscription"].values():
            self.relink(subscription)
        for invoice in self.tables["invoice"].values():  # one that was kept before there were credit notes
            invoice.setdefault("pre_payment_credit_notes_amount", 0)
            invoice.setdefault("post_payment_credit_notes_amount", 0)

    def save(self) -> None:
        if self.file:
            draft = self.file.with_suffix(".draft")
            draft.write_text(json.dumps({"tables": self.tables, "offset": self.offset}))
            draft.rename(self.file)


def public(thing: Any) -> Any:
    """A copy as the API shows it: what begins with an underscore is our own."""
    if isinstance(thing, dict):
        return {name: public(value) for name, value in thing.items() if name[:1] != "_"}
    return [public(item) for item in thing] if isinstance(thing, list) else thing


def copied(thing: Any) -> Any:
    """A copy of its own; all of it can be written as JSON, which is far quicker than `copy.deepcopy`."""
    return json.loads(json.dumps(thing))


def listed(things: list[Thing], url: str, *, has_more: bool = False) -> Thing:
    return {"object": "list", "data": things, "has_more": has_more, "url": url}
