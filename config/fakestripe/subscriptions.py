"""Subscriptions: begun, changed with proration, renewed, ended."""

from config.fakestripe import amounts, invoicing
from config.fakestripe.amounts import DAY, period_end
from config.fakestripe.catalogue import is_redeemable
from config.fakestripe.customers import CARDS, get_customer
from config.fakestripe.parameters import Given
from config.fakestripe.refusals import Refusal, declined, invalid
from config.fakestripe.state import OVER, State, Thing, listed

TRIAL_WARNING = 3 * DAY
INCOMPLETE_SECONDS = 23 * 3600


# Begun


def begin(state: State, customer: Thing, given: Given) -> Thing:
    """A new subscription with its first invoice; raises Refusal where a card must pay and cannot."""
    now = state.now(customer)
    check_terms(customer, given)
    check_card(state, customer, given)
    subscription = state.add("subscription", EMPTY | terms(state, customer, given, now))
    price = add_items(state, subscription, given["items"], now)
    customer["currency"] = subscription["currency"] = price["currency"]
    if subscription["trial_end"]:
        subscription["status"] = "trialing"
    start, end = now, subscription["trial_end"] or period_end(now, price["recurring"], now)
    set_period(subscription, start, end)
    add_discounts(state, subscription, given.get("discounts") or [])
    set_end(subscription, given)
    state.tell("customer.subscription.created", subscription)
    first_invoice(state, customer, subscription, given.get("payment_behavior") or "allow_incomplete")
    return subscription


def check_terms(customer: Thing, given: Given) -> None:
    by_invoice = given.get("collection_method") == "send_invoice"
    if by_invoice and given.get("days_until_due") is None:
        raise invalid("You must pass days_until_due when collection_method is send_invoice.", "days_until_due")
    if not by_invoice and given.get("days_until_due") is not None:
        raise invalid("days_until_due goes with collection_method=send_invoice only.", "days_until_due")
    if by_invoice and not customer["email"]:
        raise invalid("Missing email. In order to send invoices, the customer must have a valid email.", "customer")
    amounts.check_place(customer, given.get("automatic_tax"))


def check_card(state: State, customer: Thing, given: Given) -> None:
    """With error_if_incomplete nothing begins unless the card will pay."""
    behaviour, by_invoice = given.get("payment_behavior"), given.get("collection_method") == "send_invoice"
    if behaviour != "error_if_incomplete" or by_invoice or trial_end_of(given, state.now(customer)):
        return
    key = given.get("default_payment_method") or customer["invoice_settings"]["default_payment_method"]
    card = state.get("payment_method", key, "default_payment_method")
    if reason := CARDS[card["_number"]][2]:
        raise declined(reason)


EMPTY: Thing = {
    "application": None,
    "billing_cycle_anchor_config": None,
    "billing_thresholds": None,
    "cancel_at": None,
    "application_fee_percent": None,
    "cancel_at_period_end": False,
    "canceled_at": None,
    "ended_at": None,
    "cancellation_details": {"comment": None, "feedback": None, "reason": None},
    "currency": "gbp",
    "latest_invoice": None,
    "next_pending_invoice_item_invoice": None,
    "on_behalf_of": None,
    "pause_collection": None,
    "pending_invoice_item_interval": None,
    "pending_setup_intent": None,
    "pending_update": None,
    "schedule": None,
    "status": "active",
    "transfer_data": None,
    "default_source": None,
    "billing_mode": {"type": "classic"},
}


def terms(state: State, customer: Thing, given: Given, now: int) -> Thing:
    trial_end = trial_end_of(given, now)
    rates = given.get("default_tax_rates") or []
    return (
        {"automatic_tax": tax_terms(given), "billing_cycle_anchor": trial_end or now}
        | {"customer": customer["id"]}
        | {"collection_method": given.get("collection_method") or "charge_automatically"}
        | {"days_until_due": given.get("days_until_due"), "description": given.get("description")}
        | {"discounts": [], "default_payment_method": given.get("default_payment_method")}
        | {"metadata": given.get("metadata") or {}}
        | {"default_tax_rates": [state.get("tax_rate", key, "default_tax_rates") for key in rates]}
        | {"invoice_settings": INVOICE_SETTINGS | (given.get("invoice_settings") or {})}
        | {"_tax_rates": rates}
        | {"payment_settings": PAYMENT_SETTINGS | (given.get("payment_settings") or {}), "start_date": now}
        | {"test_clock": customer["test_clock"], "trial_end": trial_end}
        | {"trial_start": now if trial_end else None}
        | {
            "trial_settings": given.get("trial_settings")
            or {"end_behavior": {"missing_payment_method": "create_invoice"}}
        }
    )


INVOICE_SETTINGS: Thing = {"account_tax_ids": None, "issuer": {"type": "self"}}
PAYMENT_SETTINGS: Thing = {
    "payment_method_options": None,
    "payment_method_types": None,
    "save_default_payment_method": "off",
}


