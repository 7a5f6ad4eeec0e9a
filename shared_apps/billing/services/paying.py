"""Paying through Stripe: starting it, and copying what is true there, whichever way we hear of it.

Whoever asks Stripe about a network holds a lock of it, so that an older answer never comes after a newer one.
"""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from shared_apps.audit.services import Actor, record
from shared_apps.billing import gateway, selectors, tasks
from shared_apps.billing.bills import Bill
from shared_apps.billing.enums import InvoiceState, NoticeKind, Period
from shared_apps.billing.models import Invoice, Plan, StripeEvent, Subscription
from shared_apps.billing.services import invoicing
from shared_apps.billing.services.invoicing import BillingError, locked, refuse_too_small, review, tell
from shared_apps.billing.states import RULES
from tenants.enums import NetworkState
from tenants.models import Network

logger = logging.getLogger("sbm.billing")

EVENTS_KEPT = timedelta(days=60)  # Stripe tries for three days, and its own list goes back for thirty
_SHORTEST_TRIAL = timedelta(hours=48)  # Stripe's own limit
_BY_CARD = "The network is paid by card already. Change it under “Card and receipts”."


def request_invoice(
    subscription: Subscription,
    *,
    plan: Plan,
    period: str,
    purchase_order: str,
    email: str = "",
    now: datetime,
    by: Actor,
) -> Invoice:
    """Issue an invoice for the time after what is covered already; there is one open invoice at a time.

    Raises BillingError when one is open, when a card pays, when another plan is paid for, or when the network has more
    members than the plan has room for; GatewayError when Stripe does not answer.
    """
    customer = _customer(subscription, email) if gateway.is_on() else None
    with transaction.atomic():
        held = alone(subscription.id)
        if customer:
            gateway.end_checkouts(customer)
            read(held, now)
        _refuse_second(held)
        _refuse_another(held, plan, now)
        held.plan, held.period, held.purchase_order = plan, Period(period), purchase_order.strip()
        refuse_too_small(held)
        held.save(update_fields=["plan", "period", "purchase_order"])
        invoice = issue(held, invoicing.new_invoice(held, now), now=now, by=by)
        review(held.id, now=now)
    return invoice


def mark_paid(invoice: Invoice, *, now: datetime, by: Actor) -> None:
    """Note that the money for an invoice came; raises BillingError if it is not open, and GatewayError."""
    if invoice.stripe_id is None:
        invoicing.mark_paid(invoice, now=now, by=by)
        return
    with transaction.atomic():
        held = _held_open(invoice, now)
        gateway.pay_outside(invoice.stripe_id)
        record("billing.invoice.paid", by=by, target=invoice, pence=invoice.pence)
        read(held, now)
        review(held.id, now=now)


def withdraw_invoice(invoice: Invoice, *, now: datetime, by: Actor) -> None:
    """Take back an invoice that is not paid; raises BillingError if it is not open, and GatewayError."""
    if invoice.stripe_id is None:
        invoicing.withdraw_invoice(invoice, now=now, by=by)
        return
    with transaction.atomic():
        held = _held_open(invoice, now)
        gateway.withdraw(invoice.stripe_id)
        record("billing.invoice.withdrawn", by=by, target=invoice)
        read(held, now)
        review(held.id, now=now)


def start_card(
    subscription: Subscription, *, plan: Plan, period: str, email: str, back_to: str, now: datetime, by: Actor
) -> str:
    """Return the address where a card is given for a plan, which the network has once the card is given.

    Raises BillingError when something is owed or paid by card already or another plan is paid for, GatewayError when
    Stripe does not answer.
    """
    customer = _customer(subscription, email)
    with transaction.atomic():
        held = alone(subscription.id)
        read(held, now)
        _refuse_second(held)
        _refuse_another(held, plan, now)
        held.plan = plan
        refuse_too_small(held)
        record("billing.card.started", by=by, target=held, plan=plan.code, period=period)
        covered_until = selectors.covered_until(held)
        waits = covered_until if covered_until - now > _SHORTEST_TRIAL else None
        return gateway.start_checkout(
            *(customer, goods_of(plan, period)),
            discount_percent=held.discount_percent,
            trial_ends_at=waits,
            back_to=back_to,
        )


def open_portal(subscription: Subscription, *, back_to: str) -> str:
    """Return the address of the page for card and receipts; raises BillingError for who never paid by card."""
    if subscription.stripe_customer is None:
        raise BillingError("The network has not paid by card yet.")
    return gateway.portal_url(subscription.stripe_customer, back_to=back_to)


@transaction.atomic
def take_event(payload: bytes, signature: str, *, now: datetime) -> bool:
    """Store an event, once, and have what it is about read from Stripe; return whether it was new and of ours.

    Raises ForgedEventError. An event of a customer we do not know, as of another system of the same account, leaves
    nothing.
    """
    event = gateway.read_event(payload, signature)
    found = selectors.subscription_of_customer(event.customer) if event.customer else None
    if found is None:
        return False
    _, is_new = StripeEvent.objects.get_or_create(
        id=event.id,
        defaults={"type": event.type[:80], "created_at": event.created_at, "received_at": now},
    )
    if is_new and Subscription.objects.filter(id=found, sync_asked_at=None).update(sync_asked_at=now):
        tasks.sync.enqueue(subscription_id=found)
    return is_new


