"""The API of subscriptions and their items."""

from typing import Any

from config.fakestripe import changing, subscriptions
from config.fakestripe.amounts import check_place
from config.fakestripe.catalogue import merge, some
from config.fakestripe.customers import get_customer
from config.fakestripe.parameters import (
    EXPAND,
    PAGE,
    RANGE,
    SEARCH,
    Given,
    mapping,
    moment_or_now,
    one_of,
    text,
    truth,
    whole,
)
from config.fakestripe.refusals import invalid
from config.fakestripe.routes import page_of, route, search_page, within
from config.fakestripe.state import OVER, State, Thing

METHOD = one_of("charge_automatically", "send_invoice")
PRORATION = one_of("create_prorations", "always_invoice", "none")
PAYMENT_BEHAVIOUR = one_of("allow_incomplete", "default_incomplete", "error_if_incomplete", "pending_if_incomplete")
STATUS = one_of(
    "active", "past_due", "unpaid", "canceled", "incomplete", "incomplete_expired", "trialing", "paused", "all", "ended"
)
DISCOUNTS = [{"coupon": text, "promotion_code": text, "discount": text}]
TRIAL_SETTINGS: Given = {"end_behavior": {"missing_payment_method": one_of("cancel", "create_invoice", "pause")}}
ITEM: Given = {"metadata": mapping, "price": text, "quantity": whole, "tax_rates": [text]}
TERMS: Given = (
    {"automatic_tax": {"enabled": truth}, "cancel_at": whole, "cancel_at_period_end": truth, "description": text}
    | {"collection_method": METHOD, "days_until_due": whole, "default_payment_method": text, "discounts": DISCOUNTS}
    | {"default_tax_rates": [text], "metadata": mapping, "off_session": truth, "payment_behavior": PAYMENT_BEHAVIOUR}
    | {
        "payment_settings": {
            "payment_method_types": [text],
            "save_default_payment_method": one_of("off", "on_subscription"),
        }
    }
    | {"proration_behavior": PRORATION, "trial_end": moment_or_now, "trial_settings": TRIAL_SETTINGS}
    | {"invoice_settings": {"custom_fields": [{"name": text, "value": text}], "description": text, "footer": text}}
)
CREATE: Given = {**TERMS, "currency": text, "customer": text, "items": [ITEM], "trial_period_days": whole}
UPDATE: Given = {**TERMS, "items": [{**ITEM, "id": text, "deleted": truth}], "proration_date": whole}


@route("POST", "/v1/subscriptions", CREATE, required=["customer", "items"])
def create_subscription(state: State, given: Given) -> Thing:
    return subscriptions.begin(state, get_customer(state, given["customer"]), given)


@route("GET", "/v1/subscriptions/{id}", EXPAND)
def retrieve_subscription(state: State, given: Given, key: str) -> Thing:
    return state.get("subscription", key)


LIST: Given = {
    "collection_method": METHOD,
    "created": RANGE,
    "customer": text,
    "price": text,
    "status": STATUS,
    "test_clock": text,
}


@route("GET", "/v1/subscriptions", PAGE | LIST)
def list_subscriptions(state: State, given: Given) -> Thing:
    """Those that are over are listed only when asked for, as by Stripe."""
    rows = [
        one
        for one in state.all("subscription", **some(given, "collection_method", "customer", "test_clock"))
        if within(one["created"], given.get("created")) and has_status(one, given.get("status"))
        if not given.get("price") or given["price"] in {item["price"]["id"] for item in one["items"]["data"]}
    ]
    return page_of(state, rows, given, "/v1/subscriptions")


def has_status(subscription: Thing, wanted: str | None) -> bool:
    if wanted == "all":
        return True
    if wanted == "ended":
        return subscription["status"] in OVER
    return subscription["status"] == wanted if wanted else subscription["status"] not in OVER


@route("GET", "/v1/subscriptions/search", SEARCH, required=["query"])
def search_subscriptions(state: State, given: Given) -> Thing:
    return search_page(state.all("subscription"), given, "/v1/subscriptions/search")


@route("POST", "/v1/subscriptions/{id}", UPDATE)
def update_subscription(state: State, given: Given, key: str) -> Thing:
    subscription = state.get("subscription", key)
    if subscription["status"] in OVER and set(given) - {"metadata", "cancellation_details"}:
        raise invalid("A canceled subscription can only update its cancellation_details and metadata.", "id")
    with state.changing(subscription, "customer.subscription.updated"):
        apply(state, subscription, dict(given))
    return subscription