def tax_terms(given: Given) -> Thing:
    return {
        "disabled_reason": None,
        "enabled": bool((given.get("automatic_tax") or {}).get("enabled")),
        "liability": None,
    }


def trial_end_of(given: Given, now: int) -> int | None:
    end = given.get("trial_end")
    if end is not None and given.get("trial_period_days") is not None:
        raise invalid("You can pass only one of trial_end and trial_period_days.", "trial_end")
    if given.get("trial_period_days"):
        return now + int(given["trial_period_days"]) * DAY
    if end in (None, "now"):
        return None
    if int(str(end)) <= now:
        raise invalid("Invalid timestamp: must be an integer Unix timestamp in the future.", "trial_end")
    return int(str(end))


def add_items(state: State, subscription: Thing, items: list[Given], now: int) -> Thing:
    """The items with their prices; all must be of one currency and interval. Returns the first price."""
    subscription["items"] = listed([], f"/v1/subscription_items?subscription={subscription['id']}")
    for item in items:
        add_item(state, subscription, item, now)
    prices = [item["price"] for item in subscription["items"]["data"]]
    if len({(price["currency"], price["recurring"]["interval"]) for price in prices}) > 1:
        raise invalid("All prices on a subscription must have the same currency and interval.", "items")
    return prices[0]


def add_item(state: State, subscription: Thing, item: Given, now: int) -> Thing:
    price = recurring_price(state, item.get("price"), "items[0][price]")
    values = (
        {"billing_thresholds": None, "current_period_start": now, "current_period_end": now}
        | {"discounts": [], "metadata": item.get("metadata") or {}, "price": price}
        | {"quantity": item.get("quantity", 1), "subscription": subscription["id"]}
        | {"tax_rates": item.get("tax_rates") or []}
    )
    made = state.add("subscription_item", values, at=now)
    subscription["items"]["data"].append(made)
    return made


def recurring_price(state: State, key: str | None, param: str) -> Thing:
    price = state.get("price", key, param)
    if not price["recurring"]:
        raise invalid(
            "The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.",
            param,
        )
    if not price["active"]:
        raise invalid("The price specified is inactive. This field only accepts active prices.", param)
    return price


def add_discounts(state: State, subscription: Thing, given: list[Given]) -> None:
    """Coupons and promotion codes; a discount id that is there already stays."""
    kept = [one["discount"] for one in given if one.get("discount")]
    made = [make_discount(state, subscription, one)["id"] for one in given if not one.get("discount")]
    subscription["discounts"] = kept + made


def make_discount(state: State, subscription: Thing, given: Given) -> Thing:
    code = state.get("promotion_code", given["promotion_code"], "discounts") if given.get("promotion_code") else None
    coupon = state.get("coupon", code["promotion"]["coupon"] if code else given.get("coupon"), "discounts")
    now = state.now(subscription)
    for thing in filter(None, (coupon, code)):
        if not is_redeemable(thing, now):
            raise invalid(
                f"{thing['object'].replace('_', ' ').capitalize()} {thing['id']} is expired or used up.", "discounts"
            )
        thing["times_redeemed"] += 1
    months = coupon["duration_in_months"]
    end = amounts.after_periods(now, {"interval": "month", "interval_count": 1}, months) if months else None
    values = (
        {"checkout_session": None, "customer": subscription["customer"], "end": end, "invoice": None}
        | {"invoice_item": None, "promotion_code": code["id"] if code else None, "start": now}
        | {"source": {"coupon": coupon["id"], "type": "coupon"}, "subscription": subscription["id"]}
        | {"subscription_item": None}
    )
    return state.add("discount", values)


def set_period(subscription: Thing, start: int, end: int) -> None:
    for item in subscription["items"]["data"]:
        item.update(current_period_start=start, current_period_end=end)


def period_of(subscription: Thing) -> tuple[int, int]:
    item = subscription["items"]["data"][0]
    return item["current_period_start"], item["current_period_end"]


# Invoices


def first_invoice(state: State, customer: Thing, subscription: Thing, behaviour: str) -> None:
    lines = period_lines(state, subscription, period_of(subscription), free=bool(subscription["trial_end"]))
    invoice = invoicing.draft(
        *(state, customer, lines + pending_lines(state, subscription)),
        subscription=subscription,
        billing_reason="subscription_create",
    )
    if subscription["collection_method"] == "send_invoice" and invoice["amount_due"]:
        return  # a draft for an hour
    if invoice["amount_due"]:
        subscription["status"] = "incomplete"
    refused = invoicing.finalise(state, invoice, collect=behaviour != "default_incomplete")
    if refused:
        invoice["next_payment_attempt"] = None  # who signs up tries again; nobody is charged later


