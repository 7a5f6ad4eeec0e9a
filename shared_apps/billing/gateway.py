"""The one door to Stripe: prices, customers, Checkout, the portal, invoices and events; nothing else imports it.

What is true is asked of Stripe each time and never read from an event, so that events may come late, twice, in any
order or not at all. Sums are in pence.
"""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import stripe
from django.conf import settings

from shared_apps.billing import bills
from shared_apps.billing.bills import Bill
from shared_apps.billing.enums import Period

logger = logging.getLogger("sbm.billing")

TOLERANCE_SECONDS = 300  # how old a signed event may be
_TIMEOUT_SECONDS = 10
_RENEWING = ("active", "trialing")
_ALIVE = (*_RENEWING, "past_due", "unpaid", "paused")
_TAX = {"enabled": True}


class GatewayError(Exception):
    """Stripe could not be asked, or refused; the message is a line for a person."""


class ForgedEventError(Exception):
    """The signature is not Stripe's, or too old."""


@dataclass(frozen=True, slots=True)
class Event:
    """What is believed of an event: which it is, and whose customer it is about (None: nobody's)."""

    id: str
    type: str
    created_at: datetime
    customer: str | None


@dataclass(frozen=True, slots=True)
class Goods:
    """What is bought: a plan for a period, at a price without VAT."""

    code: str
    name: str
    period: Period
    pence: int
    currency: str

    @property
    def lookup_key(self) -> str:
        """The name of the price at Stripe; another sum is another price."""
        return f"{self.code}-{self.period}-{self.pence}-{self.currency.lower()}"


@dataclass(frozen=True, slots=True)
class Renewal:
    """A subscription at Stripe that is not over.

    `renews_at` is None when it ends then (`is_ending`), or when its card does not pay.
    """

    id: str
    item: str
    plan: str
    period: str
    is_free_yet: bool
    is_paid: bool
    is_ending: bool
    renews_at: datetime | None


@dataclass(frozen=True, slots=True)
class Order:
    """An invoice to be written: a net sum for a time, with a purchase order number if there is one."""

    description: str
    purchase_order: str
    pence_net: int
    currency: str
    covers_from: datetime
    covers_until: datetime
    days_until_due: int


def is_on() -> bool:
    """Whether Stripe's keys are set; without them nothing is charged, and invoices are paid by bank transfer alone."""
    return bool(settings.STRIPE_SECRET_KEY)


def make_customer(*, name: str, email: str, key: str) -> str:
    """Return the id of a new customer in Britain."""
    params: Any = {"name": name, "email": email, "address": {"country": "GB"}, "metadata": {"subscription": key}}
    with _asking() as client:
        return str(client.v1.customers.create(params).id)


def start_checkout(
    customer: str, goods: Goods, *, discount_percent: int, trial_ends_at: datetime | None, back_to: str
) -> str:
    """Return the address of the page where a card is given; the first payment is for the time after the trial.

    Pages that were opened before end, so that nobody pays twice. A discount of ours takes the place of a code.
    """
    with _asking() as client:
        _end_checkouts(client, customer)
        params: Any = {
            "mode": "subscription",
            "customer": customer,
            "customer_update": {"address": "auto", "name": "auto"},
            "line_items": [{"price": _price(client, goods), "quantity": 1}],
            "automatic_tax": _TAX,
            "billing_address_collection": "required",
            "success_url": back_to,
            "cancel_url": back_to,
        }
        if discount_percent:
            params["discounts"] = [{"coupon": _coupon(client, discount_percent)}]
        else:
            params["allow_promotion_codes"] = True
        if trial_ends_at:
            params["subscription_data"] = {"trial_end": int(trial_ends_at.timestamp())}
        return str(client.v1.checkout.sessions.create(params).url)


def end_checkouts(customer: str) -> None:
    """Let nobody pay on a page that was opened before."""
    with _asking() as client:
        _end_checkouts(client, customer)


def portal_url(customer: str, *, back_to: str) -> str:
    """Return the address of the page where a customer changes the card, cancels, and finds receipts."""
    with _asking() as client:
        session = client.v1.billing_portal.sessions.create({"customer": customer, "return_url": back_to})
    return str(session.url)


def renewal_of(customer: str) -> Renewal | None:
    """Return what a customer pays by card again and again, or None."""
    with _asking() as client:
        found = [each.to_dict() for each in client.v1.subscriptions.list({"customer": customer}).data]
    return next((_renewal(each) for each in found if each["status"] in _ALIVE), None)


