"""Credit notes: what is taken off an invoice that is owed, or given back of one that is paid."""

import secrets

from config.fakestripe import charges, invoicing
from config.fakestripe.customers import get_customer
from config.fakestripe.parameters import EXPAND, PAGE, RANGE, Given, mapping, one_of, text, whole
from config.fakestripe.refusals import Refusal, invalid
from config.fakestripe.routes import page_of, route, within
from config.fakestripe.state import State, Thing, listed

CREATE: Given = (
    {"amount": whole, "credit_amount": whole, "email_type": one_of("credit_note", "none"), "invoice": text}
    | {"memo": text, "metadata": mapping, "out_of_band_amount": whole, "refund_amount": whole}
    | {"reason": one_of("duplicate", "fraudulent", "order_change", "product_unsatisfactory")}
)


@route("POST", "/v1/credit_notes", CREATE, required=["invoice", "amount"])
def create_credit_note(state: State, given: Given) -> Thing:
    invoice = state.get("invoice", given["invoice"], "invoice")
    before, after = split(invoice, given)
    credit, back = given.get("credit_amount") or 0, given.get("refund_amount") or 0
    note = state.add("credit_note", facts_of(state, invoice, given, before, after), at=state.now(invoice))
    if back:
        note["refunds"] = [refund_of(state, invoice, back)]
    if credit:
        customer = get_customer(state, invoice["customer"])
        note["customer_balance_transaction"] = f"cbtxn_{secrets.token_hex(12)}"
        with state.changing(customer, "customer.updated"):
            customer["balance"] -= credit
    take_off(state, invoice, before, after)
    state.tell("credit_note.created", note)
    if invoice["status"] == "open" and not invoice["amount_remaining"]:
        invoicing.settle(state, invoice)
    return note


def split(invoice: Thing, given: Given) -> tuple[int, int]:
    """How much is taken off what is owed, and how much is given back of what is paid; refuses what does not add up."""
    if invoice["status"] not in {"open", "paid"}:
        raise invalid(f"You can only credit an open or paid invoice; this one is {invoice['status']}.", "invoice")
    amount = given["amount"] or 0
    left = invoice["total"] - sum(invoice[name] for name in TAKEN_OFF)
    if not 0 < amount <= left:
        raise invalid(f"The credit note's total of {amount} is more than the {left} left of the invoice.", "amount")
    before = min(amount, invoice["amount_remaining"])
    named = sum(given.get(name) or 0 for name in ("credit_amount", "refund_amount", "out_of_band_amount"))
    if named != amount - before:
        raise invalid(
            "The sum of credit amount, refund amount and out of band amount must equal the post payment amount"
            f" of {amount - before}.",
            "credit_amount",
        )
    return before, amount - before


TAKEN_OFF = ("pre_payment_credit_notes_amount", "post_payment_credit_notes_amount")


def facts_of(state: State, invoice: Thing, given: Given, before: int, after: int) -> Thing:
    total, now = before + after, state.now(invoice)
    number = len(state.all("credit_note", invoice=invoice["id"])) + 1
    taxes = [tax | share_of(tax, total, invoice["total"]) for tax in invoice["total_taxes"]]
    net = total - sum(tax["amount"] for tax in taxes)
    return (
        {"amount": total, "amount_shipping": 0, "currency": invoice["currency"], "customer": invoice["customer"]}
        | {"customer_balance_transaction": None, "discount_amount": 0, "discount_amounts": [], "effective_at": now}
        | {"invoice": invoice["id"], "lines": listed([], ""), "memo": given.get("memo")}
        | {"metadata": given.get("metadata") or {}, "number": f"{invoice['number']}-CN-{number:02}"}
        | {"out_of_band_amount": given.get("out_of_band_amount"), "pdf": f"{state.origin}/i/{invoice['id']}/pdf"}
        | {"post_payment_amount": after, "pre_payment_amount": before, "pretax_credit_amounts": []}
        | {"reason": given.get("reason"), "refunds": [], "shipping_cost": None, "status": "issued"}
        | {"subtotal": net, "subtotal_excluding_tax": net, "total": total, "total_excluding_tax": net}
        | {"total_taxes": taxes, "voided_at": None, "_clock": invoice["test_clock"]}
        | {"type": "mixed" if before and after else "pre_payment" if before else "post_payment"}
    )


def share_of(tax: Thing, part: int, whole_sum: int) -> Thing:
    return {name: round(tax[name] * part / whole_sum) for name in ("amount", "taxable_amount")}


def refund_of(state: State, invoice: Thing, amount: int) -> Thing:
    charge = charges.charge_of(state, invoice)
    if charge is None:
        raise invalid("This invoice has no payment that could be refunded.", "refund_amount")
    refund = charges.pay_back(state, charge, amount)
    return {"amount_refunded": amount, "payment_record_refund": None, "refund": refund["id"], "type": "refund"}


def take_off(state: State, invoice: Thing, before: int, after: int) -> None:
    with state.changing(invoice, "invoice.updated"):
        for name in ("amount_due", "amount_remaining"):
            invoice[name] -= before
        for name, amount in zip(TAKEN_OFF, (before, after), strict=True):
            invoice[name] += amount


@route("POST", "/v1/credit_notes/{id}/void", {})
def void_credit_note(state: State, given: Given, key: str) -> Thing:
    """Only what was taken off an invoice that is still owed can be put on it again."""
    note = state.get("credit_note", key)
    invoice = state.get("invoice", note["invoice"])
    if note["status"] == "void" or invoice["status"] != "open":
        raise invalid("You can only void an issued credit note of an open invoice.", "id")
    note.update(status="void", voided_at=state.now(note))
    take_off(state, invoice, -note["pre_payment_amount"], 0)
    state.tell("credit_note.voided", note)
    return note


@route("GET", "/v1/credit_notes/{id}", EXPAND)
def retrieve_credit_note(state: State, given: Given, key: str) -> Thing:
    return state.get("credit_note", key)


@route("GET", "/v1/credit_notes", PAGE | {"created": RANGE, "customer": text, "invoice": text})
def list_credit_notes(state: State, given: Given) -> Thing:
    wanted = {name: given[name] for name in ("customer", "invoice") if given.get(name)}
    rows = [one for one in state.all("credit_note", **wanted) if within(one["created"], given.get("created"))]
    return page_of(state, rows, given, "/v1/credit_notes")


# What a person does on the front page


def give(state: State, form: dict[str, str]) -> str:
    """Pay an amount of an invoice back, or credit it; returns what was done."""
    invoice = state.get("invoice", form.get("invoice"), "invoice")
    amount = pence_of(form.get("pounds", ""))
    charge, named = charges.charge_of(state, invoice), {"invoice": invoice["id"], "amount": amount}
    if form.get("action") == "refund" and charge:
        charges.pay_back(state, charge, amount)
    elif form.get("action") == "refund":
        create_credit_note(state, named | {"out_of_band_amount": amount})
    else:
        create_credit_note(state, named | {"credit_amount": max(amount - invoice["amount_remaining"], 0)})
    return "It is paid back." if form.get("action") == "refund" else "It is credited."


def pence_of(pounds: str) -> int:
    try:
        return round(float(pounds) * 100)
    except ValueError:
        raise Refusal("Enter an amount in pounds, such as 12.50.") from None