def period_lines(state: State, subscription: Thing, period: tuple[int, int], *, free: bool = False) -> list[Thing]:
    return [
        invoicing.line_of(
            *(
                0 if free else item["price"]["unit_amount"] * item["quantity"],
                "Trial period" if free else describe(state, item),
            ),
            *(item["price"],),
            period=period,
            quantity=item["quantity"],
            subscription=subscription["id"],
            parent=line_parent(subscription, item),
            _tax_rates=item["tax_rates"],
        )
        for item in subscription["items"]["data"]
    ]


def describe(state: State, item: Thing) -> str:
    price = item["price"]
    name = state.get("product", price["product"])["name"]
    return f"{item['quantity']} × {name} ({amounts.every(price['recurring'])})"


def line_parent(subscription: Thing, item: Thing) -> Thing:
    details = {
        "invoice_item": None,
        "proration": False,
        "proration_details": {"credited_items": None},
        "subscription": subscription["id"],
        "subscription_item": item["id"],
    }
    return {"invoice_item_details": None, "subscription_item_details": details, "type": "subscription_item_details"}


def pending_lines(state: State, subscription: Thing) -> list[Thing]:
    """What waits for the next invoice, as its lines."""
    found = state.all("invoiceitem", customer=subscription["customer"], invoice=None, _subscription=subscription["id"])
    return [invoice_item_line(state, item) for item in found]


def invoice_item_line(state: State, item: Thing) -> Thing:
    details = {
        "invoice_item": item["id"],
        "proration": item["proration"],
        "subscription": item["_subscription"],
        "proration_details": item["proration_details"],
    }
    parent = {"invoice_item_details": details, "subscription_item_details": None, "type": "invoice_item_details"}
    return invoicing.line_of(
        *(item["amount"], item["description"], item["_price"]),
        period=(item["period"]["start"], item["period"]["end"]),
        quantity=item["quantity"],
        parent=parent,
        discountable=item["discountable"],
        _tax_rates=[],
        _tax_behavior=item.get("_tax_behavior") or (item["_price"] or {}).get("tax_behavior"),
        subscription=item["_subscription"],
    )


# Renewed and ended


def renew(state: State, subscription: Thing) -> None:
    """The next period with its invoice, which is a draft for an hour; a trial's end is the first."""
    start = period_of(subscription)[1]
    was_trial = subscription["status"] == "trialing"
    if was_trial and no_card_ends_it(state, subscription):
        return
    item = subscription["items"]["data"][0]
    with state.changing(subscription, "customer.subscription.updated"):
        set_period(
            subscription, start, period_end(subscription["billing_cycle_anchor"], item["price"]["recurring"], start)
        )
        subscription["status"] = "active" if was_trial else subscription["status"]
        invoicing.draft(
            *(state, get_customer(state, subscription["customer"])),
            period_lines(state, subscription, period_of(subscription)) + pending_lines(state, subscription),
            subscription=subscription,
            billing_reason="subscription_cycle",
            auto_advance=subscription["status"] != "unpaid",
        )


def no_card_ends_it(state: State, subscription: Thing) -> bool:
    """What is set for a trial that ends without a card: an invoice all the same, or the end."""
    behaviour = subscription["trial_settings"]["end_behavior"]["missing_payment_method"]
    customer = get_customer(state, subscription["customer"])
    card = subscription["default_payment_method"] or customer["invoice_settings"]["default_payment_method"]
    if behaviour != "cancel" or card or subscription["collection_method"] == "send_invoice":
        return False
    end(state, subscription)
    return True


def set_end(subscription: Thing, given: Given) -> None:
    """cancel_at_period_end and cancel_at, which go together."""
    if "cancel_at_period_end" in given:
        at_end = given["cancel_at_period_end"]
        subscription.update(cancel_at_period_end=at_end, cancel_at=period_of(subscription)[1] if at_end else None)
    elif "cancel_at" in given:
        subscription.update(cancel_at_period_end=False, cancel_at=given["cancel_at"])


def end(state: State, subscription: Thing) -> None:
    """It is over now."""
    if subscription["status"] in OVER:
        raise Refusal(f"No such subscription: '{subscription['id']}'", status=404, code="resource_missing", param="id")
    now = state.now(subscription)
    subscription.update(status="canceled", ended_at=now, canceled_at=subscription["canceled_at"] or now)
    subscription["cancellation_details"]["reason"] = "cancellation_requested"
    for invoice in state.all("invoice", customer=subscription["customer"], status="draft"):
        if invoicing.subscription_of(state, invoice) is subscription:
            invoice["auto_advance"] = False
    state.tell("customer.subscription.deleted", subscription)


def expire_incomplete(state: State, subscription: Thing) -> None:
    """The first payment did not come within a day."""
    with state.changing(subscription, "customer.subscription.updated"):
        subscription.update(status="incomplete_expired", ended_at=state.now(subscription))
    invoice = state.tables["invoice"][subscription["latest_invoice"]]
    if invoice["status"] == "open":
        invoicing.close(state, invoice, "void")