def change_of(renewal: Renewal, goods: Goods) -> int:
    """Return what is charged at once, with VAT, when the rest of a period is had on another plan."""
    if renewal.is_free_yet:
        return 0
    with _asking() as client:
        details: Any = {"items": _items(client, renewal, goods), "proration_behavior": "always_invoice"}
        params: Any = {"subscription": renewal.id, "subscription_details": details}
        return int(client.v1.invoices.create_preview(params).amount_due)


def change_plan(renewal: Renewal, goods: Goods) -> None:
    """Have another plan from now on; what is left of the period is charged, or kept for the next invoice."""
    with _asking() as client:
        params: Any = {"items": _items(client, renewal, goods), "proration_behavior": "always_invoice"}
        client.v1.subscriptions.update(renewal.id, params)


def set_terms(renewal: Renewal, goods: Goods, *, discount_percent: int | None) -> None:
    """Charge another plan, and with a number another discount, from the next payment on."""
    with _asking() as client:
        params: Any = {"items": _items(client, renewal, goods), "proration_behavior": "none"}
        if discount_percent is not None:
            params["discounts"] = [{"coupon": _coupon(client, discount_percent)}] if discount_percent else ""
        client.v1.subscriptions.update(renewal.id, params)


def charge_from(renewal: Renewal, moment: datetime, *, now: datetime) -> None:
    """Charge what is free yet from another moment on, or now where that is over."""
    params: Any = {"trial_end": int(moment.timestamp()) if moment > now else "now", "proration_behavior": "none"}
    with _asking() as client:
        client.v1.subscriptions.update(renewal.id, params)


def end_renewal(renewal: Renewal, *, gives_credit: bool = False) -> None:
    """Charge nothing any more, and if wanted keep what is paid for and not used as credit for later invoices."""
    params: Any = {"prorate": True, "invoice_now": True} if gives_credit and renewal.is_paid else {}
    with _asking() as client:
        client.v1.subscriptions.cancel(renewal.id, params)


def end_with_period(renewal: Renewal) -> None:
    """Charge nothing after the time that is paid for."""
    with _asking() as client:
        client.v1.subscriptions.update(renewal.id, {"cancel_at_period_end": True})


def erase_customer(customer: str) -> None:
    """Have a customer forgotten, with cards and what renews; invoices stay. One that is gone already is no fault."""
    with _asking() as client:
        try:
            client.v1.customers.delete(customer)
        except stripe.InvalidRequestError as error:
            if error.code != "resource_missing":
                raise


def send_invoice(customer: str, order: Order) -> Bill:
    """Write an invoice that is paid by bank transfer; the network's own email says where it is."""
    number = [{"name": "Purchase order", "value": order.purchase_order}] if order.purchase_order else None
    with _asking() as client:
        params: Any = {
            "customer": customer,
            "collection_method": "send_invoice",
            "days_until_due": order.days_until_due,
            "automatic_tax": _TAX,
            "currency": order.currency.lower(),
            "auto_advance": False,
            "pending_invoice_items_behavior": "exclude",
            **({"custom_fields": number} if number else {}),
        }
        draft = client.v1.invoices.create(params)
        _add_line(client, customer, str(draft.id), order)
        params = {"auto_advance": False, "expand": ["payments"]}
        done = client.v1.invoices.finalize_invoice(str(draft.id), params).to_dict()
    return bills.read([done], [], [])[0]


def pay_outside(invoice: str) -> None:
    """Note that the money for an invoice came to our own account."""
    with _asking() as client:
        client.v1.invoices.pay(invoice, {"paid_out_of_band": True})


def withdraw(invoice: str) -> None:
    """Take an invoice back that is not paid."""
    with _asking() as client:
        client.v1.invoices.void_invoice(invoice)


def bills_of(customer: str) -> list[Bill]:
    """Return a customer's invoices as they stand now, the first first, with what was given back of each."""
    with _asking() as client:
        invoices = _all(client.v1.invoices, customer, "data.payments")
        charges = _all(client.v1.charges, customer, "data.refunds") if any(map(_has_payments, invoices)) else []
        notes = _all(client.v1.credit_notes, customer) if any(map(_has_notes, invoices)) else []
    return bills.read(invoices, charges, notes)


