"""The words of emails to owners about their plan, and how days are written."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from shared_apps.billing.enums import NoticeKind
from shared_apps.billing.models import Invoice, Notice, money
from shared_apps.billing.states import RULES
from shared_apps.core.when import here, long_day

NOTHING_IS_LOST = "Nothing is lost: everything comes back as it was as soon as an invoice is paid."


@dataclass(frozen=True, slots=True)
class Words:
    """One email: its subject and its paragraphs."""

    subject: str
    paragraphs: list[str]


def words_of(notice: Notice) -> Words:
    """Return the words of a notice that comes with its subscription, network, plan and invoice."""
    return _WORDS[NoticeKind(notice.kind)](notice)


def date_of(moment: datetime) -> str:
    """Return "14 January", with the year when it is not this school year."""
    return long_day(here(moment).date(), timezone.localdate())


def _trial_ending(notice: Notice) -> Words:
    return Words(
        f"The free trial of {_name(notice)} ends on {_day(notice.until)}",
        [
            f"The free trial of {_name(notice)} ends on {_day(notice.until)}.",
            (
                "Choose a plan to go on. You can pay by invoice and bank transfer, with a purchase order number "
                "if your school needs one."
            ),
            (
                f"If you do nothing you have {RULES.grace.days} days more, and after that people can read everything "
                "and write nothing."
            ),
        ],
    )


def _paid_ending(notice: Notice) -> Words:
    return Words(
        f"{_name(notice)} is covered until {_day(notice.until)}",
        [
            f"{_name(notice)} is covered until {_day(notice.until)}.",
            "If there is an invoice to pay, pay it by then. If there is none, ask for the next one on the page below.",
        ],
    )


def _invoiced(notice: Notice) -> Words:
    invoice = _invoice(notice)
    order = f" Your purchase order number {invoice.purchase_order} is on it." if invoice.purchase_order else ""
    to_pay = money(invoice.pence_to_pay)
    left = f" {to_pay} of it is left to pay: the rest is credited." if invoice.pence_to_pay < invoice.pence else ""
    return Words(
        f"Invoice {invoice.number} for {_name(notice)}: {money(invoice.pence)}",
        [
            (
                f"Here is invoice {invoice.number} for {money(invoice.pence)}, of which "
                f"{money(invoice.pence_vat)} is VAT.{left}{order}"
            ),
            f"Please pay it by {date_of(invoice.due_at)}. The page below can be printed, and says how.",
        ],
    )


def _active(notice: Notice) -> Words:
    invoice = _invoice(notice)
    return Words(
        f"Thank you: {_name(notice)} is paid until {date_of(invoice.covers_until)}",
        [
            f"Invoice {invoice.number} for {money(invoice.pence)} is paid. Thank you.",
            f"{_name(notice)} is paid until {date_of(invoice.covers_until)}, and everything works.",
        ],
    )


def _past_due(notice: Notice) -> Words:
    return Words(
        f"{_name(notice)} is not paid for",
        [
            f"The time that was paid for {_name(notice)} is over.",
            (
                f"Everything works for {RULES.grace.days} days more. After that people can read everything and write "
                "nothing until it is paid."
            ),
            "Ask for an invoice on the page below, or pay the one that is there.",
        ],
    )


def _read_only_soon(notice: Notice) -> Words:
    return Words(
        f"{_name(notice)} becomes read-only on {_day(notice.until)}",
        [
            (
                f"{_name(notice)} is still not paid for. On {_day(notice.until)} it becomes read-only: people can read "
                "everything and write nothing."
            ),
            NOTHING_IS_LOST,
        ],
    )


def _read_only(notice: Notice) -> Words:
    return Words(
        f"{_name(notice)} is read-only now",
        [
            (
                f"{_name(notice)} is not paid for, so since today people can read everything and write nothing. "
                "Email that is sent to it waits."
            ),
            f"{NOTHING_IS_LOST} In {RULES.read_only.days} days it stops answering.",
        ],
    )


def _suspended(notice: Notice) -> Words:
    return Words(
        f"{_name(notice)} has stopped answering",
        [
            f"{_name(notice)} has not been paid for a long time, so it does not answer any more.",
            f"{NOTHING_IS_LOST} Pay the last invoice by bank transfer, or reply to us.",
        ],
    )


def _sponsored(notice: Notice) -> Words:
    return Words(
        f"Somebody else pays for {_name(notice)} now",
        [
            (
                f"{notice.subscription.sponsor} pays for {_name(notice)} until {_day(notice.until)}, so your card is "
                "not charged again."
            ),
            "What your card has paid for stays paid, or is kept as credit for your later invoices.",
        ],
    )


def _nearly_full(notice: Notice) -> Words:
    plan = notice.subscription.plan
    return Words(
        f"{_name(notice)} is nearly full",
        [
            f"Your plan, {plan.name}, has room for {plan.member_limit} members, and nearly all places are taken.",
            "Nobody is shut out. Choose a larger plan before you invite many more.",
        ],
    )


_WORDS: dict[NoticeKind, Callable[[Notice], Words]] = {
    NoticeKind.TRIAL_ENDING: _trial_ending,
    NoticeKind.PAID_ENDING: _paid_ending,
    NoticeKind.INVOICED: _invoiced,
    NoticeKind.ACTIVE: _active,
    NoticeKind.PAST_DUE: _past_due,
    NoticeKind.READ_ONLY_SOON: _read_only_soon,
    NoticeKind.READ_ONLY: _read_only,
    NoticeKind.SUSPENDED: _suspended,
    NoticeKind.SPONSORED: _sponsored,
    NoticeKind.NEARLY_FULL: _nearly_full,
}


def _name(notice: Notice) -> str:
    return notice.subscription.network.name


def _day(moment: datetime | None) -> str:
    if moment is None:
        raise ValueError("This notice says no day.")
    return date_of(moment)


def _invoice(notice: Notice) -> Invoice:
    if notice.invoice is None:
        raise ValueError("This notice is of no invoice.")
    return notice.invoice
