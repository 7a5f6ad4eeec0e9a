"""An invoice's life: drafted, finalised, paid or not, voided; and what that does to its subscription."""

import secrets

from config.fakestripe import charges
from config.fakestripe.amounts import DAY, reckon
from config.fakestripe.customers import CARDS, get_customer
from config.fakestripe.refusals import Refusal, declined, invalid
from config.fakestripe.state import State, Thing, listed

DRAFT_SECONDS = 3600  # an invoice that a period brings can be changed for an hour
RETRY_DAYS = (3, 5, 7)  # after the last one the subscription stays past due, as set for the account


def line_of(
    amount: int, description: str, price: Thing | None, *, period: tuple[int, int], parent: Thing, **more: object
) -> Thing:
    return (
        {"id": f"il_{secrets.token_hex(12)}", "object": "line_item", "amount": amount, "subtotal": amount}
        | {"currency": "gbp", "description": description, "discount_amounts": [], "discountable": True}
        | {"discounts": [], "livemode": False, "metadata": {}, "parent": parent}
        | {"pretax_credit_amounts": [], "period": {"start": period[0], "end": period[1]}}
        | {"pricing": pricing_of(price), "quantity": 1, "taxes": [], "subscription": None, "_tax_rates": []}
        | {"_tax_behavior": (price or {}).get("tax_behavior")}
        | more
    )


def pricing_of(price: Thing | None) -> Thing | None:
    return price and {
        "price_details": {"price": price["id"], "product": price["product"]},
        "type": "price_details",
        "unit_amount_decimal": price["unit_amount_decimal"],
    }


def draft(
    state: State, customer: Thing, lines: list[Thing], *, subscription: Thing | None = None, **more: object
) -> Thing:
    """A draft that becomes final in an hour unless `auto_advance` is taken from it."""
    values = EMPTY | facts_of(state, customer, subscription or {}) | more
    invoice = state.add("invoice", values)
    invoice["lines"] = listed(lines, f"/v1/invoices/{invoice['id']}/lines")
    for line in lines:
        line.update(invoice=invoice["id"], currency=invoice["currency"])
        mark_taken(state, line)
    reckon(state, invoice)
    if subscription:
        subscription["latest_invoice"] = invoice["id"]
    state.tell("invoice.created", invoice)
    return invoice


def facts_of(state: State, customer: Thing, source: Thing) -> Thing:
    """What an invoice takes from its customer, and from its subscription where it has one."""
    now = state.now(customer)
    return (
        {"billing_reason": "manual", "auto_advance": True, "customer": customer["id"], "discounts": []}
        | {"automatically_finalizes_at": now + DRAFT_SECONDS, "collection_method": "charge_automatically"}
        | {"currency": source.get("currency") or customer["currency"] or "gbp"}
        | {"customer_address": customer["address"], "customer_email": customer["email"]}
        | {"customer_name": customer["name"], "metadata": {}, "customer_phone": customer["phone"]}
        | {"customer_tax_exempt": customer["tax_exempt"]}
        | {"custom_fields": customer["invoice_settings"]["custom_fields"]}
        | {"footer": customer["invoice_settings"]["footer"], "period_end": now, "period_start": now}
        | {"test_clock": customer["test_clock"], "_tax_rates": source.get("_tax_rates", []), "_days": None}
        | {"automatic_tax": {**AUTOMATIC_TAX, "enabled": bool(source) and source["automatic_tax"]["enabled"]}}
        | {"status_transitions": dict.fromkeys(("finalized_at", "marked_uncollectible_at", "paid_at", "voided_at"))}
        | ({"parent": parent_of(source), **terms_of(state, source)} if source else {})
    )


def mark_taken(state: State, line: Thing) -> None:
    """What waited for an invoice is on this one, and on no other."""
    details = line["parent"]["invoice_item_details"]
    if details:
        state.tables["invoiceitem"][details["invoice_item"]]["invoice"] = line["invoice"]