def sync(subscription_id: UUID, *, now: datetime) -> None:
    """Make plan and invoices here what they are at Stripe, and follow; raises GatewayError.

    An event that comes while Stripe is asked finds nothing asked for, and has it asked again.
    """
    Subscription.objects.filter(id=subscription_id).update(sync_asked_at=None)
    with transaction.atomic():
        _lock_out(subscription_id)
        subscription = selectors.get_subscription_by_id(subscription_id)
        if subscription is None or subscription.stripe_customer is None:
            return
        bills, renewal = _ask(subscription.stripe_customer)
        _write(locked(subscription_id), bills, renewal, now)
        review(subscription_id, now=now)


def reconcile(*, now: datetime) -> int:
    """Read every customer from Stripe, whatever events came, and return how many; forget old events."""
    StripeEvent.objects.filter(received_at__lt=now - EVENTS_KEPT).delete()
    done = 0
    for subscription_id in selectors.subscriptions_at_stripe() if gateway.is_on() else []:
        try:
            sync(subscription_id, now=now)
            done += 1
        except gateway.GatewayError:
            logger.warning("subscription %s could not be read from Stripe", subscription_id)
        except Exception:
            logger.exception("subscription %s could not be reconciled", subscription_id)
    return done


def stop_charging(subscription_id: UUID) -> None:
    """Charge a network that closes nothing any more; what it owes stays as it is. Raises GatewayError.

    One whose closing was taken back before this ran goes on as it was.
    """
    subscription = selectors.get_subscription_by_id(subscription_id)
    if subscription is None or subscription.stripe_customer is None or not gateway.is_on():
        return
    if not (subscription.network.is_closing or subscription.network.state == NetworkState.CLOSED):
        return
    gateway.end_checkouts(subscription.stripe_customer)
    renewal = renewal_of(subscription)
    if renewal is not None:
        gateway.end_renewal(renewal)


def end_charges(network: Network) -> None:
    """Have a network that closes charged nothing any more; what it has paid for stays paid."""
    subscription = selectors.subscription_of(network)
    if subscription is not None and subscription.stripe_customer is not None:
        tasks.stop_charging.enqueue(subscription_id=subscription.id)


def erase_customer(network: Network) -> bool:
    """Have Stripe forget a network that is deleted; its invoices stay, here and there. Raises GatewayError.

    Return whether Stripe has no customer of it now; without keys one that there was stays.
    """
    subscription = selectors.subscription_of(network)
    if subscription is None or subscription.stripe_customer is None:
        return True
    if not gateway.is_on():
        return False
    with transaction.atomic():
        held = alone(subscription.id)
        if held.stripe_customer is not None:
            gateway.erase_customer(held.stripe_customer)
            held.stripe_customer = None
            held.save(update_fields=["stripe_customer"])
    return True


def goods_of(plan: Plan, period: str) -> gateway.Goods:
    """Return what is bought at Stripe for a plan and a period."""
    return gateway.Goods(plan.code, plan.name, Period(period), plan.pence(period), plan.currency)


def renewal_of(subscription: Subscription) -> gateway.Renewal | None:
    """Return what a card pays for at Stripe now; raises GatewayError."""
    if subscription.stripe_customer is None or not gateway.is_on():
        return None
    return gateway.renewal_of(subscription.stripe_customer)


def _customer(subscription: Subscription, email: str) -> str:
    """Return the network's customer, with the owner's address or, when an operator asks, the first owner's."""
    with transaction.atomic():  # of its own: what was made at Stripe is known here, whatever becomes of the rest
        held = alone(subscription.id)
        if held.stripe_customer is None:
            address = email or held.network.owner_email
            held.stripe_customer = gateway.make_customer(name=held.network.name, email=address, key=str(held.id))
            held.save(update_fields=["stripe_customer"])
    return held.stripe_customer


