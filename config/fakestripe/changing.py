"""A subscription changes: other prices and quantities, what is left of a period, an invoice for it."""

import secrets

from config.fakestripe import invoicing, subscriptions
from config.fakestripe.amounts import period_end, share
from config.fakestripe.catalogue import merge
from config.fakestripe.customers import get_customer
from config.fakestripe.parameters import Given
from config.fakestripe.refusals import Refusal, invalid
from config.fakestripe.state import State, Thing


def change_items(state: State, subscription: Thing, given: Given) -> None:
    """New prices and quantities from now on; what was paid for and not had becomes credit."""
    now, behaviour = given.get("proration_date") or state.now(subscription), given.get("proration_behavior")
    before = [dict(item) for item in subscription["items"]["data"]]
    start, end = subscriptions.period_of(subscription)
    for item in given["items"]:
        change_item(state, subscription, item, now)
    items = subscription["items"]["data"]
    if not items:
        raise invalid("A subscription must have at least one active price.", "items")
    subscriptions.set_period(subscription, start, end)
    if recurrence(items[0]) != recurrence(before[0]) and subscription["status"] != "trialing":
        begin_cycle_anew(state, subscription, before, now)
    elif behaviour != "none" and subscription["status"] in {"active", "past_due"}:
        prorate(state, subscription, before, items, now)
        if behaviour == "always_invoice":
            bill_now(state, subscription)


def change_item(state: State, subscription: Thing, given: Given, now: int) -> None:
    items = subscription["items"]["data"]
    if not given.get("id"):
        subscriptions.add_item(state, subscription, given, now)
        return
    item = next((one for one in items if one["id"] == given["id"]), None)
    if item is None:
        raise Refusal(f"No such subscription item: '{given['id']}'", code="resource_missing", param="items[0][id]")
    if given.get("deleted"):
        items.remove(item)
        return
    if given.get("price"):
        item["price"] = subscriptions.recurring_price(state, given["price"], "items[0][price]")
    item["quantity"] = given.get("quantity", item["quantity"])
    merge(item, {"metadata": given["metadata"]} if "metadata" in given else {})


def recurrence(item: Thing) -> tuple[str, int]:
    return item["price"]["recurring"]["interval"], item["price"]["recurring"]["interval_count"]


def prorate(state: State, subscription: Thing, before: list[Thing], after: list[Thing], now: int) -> None:
    old = {item["id"]: (item["price"]["id"], item["quantity"]) for item in before}
    new = {item["id"]: (item["price"]["id"], item["quantity"]) for item in after}
    for item in before:
        if new.get(item["id"]) != old[item["id"]]:
            add_proration(state, subscription, item, -1, now)
    for item in after:
        if old.get(item["id"]) != new[item["id"]]:
            add_proration(state, subscription, item, 1, now)


def add_proration(state: State, subscription: Thing, item: Thing, sign: int, now: int) -> None:
    start, end = item["current_period_start"], item["current_period_end"]
    amount = sign * share(item["price"]["unit_amount"] * item["quantity"], start, end, now)
    words = "Unused time on" if sign < 0 else "Remaining time on"
    add_pending(
        *(state, subscription["customer"], amount, f"{words} {subscriptions.describe(state, item)}"),
        subscription=subscription["id"],
        price=item["price"],
        quantity=item["quantity"],
        period={"start": now, "end": end},
        proration=True,
    )


def add_pending(
    state: State,
    customer: str,
    amount: int,
    description: str,
    *,
    period: Thing,
    subscription: str | None,
    price: Thing | None,
    **more: object,
) -> Thing:
    """An item that waits for the next invoice."""
    owner = get_customer(state, customer)
    details = {"subscription": subscription, "subscription_item": None}
    values = (
        {"amount": amount, "currency": owner["currency"] or "gbp", "customer": customer}
        | {"date": state.now(owner), "description": description, "discountable": amount > 0}
        | {"discounts": [], "invoice": None, "metadata": {}}
        | {"parent": {"subscription_details": details, "type": "subscription_details"} if subscription else None}
        | {"period": period, "pricing": invoicing.pricing_of(price), "proration": False}
        | {"proration_details": {"discount_amounts": []}, "quantity": 1, "tax_rates": []}
        | {"test_clock": owner["test_clock"], "_subscription": subscription, "_price": price}
    )
    item = state.add("invoiceitem", values | more, key=f"ii_{secrets.token_hex(12)}", at=state.now(owner))
    state.tell("invoiceitem.created", item)
    return item


def begin_cycle_anew(state: State, subscription: Thing, before: list[Thing], now: int) -> None:
    """Another interval: credit for the old period, a new one from now, and an invoice at once."""
    for item in before:
        add_proration(state, subscription, item, -1, now)
    subscription["billing_cycle_anchor"] = now
    subscriptions.set_period(
        subscription, now, period_end(now, subscription["items"]["data"][0]["price"]["recurring"], now)
    )
    bill_now(
        state, subscription, subscriptions.period_lines(state, subscription, subscriptions.period_of(subscription))
    )


def bill_now(state: State, subscription: Thing, lines: list[Thing] | None = None) -> None:
    lines = (lines or []) + subscriptions.pending_lines(state, subscription)
    if not lines:
        return
    invoice = invoicing.draft(
        *(state, get_customer(state, subscription["customer"]), lines),
        subscription=subscription,
        billing_reason="subscription_update",
    )
    if invoice["collection_method"] == "charge_automatically" or not invoice["amount_due"]:
        invoicing.finalise(state, invoice)