AUTOMATIC_TAX = {"disabled_reason": None, "enabled": False, "liability": None, "provider": None, "status": None}
EMPTY: Thing = {
    "account_country": "GB",
    "account_name": "SBM Collective (stand-in)",
    "amount_overpaid": 0,
    "amount_paid": 0,
    "amount_paid_off_stripe": 0,
    "amount_shipping": 0,
    "attempt_count": 0,
    "attempted": False,
    "default_payment_method": None,
    "description": None,
    "due_date": None,
    "effective_at": None,
    "ending_balance": None,
    "hosted_invoice_url": None,
    "invoice_pdf": None,
    "next_payment_attempt": None,
    "number": None,
    "parent": None,
    "post_payment_credit_notes_amount": 0,
    "pre_payment_credit_notes_amount": 0,
    "starting_balance": 0,
    "status": "draft",
    "status_details": None,
    "issuer": {"type": "self"},
}


def parent_of(subscription: Thing) -> Thing:
    details = {"metadata": dict(subscription["metadata"]), "subscription": subscription["id"]}
    return {"quote_details": None, "subscription_details": details, "type": "subscription_details"}


def terms_of(state: State, subscription: Thing) -> Thing:
    """How the subscription's invoices are paid; a discount for once is used up here."""
    settings = {name: value for name, value in subscription["invoice_settings"].items() if value and name != "issuer"}
    discounts = [key for key in subscription["discounts"] if is_running(state, key, state.now(subscription))]
    once = [key for key in discounts if coupon_of(state, key)["duration"] == "once"]
    subscription["discounts"] = [key for key in discounts if key not in once]
    return {
        "collection_method": subscription["collection_method"],
        "discounts": discounts,
        **settings,
        "default_payment_method": None,
        "_days": subscription["days_until_due"],
    }


def is_running(state: State, key: str, now: int) -> bool:
    end = state.get("discount", key)["end"]
    return end is None or now < end


def coupon_of(state: State, key: str) -> Thing:
    return state.get("coupon", state.get("discount", key)["source"]["coupon"])


def subscription_of(state: State, invoice: Thing) -> Thing | None:
    details = (invoice["parent"] or {}).get("subscription_details") or {}
    return state.tables["subscription"].get(details.get("subscription") or "")


# Final


def finalise(state: State, invoice: Thing, *, collect: bool = True) -> Refusal | None:
    """Give it its number and ask for the money; returns why a card was declined."""
    if invoice["status"] != "draft":
        raise invalid(
            "This invoice is already finalized, you can't re-finalize a non-draft invoice.",
            "invoice",
            "invoice_not_editable",
        )
    customer, now = get_customer(state, invoice["customer"]), state.now(invoice)
    reckon(state, invoice)
    with state.changing(invoice, "invoice.finalized"):
        invoice |= (
            {"number": f"{customer['invoice_prefix']}-{customer['next_invoice_sequence']:04d}"}
            | {"status": "open", "effective_at": now, "automatically_finalizes_at": None}
            | {"hosted_invoice_url": f"{state.origin}/i/{invoice['id']}"}
            | {"invoice_pdf": f"{state.origin}/i/{invoice['id']}/pdf"}
        )
        invoice["status_transitions"]["finalized_at"] = now
        if invoice["collection_method"] == "send_invoice" and not invoice["due_date"]:
            invoice["due_date"] = now + (invoice["_days"] or 0) * DAY
        customer["next_invoice_sequence"] += 1
        use_balance(customer, invoice)
    return ask_for_money(state, invoice, collect=collect)


def use_balance(customer: Thing, invoice: Thing) -> None:
    """Credit pays first; what an invoice owes the customer becomes credit."""
    invoice["starting_balance"], total = customer["balance"], invoice["total"]
    due = max(total + min(customer["balance"], 0), 0)
    customer["balance"] = min(customer["balance"] + total, 0) if customer["balance"] <= 0 else customer["balance"]
    invoice |= {"amount_due": due, "amount_remaining": due, "ending_balance": customer["balance"]}


