"""Invoices as Stripe's objects tell of them: what each is for, what is owed of it, and what of it was given back.

Only the gateway asks Stripe; here is what it was answered, read without asking more.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from shared_apps.billing.enums import InvoiceState

type Thing = dict[str, Any]

STATES = {
    "open": InvoiceState.OPEN,
    "uncollectible": InvoiceState.OPEN,  # written off by Stripe, and owed all the same
    "paid": InvoiceState.PAID,
    "void": InvoiceState.VOID,
}
_NO_REFUNDS = ("failed", "canceled")


@dataclass(frozen=True, slots=True)
class Bill:
    """An invoice as it stands at Stripe now.

    What was paid of it from the customer's credit, credited by credit notes and paid back are three sums of which none
    counts twice; `given_back_at` is when nothing of it was left.
    """

    id: str
    number: str
    description: str
    purchase_order: str
    state: InvoiceState
    is_sent: bool
    pence_net: int
    pence_vat: int
    pence_from_credit: int
    pence_credited: int
    pence_refunded: int
    covers_from: datetime
    covers_until: datetime
    issued_at: datetime
    due_at: datetime
    paid_at: datetime | None
    given_back_at: datetime | None
    pay_url: str

    @property
    def vat_basis_points(self) -> int:
        """The rate that was charged; 2000 is 20 %."""
        return round(self.pence_vat * 10_000 / self.pence_net) if self.pence_net else 0


@dataclass(frozen=True, slots=True)
class _Back:
    """What was given back of one invoice, and when the last of it was."""

    credited: int
    refunded: int
    latest: int


def read(invoices: Iterable[Thing], charges: Iterable[Thing], notes: Iterable[Thing]) -> list[Bill]:
    """Return the bills of a customer, the first first; drafts and what only opens a trial are none.

    Invoices come with their payments, charges with their refunds, and all with the latest first.
    """
    known = [each for each in invoices if each["status"] in STATES][::-1]
    paid, issued = list(charges), [each for each in notes if each["status"] == "issued"]
    unused = [period for each in known for period in _unused(each)]
    bills = [_bill(each, _back(each, paid, issued)) for each in known if each["subtotal"] > 0]
    return [_without(bill, unused) for bill in bills]


def time(seconds: int) -> datetime:
    """Return a moment as Stripe tells it."""
    return datetime.fromtimestamp(seconds, UTC)


def _bill(invoice: Thing, back: _Back) -> Bill:
    lines = invoice["lines"]["data"]
    return Bill(
        id=invoice["id"],
        number=invoice["number"] or invoice["id"],
        description=str(lines[0]["description"] or "")[:120] if lines else "",
        purchase_order=next((each["value"][:30] for each in invoice.get("custom_fields") or []), ""),
        state=STATES[invoice["status"]],
        is_sent=invoice["collection_method"] == "send_invoice",
        pay_url=invoice.get("hosted_invoice_url") or "",
        **_sums(invoice, back),
        **_times(invoice, back),
    )


def _sums(invoice: Thing, back: _Back) -> dict[str, int]:
    vat, total = sum(each["amount"] for each in invoice.get("total_taxes") or []), invoice["total"]
    return {
        "pence_net": max(0, total - vat),
        "pence_vat": max(0, vat),
        "pence_from_credit": max(0, total - invoice["pre_payment_credit_notes_amount"] - invoice["amount_due"]),
        "pence_credited": back.credited,
        "pence_refunded": back.refunded,
    }


def _times(invoice: Thing, back: _Back) -> dict[str, Any]:
    lines, times, is_paid = invoice["lines"]["data"], invoice["status_transitions"], invoice["status"] == "paid"
    issued = times["finalized_at"] or invoice["created"]
    covers_from, covers_until = min(_ends(lines, "start"), default=issued), max(_ends(lines, "end"), default=issued)
    is_gone = is_paid and 0 < invoice["total"] <= back.credited + back.refunded
    return {
        "covers_from": time(covers_from),
        "covers_until": time(max(covers_until, covers_from + 1)),
        "issued_at": time(issued),
        "due_at": time(invoice["due_date"] or issued),
        "paid_at": time(times["paid_at"] or issued) if is_paid else None,
        "given_back_at": time(back.latest) if is_gone else None,
    }


def _back(invoice: Thing, charges: list[Thing], notes: list[Thing]) -> _Back:
    """Add up what was paid back of an invoice's charges, and what its credit notes say beside that."""
    paid_by = {key for each in invoice["payments"]["data"] for key in _keys(each["payment"])}
    its_charges = [each for each in charges if paid_by & {each["id"], each["payment_intent"]}]
    its_notes = [each for each in notes if each["invoice"] == invoice["id"]]
    outside = sum(_outside(each) for each in its_notes)
    by_refund = sum(refund["amount_refunded"] for each in its_notes for refund in each["refunds"])
    by_note = sum(each["out_of_band_amount"] or 0 for each in its_notes)
    times = [each["created"] for each in its_notes]
    times += [one["created"] for each in its_charges for one in each["refunds"]["data"] if _is_paid_back(one)]
    return _Back(
        credited=max(0, sum(each["total"] for each in its_notes) - by_refund - by_note),
        refunded=sum(each["amount_refunded"] for each in its_charges) + outside,
        latest=max(times, default=0),
    )


def _keys(payment: Thing) -> list[str]:
    return [payment[name] for name in ("payment_intent", "charge") if payment.get(name)]


def _outside(note: Thing) -> int:
    """Return what a credit note gives back in another way than by a charge of Stripe's."""
    elsewhere = [each["amount_refunded"] for each in note["refunds"] if each["type"] == "payment_record_refund"]
    return int(note["out_of_band_amount"] or 0) + sum(elsewhere)


def _is_paid_back(refund: Thing) -> bool:
    return refund["status"] not in _NO_REFUNDS


def _ends(lines: Iterable[Thing], end: str) -> list[int]:
    """Return when what is charged begins or ends; what is given back ends nothing."""
    return [each["period"][end] for each in lines if each["amount"] >= 0]


def _unused(invoice: Thing) -> list[tuple[datetime, datetime]]:
    """Return the times that an invoice only gives back, because a subscription was ended before them."""
    lines = invoice["lines"]["data"]
    if invoice["status"] != "paid" or any(each["amount"] >= 0 for each in lines):
        return []
    return [(time(each["period"]["start"]), time(each["period"]["end"])) for each in lines]


def _without(bill: Bill, unused: list[tuple[datetime, datetime]]) -> Bill:
    """Return a bill that covers nothing of a time which was given back."""
    for start, end in unused:
        if bill.covers_from < start < bill.covers_until <= end:
            bill = replace(bill, covers_until=start)
    return bill
