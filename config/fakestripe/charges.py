"""What was paid by card, which invoice it was for, and what of it is paid back."""

import secrets

from config.fakestripe.amounts import DAY
from config.fakestripe.customers import REFUND_FAILS
from config.fakestripe.parameters import EXPAND, PAGE, RANGE, Given, mapping, one_of, text, whole
from config.fakestripe.refusals import Refusal, invalid
from config.fakestripe.routes import page_of, route, within
from config.fakestripe.state import State, Thing

REASON = one_of("duplicate", "fraudulent", "requested_by_customer")


def take(state: State, invoice: Thing, card: Thing) -> Thing:
    """Money comes from a card for an invoice."""
    common = {"currency": invoice["currency"], "_clock": invoice["test_clock"]}
    charge = state.add(
        "charge",
        {"amount": invoice["amount_due"], "amount_captured": invoice["amount_due"], "amount_refunded": 0}
        | {"balance_transaction": None, "captured": True, "customer": invoice["customer"], "description": None}
        | {"disputed": False, "failure_code": None, "failure_message": None, "metadata": {}, "paid": True}
        | {"payment_intent": f"pi_{secrets.token_hex(12)}", "payment_method": card["id"], "receipt_email": None}
        | {"refunded": False, "status": "succeeded", "_fails": card["_number"] in REFUND_FAILS}
        | common,
        at=state.now(invoice),
    )
    note_payment(state, invoice, charge, common)
    state.tell("charge.succeeded", charge)
    return charge


def note_payment(state: State, invoice: Thing, charge: Thing, common: Thing) -> None:
    """Which of a customer's charges was for which invoice is kept apart from both."""
    payment = {"charge": None, "payment_intent": charge["payment_intent"], "type": "payment_intent"}
    times = {"canceled_at": None, "paid_at": charge["created"]}
    values = {"amount_paid": charge["amount"], "amount_requested": charge["amount"], "invoice": invoice["id"]}
    more = {"is_default": True, "payment": payment, "status": "paid", "status_transitions": times}
    state.add("invoice_payment", values | more | common, at=charge["created"])


def charge_of(state: State, invoice: Thing) -> Thing | None:
    """The charge that paid an invoice; a bank transfer to an account of one's own is none."""
    paid = next(iter(state.all("invoice_payment", invoice=invoice["id"])), None)
    return next(iter(state.all("charge", payment_intent=paid["payment"]["payment_intent"])), None) if paid else None


def pay_back(state: State, charge: Thing, amount: int | None, **more: object) -> Thing:
    """Pay a charge back, or a part of it."""
    left = charge["amount"] - charge["amount_refunded"]
    wanted = left if amount is None else amount
    if not left:
        raise invalid(f"Charge {charge['id']} has already been refunded.", "charge", "charge_already_refunded")
    if not 0 < wanted <= left:
        raise invalid(f"Refund amount ({wanted}) is greater than unrefunded amount on charge ({left})", "amount")
    now = state.now(charge)
    values = (
        {"amount": wanted, "balance_transaction": None, "charge": charge["id"], "currency": charge["currency"]}
        | {"customer": charge["customer"], "metadata": {}, "payment_intent": charge["payment_intent"]}
        | {"reason": None, "receipt_number": None, "source_transfer_reversal": None, "status": "succeeded"}
        | {"transfer_reversal": None, "_clock": charge["_clock"], "_fails_at": now + DAY if charge["_fails"] else None}
    )
    refund = state.add("refund", values | more, at=now)
    with state.changing(charge, "charge.refunded"):
        charge["amount_refunded"] += wanted
        charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    state.tell("refund.created", refund)
    return refund


def fail(state: State, refund: Thing) -> None:
    """The bank sends it back, as it does with one of the test cards."""
    charge = state.get("charge", refund["charge"])
    charge["amount_refunded"] -= refund["amount"]
    charge["refunded"] = False
    refund.update(status="failed", failure_reason="expired_or_canceled_card", _fails_at=None)
    state.tell("charge.refund.updated", refund)
    state.tell("refund.failed", refund)


# The API


@route("GET", "/v1/charges/{id}", EXPAND)
def retrieve_charge(state: State, given: Given, key: str) -> Thing:
    return state.get("charge", key)


@route("GET", "/v1/charges", PAGE | {"created": RANGE, "customer": text, "payment_intent": text})
def list_charges(state: State, given: Given) -> Thing:
    wanted = {name: given[name] for name in ("customer", "payment_intent") if given.get(name)}
    rows = [one for one in state.all("charge", **wanted) if within(one["created"], given.get("created"))]
    return page_of(state, rows, given, "/v1/charges")


REFUND: Given = {"amount": whole, "charge": text, "metadata": mapping, "payment_intent": text, "reason": REASON}


@route("POST", "/v1/refunds", REFUND)
def create_refund(state: State, given: Given) -> Thing:
    key, intent = given.get("charge"), given.get("payment_intent")
    if not (key or intent):
        raise Refusal("One of the following params should be provided: payment_intent or charge.")
    found = state.all("charge", id=key) if key else state.all("charge", payment_intent=intent)
    charge = found[0] if found else state.get("charge", key or intent, "charge" if key else "payment_intent")
    more = {"reason": given.get("reason"), "metadata": given.get("metadata") or {}}
    return pay_back(state, charge, given.get("amount"), **more)


@route("GET", "/v1/refunds/{id}", EXPAND)
def retrieve_refund(state: State, given: Given, key: str) -> Thing:
    return state.get("refund", key)


@route("GET", "/v1/refunds", PAGE | {"charge": text, "created": RANGE, "payment_intent": text})
def list_refunds(state: State, given: Given) -> Thing:
    wanted = {name: given[name] for name in ("charge", "payment_intent") if given.get(name)}
    rows = [one for one in state.all("refund", **wanted) if within(one["created"], given.get("created"))]
    return page_of(state, rows, given, "/v1/refunds")