def read_event(payload: bytes, signature: str) -> Event:
    """Return an event that Stripe signed a moment ago; raises ForgedEventError for anything else."""
    try:
        stripe.WebhookSignature.verify_header(payload, signature, settings.STRIPE_WEBHOOK_SECRET, TOLERANCE_SECONDS)
        event = json.loads(payload)
        thing = event["data"]["object"]
        customer = thing["id"] if thing.get("object") == "customer" else thing.get("customer")
        created_at = datetime.fromtimestamp(event["created"], UTC)
        return Event(str(event["id"]), str(event["type"]), created_at, customer if isinstance(customer, str) else None)
    except (stripe.SignatureVerificationError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ForgedEventError(type(error).__name__) from None


@contextmanager
def _asking() -> Iterator[stripe.StripeClient]:
    """Give a client, and turn whatever Stripe raises into GatewayError, without words that quote what was sent."""
    base: Any = {"api": settings.STRIPE_API_BASE} if settings.STRIPE_API_BASE else None
    http = stripe.RequestsClient(timeout=_TIMEOUT_SECONDS)
    try:
        yield stripe.StripeClient(settings.STRIPE_SECRET_KEY, base_addresses=base, http_client=http)
    except stripe.CardError as error:
        raise GatewayError("Your card was declined. Give another card, and try again.") from error
    except stripe.StripeError as error:
        logger.warning("Stripe said %s, status=%s code=%s", type(error).__name__, error.http_status, error.code)
        raise GatewayError("Our payment service did not answer. Try again in a few minutes.") from error


def _all(service: Any, customer: str, *expand: str) -> list[dict[str, Any]]:
    """Return all that a service of Stripe's has of a customer, the latest first."""
    pages = service.list({"customer": customer, "limit": 100, **({"expand": list(expand)} if expand else {})})
    return [each.to_dict() for each in pages.auto_paging_iter()]


def _has_payments(invoice: dict[str, Any]) -> bool:
    return bool(invoice["payments"]["data"])


def _has_notes(invoice: dict[str, Any]) -> bool:
    return bool(invoice["pre_payment_credit_notes_amount"] or invoice["post_payment_credit_notes_amount"])


def _end_checkouts(client: stripe.StripeClient, customer: str) -> None:
    for session in client.v1.checkout.sessions.list({"customer": customer, "status": "open"}).data:
        client.v1.checkout.sessions.expire(session.id)


def _items(client: stripe.StripeClient, renewal: Renewal, goods: Goods) -> list[dict[str, Any]]:
    return [{"id": renewal.item, "price": _price(client, goods)}]


def _price(client: stripe.StripeClient, goods: Goods) -> str:
    found = client.v1.prices.list({"lookup_keys": [goods.lookup_key], "active": True, "limit": 1})
    if found.data:
        return str(found.data[0].id)
    params: Any = {
        "currency": goods.currency.lower(),
        "unit_amount": goods.pence,
        "recurring": {"interval": "month", "interval_count": goods.period.months},
        "product_data": {"name": f"{goods.name}, {goods.period.label.lower()}"},
        "metadata": {"plan": goods.code, "period": str(goods.period)},
        "lookup_key": goods.lookup_key,
        "tax_behavior": "exclusive",
    }
    made = client.v1.prices.create(params, options={"idempotency_key": f"price-{goods.lookup_key}"})
    return str(made.id)


def _coupon(client: stripe.StripeClient, percent: int) -> str:
    key = f"off-{percent}"
    try:
        return str(client.v1.coupons.retrieve(key).id)
    except stripe.InvalidRequestError:  # nobody had it before
        made = client.v1.coupons.create({"id": key, "percent_off": percent, "duration": "forever"})
        return str(made.id)


def _add_line(client: stripe.StripeClient, customer: str, invoice: str, order: Order) -> None:
    params: Any = {
        "customer": customer,
        "invoice": invoice,
        "amount": order.pence_net,
        "currency": order.currency.lower(),
        "description": order.description,
        "period": {"start": int(order.covers_from.timestamp()), "end": int(order.covers_until.timestamp())},
        "tax_behavior": "exclusive",
    }
    client.v1.invoice_items.create(params)


def _renewal(subscription: dict[str, Any]) -> Renewal:
    item = subscription["items"]["data"][0]
    named = item["price"]["metadata"]
    ends = bool(subscription["cancel_at"] or subscription["cancel_at_period_end"])
    renews = subscription["status"] in _RENEWING and not ends
    return Renewal(
        id=subscription["id"],
        item=item["id"],
        plan=named.get("plan", ""),
        period=named.get("period", ""),
        is_free_yet=subscription["status"] == "trialing",
        is_paid=subscription["status"] == "active",
        is_ending=ends,
        renews_at=bills.time(item["current_period_end"]) if renews else None,
    )