def ask_for_money(state: State, invoice: Thing, *, collect: bool) -> Refusal | None:
    if invoice["amount_due"] == 0:
        settle(state, invoice)
    elif invoice["collection_method"] == "send_invoice":
        if invoice["auto_advance"]:
            state.tell("invoice.sent", invoice)
    elif collect and invoice["auto_advance"]:
        return charge(state, invoice)
    return None


# Money


def card_for(state: State, invoice: Thing) -> Thing | None:
    """The card that pays: the invoice's own, the subscription's, the customer's."""
    customer, subscription = get_customer(state, invoice["customer"]), subscription_of(state, invoice) or {}
    key = (
        invoice["default_payment_method"]
        or subscription.get("default_payment_method")
        or customer["invoice_settings"]["default_payment_method"]
    )
    return state.tables["payment_method"].get(key)


def charge(state: State, invoice: Thing, card: Thing | None = None) -> Refusal | None:
    """Try the card, and write down what came of it."""
    card = card or card_for(state, invoice)
    reason = CARDS[card["_number"]][2] if card else "no_card"
    invoice |= {"attempted": True, "attempt_count": invoice["attempt_count"] + 1}
    if card and not reason:
        settle(state, invoice, card=card)
        return None
    tried = invoice["attempt_count"]
    later = state.now(invoice) + RETRY_DAYS[tried - 1] * DAY if tried <= len(RETRY_DAYS) else None
    invoice["next_payment_attempt"] = later if invoice["auto_advance"] else None
    state.tell("invoice.payment_failed", invoice)
    move_subscription(state, invoice, {"active": "past_due", "trialing": "past_due"})
    if card:
        return declined(reason)
    return invalid("This customer has no attached payment source or default payment method.", code="resource_missing")


def settle(state: State, invoice: Thing, *, off_stripe: bool = False, card: Thing | None = None) -> None:
    """The money is there."""
    due = invoice["amount_due"]
    if card:
        charges.take(state, invoice, card)
    invoice |= (
        {"status": "paid", "amount_paid": due, "amount_remaining": 0, "attempted": True}
        | {"amount_paid_off_stripe": due if off_stripe else 0, "next_payment_attempt": None}
        | {"_overdue": False}
    )
    invoice["status_transitions"]["paid_at"] = state.now(invoice)
    state.tell("invoice.paid", invoice)
    if not off_stripe:
        state.tell("invoice.payment_succeeded", invoice)
    move_subscription(state, invoice, dict.fromkeys(("past_due", "unpaid", "incomplete"), "active"))


def close(state: State, invoice: Thing, status: str) -> Thing:
    """Void it, or give its money up; both let the subscription go on."""
    if invoice["status"] not in {"open", "uncollectible"} or invoice["status"] == status:
        raise invalid(f"You can only mark an open invoice as {status}; this one is {invoice['status']}.", "invoice")
    stamp = {"void": "voided_at", "uncollectible": "marked_uncollectible_at"}[status]
    invoice |= {"status": status, "next_payment_attempt": None}
    invoice["status_transitions"][stamp] = state.now(invoice)
    state.tell({"void": "invoice.voided", "uncollectible": "invoice.marked_uncollectible"}[status], invoice)
    move_subscription(state, invoice, dict.fromkeys(("past_due", "unpaid"), "active"))
    return invoice


def become_overdue(state: State, invoice: Thing) -> None:
    """The day by which an invoice was to be paid has passed."""
    invoice["_overdue"] = True
    state.tell("invoice.overdue", invoice)
    move_subscription(state, invoice, {"active": "past_due"})


def move_subscription(state: State, invoice: Thing, moves: dict[str, str]) -> None:
    """A subscription's status follows its latest invoice, and no other."""
    subscription = subscription_of(state, invoice)
    if subscription and subscription["latest_invoice"] == invoice["id"] and subscription["status"] in moves:
        with state.changing(subscription, "customer.subscription.updated"):
            subscription["status"] = moves[subscription["status"]]