def _lock_out(subscription_id: UUID) -> None:
    """Wait until nobody else asks Stripe about it; events are taken meanwhile, because no row is locked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"stripe:{subscription_id}"])


def alone(subscription_id: UUID) -> Subscription:
    """Return a subscription about which nobody else asks Stripe, and which nobody else changes, in this transaction."""
    _lock_out(subscription_id)
    return locked(subscription_id)


def _held_open(invoice: Invoice, now: datetime) -> Subscription:
    """Return what an invoice is of, which is open at Stripe too; alone."""
    held = alone(invoice.subscription_id) if invoice.subscription_id else None
    if held is None or held.stripe_customer is None:
        raise BillingError(f"The network of invoice {invoice.number} is gone. Change it at Stripe.")
    read(held, now)
    invoice.refresh_from_db()
    if invoice.state != InvoiceState.OPEN:
        raise BillingError(f"Invoice {invoice.number} is {invoice.get_state_display().lower()}.")
    return held


def _refuse_second(held: Subscription) -> None:
    if held.network.is_closing:
        raise BillingError(f"{held.network.name} closes, so there is nothing to pay ahead. Take that back first.")
    if selectors.open_invoice(held) is not None:
        raise BillingError("There is an invoice to pay already. Pay it, or ask us to withdraw it.")
    if held.is_by_card:
        raise BillingError(_BY_CARD)


def _refuse_another(held: Subscription, plan: Plan, now: datetime) -> None:
    """A plan of more room would be had at once and paid for only when what is paid ends."""
    if plan.id != held.plan_id and selectors.paid_time(held, now) is not None:
        raise BillingError(f"{held.plan.name} is paid for. Change the plan first, then pay for the time after that.")


def issue(held: Subscription, invoice: Invoice, *, now: datetime, by: Actor) -> Invoice:
    """Have an invoice that was reckoned here written by Stripe, where there is one, or by us."""
    if held.stripe_customer is None or not gateway.is_on():
        return invoicing.issue(invoice, now=now, by=by)
    bill = gateway.send_invoice(held.stripe_customer, _order(held, invoice))
    made = _copy(held, bill, None, now)
    record("billing.invoice.issued", by=by, target=made, plan=held.plan.code, pence=made.pence)
    return made


def _order(held: Subscription, invoice: Invoice) -> gateway.Order:
    return gateway.Order(
        description=invoice.description,
        purchase_order=invoice.purchase_order,
        pence_net=invoice.pence_net,
        currency=held.plan.currency,
        covers_from=invoice.covers_from,
        covers_until=invoice.covers_until,
        days_until_due=RULES.invoice_due.days,
    )


def _ask(customer: str) -> tuple[list[Bill], gateway.Renewal | None]:
    return gateway.bills_of(customer), gateway.renewal_of(customer)


def read(held: Subscription, now: datetime) -> None:
    """Copy what is true at Stripe now of a subscription of `alone`."""
    _write(held, *_ask(str(held.stripe_customer)), now)


def _write(held: Subscription, bills: list[Bill], renewal: gateway.Renewal | None, now: datetime) -> None:
    known = {each.stripe_id: each for each in held.invoices.exclude(stripe_id=None)}
    for bill in bills:
        _copy(held, bill, known.get(bill.id), now)
    held.is_by_card, held.renews_at = renewal is not None, renewal.renews_at if renewal else None
    plan = selectors.get_plan(renewal.plan) if renewal else None
    if renewal and plan:
        held.plan, held.period = plan, Period(renewal.period)
    held.save(update_fields=["is_by_card", "renews_at", "plan", "period"])


def _copy(held: Subscription, bill: Bill, known: Invoice | None, now: datetime) -> Invoice:
    """Keep an invoice as it is at Stripe, if it changed, and tell the owners what that is to them."""
    invoice = known or Invoice(stripe_id=bill.id, subscription=held, billed_to=held.network.name)
    changed = {name: value for name, value in _values(bill).items() if known is None or getattr(known, name) != value}
    before, given = (known.state, _back_of(known)) if known else (None, (0, 0))
    for name, value in changed.items():
        setattr(invoice, name, value)
    if changed:
        invoice.save()
    if before != bill.state:
        record("billing.invoice.copied", by=Actor.system("job"), target=invoice, state=bill.state, pence=invoice.pence)
        _tell_of(held, invoice, bill, now)
    if given != _back_of(bill):
        credited, refunded = _back_of(bill)
        record(
            "billing.invoice.given_back", by=Actor.system("job"), target=invoice, credited=credited, refunded=refunded
        )
    return invoice


def _back_of(bill: Bill | Invoice) -> tuple[int, int]:
    return bill.pence_credited, bill.pence_refunded


def _tell_of(held: Subscription, invoice: Invoice, bill: Bill, now: datetime) -> None:
    if bill.state == InvoiceState.PAID and bill.given_back_at is None:
        tell(held, NoticeKind.ACTIVE, f"paid:{invoice.id}", now=now, invoice=invoice)
    elif bill.state == InvoiceState.OPEN and bill.is_sent:
        tell(held, NoticeKind.INVOICED, f"invoiced:{invoice.id}", now=now, invoice=invoice)


def _values(bill: Bill) -> dict[str, object]:
    return {
        "number": bill.number[:40],
        "description": bill.description,
        "purchase_order": bill.purchase_order,
        "state": bill.state,
        "pence_net": bill.pence_net,
        "pence_vat": bill.pence_vat,
        "vat_basis_points": bill.vat_basis_points,
        "covers_from": bill.covers_from,
        "covers_until": bill.covers_until,
        "issued_at": bill.issued_at,
        "due_at": bill.due_at,
        "paid_at": bill.paid_at,
        "pence_from_credit": bill.pence_from_credit,
        "pence_credited": bill.pence_credited,
        "pence_refunded": bill.pence_refunded,
        "given_back_at": bill.given_back_at,
        "pay_url": bill.pay_url[:500],
    }