def apply(state: State, subscription: Thing, given: Given) -> None:
    check_place(get_customer(state, subscription["customer"]), given.get("automatic_tax"))
    set_terms(state, subscription, given)
    if given.get("trial_end"):
        end_trial(state, subscription, given["trial_end"])
    if given.get("items"):
        changing.change_items(state, subscription, given)
    subscriptions.set_end(subscription, given)
    if "cancel_at_period_end" in given or "cancel_at" in given:
        ends = subscription["cancel_at"]
        subscription["canceled_at"] = state.now(subscription) if ends else None
        subscription["cancellation_details"]["reason"] = "cancellation_requested" if ends else None


def set_terms(state: State, subscription: Thing, given: Given) -> None:
    plain = (
        "collection_method",
        "days_until_due",
        "default_payment_method",
        "description",
        "metadata",
        "trial_settings",
    )
    method = check_method(subscription, given)
    if card := given.get("default_payment_method"):
        state.get("payment_method", card, "default_payment_method")
    merge(subscription, {name: given[name] for name in plain if name in given})
    if method == "charge_automatically":
        subscription["days_until_due"] = None
    for name in ("invoice_settings", "payment_settings"):
        subscription[name] |= given.get(name) or {}
    if "automatic_tax" in given:
        subscription["automatic_tax"]["enabled"] = bool((given["automatic_tax"] or {}).get("enabled"))
    if "default_tax_rates" in given:
        subscription["_tax_rates"] = given["default_tax_rates"]
        subscription["default_tax_rates"] = [state.get("tax_rate", key) for key in given["default_tax_rates"]]
    if "discounts" in given:
        subscriptions.add_discounts(state, subscription, given["discounts"])


def check_method(subscription: Thing, given: Given) -> str:
    method = given.get("collection_method") or subscription["collection_method"]
    if method == "send_invoice" and given.get("days_until_due", subscription["days_until_due"]) is None:
        raise invalid("You must pass days_until_due when collection_method is send_invoice.", "days_until_due")
    return str(method)


def end_trial(state: State, subscription: Thing, moment: Any) -> None:
    """A trial is made longer or shorter, or ends now and is billed."""
    now = state.now(subscription)
    until = now if moment == "now" else int(moment)
    if until < now:
        raise invalid("Invalid timestamp: must be an integer Unix timestamp in the future.", "trial_end")
    subscription.update(trial_end=until, billing_cycle_anchor=until, _told=False)
    subscriptions.set_period(subscription, subscriptions.period_of(subscription)[0], until)
    if until == now and subscription["status"] == "trialing":
        subscriptions.renew(state, subscription)
    elif until > now:
        subscription.update(status="trialing", trial_start=subscription["trial_start"] or now)


@route(
    "DELETE",
    "/v1/subscriptions/{id}",
    {"invoice_now": truth, "prorate": truth, "cancellation_details": {"comment": text}},
)
def cancel_subscription(state: State, given: Given, key: str) -> Thing:
    subscription = state.get("subscription", key)
    if subscription["status"] in {"active", "past_due"} and given.get("prorate"):
        changing.prorate(state, subscription, subscription["items"]["data"], [], state.now(subscription))
    if subscription["status"] not in OVER and given.get("invoice_now"):
        changing.bill_now(state, subscription)
    subscriptions.end(state, subscription)
    return subscription


# Items


@route("GET", "/v1/subscription_items", PAGE | {"subscription": text}, required=["subscription"])
def list_items(state: State, given: Given) -> Thing:
    subscription = state.get("subscription", given["subscription"], "subscription")
    return page_of(state, subscription["items"]["data"], given, "/v1/subscription_items")


@route("GET", "/v1/subscription_items/{id}", EXPAND)
def retrieve_item(state: State, given: Given, key: str) -> Thing:
    return state.get("subscription_item", key)


ITEM_CHANGE = ITEM | {"proration_behavior": PRORATION, "proration_date": whole, "payment_behavior": PAYMENT_BEHAVIOUR}


@route("POST", "/v1/subscription_items/{id}", ITEM_CHANGE)
def update_item(state: State, given: Given, key: str) -> Thing:
    item = state.get("subscription_item", key)
    terms = {name: given.pop(name) for name in ("proration_behavior", "proration_date") if name in given}
    given.pop("payment_behavior", None)
    update_subscription(state, {"items": [{"id": key, **given}], **terms}, item["subscription"])
    return item
