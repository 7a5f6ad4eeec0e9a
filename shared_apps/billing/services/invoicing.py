"""Trials, invoices, sponsors, and the review that makes of them how a network stands."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from shared_apps.audit.services import Actor, record
from shared_apps.billing import selectors, signals
from shared_apps.billing.enums import InvoiceState, NoticeKind, Period, State
from shared_apps.billing.models import Invoice, Notice, Plan, Subscription
from shared_apps.billing.states import RULES, Standing, months_later
from tenants import services as tenants
from tenants.enums import NetworkState
from tenants.models import Network

logger = logging.getLogger("sbm.billing")

_STATES_THAT_ONLY_READ = (State.READ_ONLY, State.SUSPENDED)
_TOLD_OF_STATES = {
    State.PAST_DUE: NoticeKind.PAST_DUE,
    State.READ_ONLY: NoticeKind.READ_ONLY,
    State.SUSPENDED: NoticeKind.SUSPENDED,
}
_SAID_TO_WHO_LEAVES = (NoticeKind.INVOICED, NoticeKind.ACTIVE)
_ENDING = {State.TRIAL: NoticeKind.TRIAL_ENDING, State.ACTIVE: NoticeKind.PAID_ENDING}


class BillingError(Exception):
    """What was asked for is not possible; the message says why in a line for a person."""


def begin_trial(network: Network, *, plan: Plan | None = None) -> None:
    """Give a network its free trial of a plan, unless it has or had one; a step of onboarding."""
    now = timezone.now()
    Subscription.objects.get_or_create(
        network=network,
        defaults={
            "plan": plan or Plan.objects.get(code=selectors.FIRST_PLAN),
            "state_since": now,
            "trial_ends_at": now + RULES.trial,
        },
    )


def issue(invoice: Invoice, *, now: datetime, by: Actor) -> Invoice:
    """Give an invoice of `new_invoice` our next number, keep it, and tell the owners; in the caller's transaction."""
    invoice.number = _next_number()
    invoice.save(force_insert=True)
    record("billing.invoice.issued", by=by, target=invoice, pence=invoice.pence)
    if invoice.subscription is not None:
        tell(invoice.subscription, NoticeKind.INVOICED, f"invoiced:{invoice.id}", now=now, invoice=invoice)
    return invoice


@transaction.atomic
def mark_paid(invoice: Invoice, *, now: datetime, by: Actor) -> None:
    """Note that an invoice is paid, and give the network what it paid for; raises BillingError if it is not open."""
    _close_invoice(invoice, InvoiceState.PAID, paid_at=now)
    record("billing.invoice.paid", by=by, target=invoice, pence=invoice.pence)
    if invoice.subscription is not None:
        tell(invoice.subscription, NoticeKind.ACTIVE, f"paid:{invoice.id}", now=now, invoice=invoice)
        review(invoice.subscription.id, now=now)


@transaction.atomic
def withdraw_invoice(invoice: Invoice, *, now: datetime, by: Actor) -> None:
    """Take back an invoice that is not paid; raises BillingError if it is not open."""
    _close_invoice(invoice, InvoiceState.VOID)
    record("billing.invoice.withdrawn", by=by, target=invoice)
    if invoice.subscription is not None:
        review(invoice.subscription.id, now=now)


@transaction.atomic
def set_trial_end(subscription: Subscription, *, ends_at: datetime, now: datetime, by: Actor) -> None:
    """Let a trial end at another time; raises BillingError for one that is over before it begins."""
    held = locked(subscription.id)
    if ends_at <= held.created_at:
        raise BillingError("A trial ends after it begins.")
    held.trial_ends_at = ends_at
    held.save(update_fields=["trial_ends_at"])
    record("billing.trial.end_set", by=by, target=held, on=ends_at.date().isoformat())
    review(held.id, now=now)


@transaction.atomic
def set_plan(subscription: Subscription, *, plan: Plan, discount_percent: int, now: datetime, by: Actor) -> None:
    """Give a network another plan, and a discount on its next invoices; what is invoiced or paid stays as it is."""
    held = locked(subscription.id)
    if not 0 <= discount_percent <= 100:
        raise BillingError("A discount is from 0 to 100 per cent.")
    held.plan, held.discount_percent = plan, discount_percent
    refuse_too_small(held)
    held.save(update_fields=["plan", "discount_percent"])
    record("billing.plan.set", by=by, target=held, plan=plan.code, discount_percent=discount_percent)
    review(held.id, now=now)


@transaction.atomic
def review(subscription_id: UUID, *, now: datetime) -> Standing:
    """Bring a subscription and its network to where its invoices and the time put them, and tell the owners once."""
    subscription = locked(subscription_id)
    standing = selectors.standing(subscription, now)
    moves = not (subscription.network.is_closing and standing.state in _TOLD_OF_STATES)
    if standing.state != subscription.state and moves:
        _move(subscription, standing.state, now)
    _follow(subscription, now)
    _warn(subscription, standing, now)
    return standing


def review_network(network: Network, *, now: datetime) -> bool:
    """Review what a network has; return whether it has anything."""
    subscription = selectors.subscription_of(network)
    if subscription is not None:
        review(subscription.id, now=now)
    return subscription is not None


def review_all(*, now: datetime) -> int:
    """Review every network, each in a transaction of its own, and return how many; one that fails delays no other."""
    for network in selectors.networks_without_trial():
        try:
            begin_trial(network)
        except Exception:
            logger.exception("network %s could not begin its trial", network.id)
    reviewed = 0
    for subscription_id in selectors.subscriptions_to_review():
        try:
            review(subscription_id, now=now)
            reviewed += 1
        except Exception:
            logger.exception("subscription %s could not be reviewed", subscription_id)
    return reviewed


def locked(subscription_id: UUID) -> Subscription:
    """Return a subscription that nobody else changes until this transaction ends."""
    found = Subscription.objects.select_for_update(of=("self",)).select_related("plan", "network")
    return found.get(id=subscription_id)


def hold(network: Network) -> None:
    """Lock what a network has until this transaction ends.

    Whoever changes both takes the subscription first and the network after it, as a review does.
    """
    Subscription.objects.select_for_update(of=("self",)).filter(network_id=network.id).first()


def refuse_too_small(subscription: Subscription) -> None:
    """Raise BillingError when its plan has no room for the members there are."""
    places = selectors.places_of(subscription)
    if places.limit is not None and places.used > places.limit:
        raise BillingError(f"{subscription.plan.name} has room for {places.limit} members, and you have {places.used}.")


def new_invoice(subscription: Subscription, now: datetime) -> Invoice:
    """Return an invoice without a number, which is not kept yet, for the time after what is covered already."""
    covers_from = max(now, selectors.covered_until(subscription))
    plan, period = subscription.plan, Period(subscription.period)
    price = selectors.price_of(plan, period, timezone.localdate(now), discount_percent=subscription.discount_percent)
    invoice = invoice_of(subscription, price, f"{plan.name}, {period.label.lower()}", now=now)
    invoice.covers_from, invoice.covers_until = covers_from, months_later(covers_from, period.months)
    return invoice


def invoice_of(subscription: Subscription, price: selectors.Price, description: str, *, now: datetime) -> Invoice:
    """Return an invoice of a sum without a number and a time that it covers, which is not kept yet."""
    return Invoice(
        subscription=subscription,
        billed_to=subscription.network.name,
        description=description,
        purchase_order=subscription.purchase_order,
        pence_net=price.pence_net,
        pence_vat=price.pence_vat,
        vat_basis_points=price.basis_points,
        issued_at=now,
        due_at=now + RULES.invoice_due,
    )


def _next_number() -> str:
    """Return the number after the last; of two invoices made at once the second waits for the first.

    A lock of the last row would not do: who waited for it would read the same row again.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('billing.invoice.number', 0))")
    last = Invoice.objects.filter(number__startswith="SBM-").order_by("-number").first()
    return f"SBM-{int(last.number[4:]) + 1 if last else 1:06}"


def _close_invoice(invoice: Invoice, state: InvoiceState, *, paid_at: datetime | None = None) -> None:
    """Lock the subscription first, as everything here does, then end the invoice."""
    if invoice.subscription_id is not None:
        invoice.subscription = locked(invoice.subscription_id)
    invoice.refresh_from_db(fields=["state"], from_queryset=Invoice.objects.select_for_update())
    if invoice.state != InvoiceState.OPEN:
        raise BillingError(f"Invoice {invoice.number} is {invoice.get_state_display().lower()}.")
    invoice.state, invoice.paid_at = state, paid_at
    invoice.save(update_fields=["state", "paid_at"])


def _move(subscription: Subscription, state: State, now: datetime) -> None:
    before = subscription.state
    subscription.state, subscription.state_since = state, now
    subscription.save(update_fields=["state", "state_since"])
    record("billing.subscription.moved", by=Actor.system("job"), target=subscription, from_state=before, to_state=state)
    if state in _TOLD_OF_STATES:
        tell(subscription, _TOLD_OF_STATES[state], f"{state}:{now.isoformat()}", now=now)


def _follow(subscription: Subscription, now: datetime) -> None:
    """Let the network be read-only, stop answering or answer again; only a suspension of ours is lifted here.

    One that closes neither stops answering before its day nor comes back.
    """
    network, suspends = subscription.network, subscription.state == State.SUSPENDED
    is_read_only = subscription.state in _STATES_THAT_ONLY_READ or network.has_closed(now)
    if network.is_read_only != is_read_only:
        tenants.set_read_only(network, is_read_only=is_read_only)
    if network.is_closing:
        return
    if suspends and network.state == NetworkState.LIVE:
        tenants.suspend_network(network)
        _note_suspension(subscription, is_ours=True)
    elif not suspends and subscription.is_suspension_ours:
        if network.state == NetworkState.SUSPENDED:
            tenants.reactivate_network(network)
        _note_suspension(subscription, is_ours=False)


def _note_suspension(subscription: Subscription, *, is_ours: bool) -> None:
    subscription.is_suspension_ours = is_ours
    subscription.save(update_fields=["is_suspension_ours"])


def _warn(subscription: Subscription, standing: Standing, now: datetime) -> None:
    """Tell owners what comes next while they can still do something about it."""
    left = standing.until - now if standing.until else timedelta.max
    day = standing.until.date() if standing.until else None
    if standing.state in _ENDING and left <= RULES.warn_of_end and subscription.renews_at is None:
        tell(subscription, _ENDING[standing.state], f"{_ENDING[standing.state]}:{day}", now=now, until=standing.until)
    if standing.state == State.PAST_DUE and left <= RULES.warn_of_read_only:
        tell(subscription, NoticeKind.READ_ONLY_SOON, f"read_only_soon:{day}", now=now, until=standing.until)
    places = selectors.places_of(subscription)
    if places.is_nearly_full:
        tell(subscription, NoticeKind.NEARLY_FULL, f"nearly_full:{places.limit}", now=now)


def tell(
    subscription: Subscription,
    kind: NoticeKind,
    key: str,
    *,
    now: datetime,
    invoice: Invoice | None = None,
    until: datetime | None = None,
) -> None:
    """Have the owners told, once for each key; those of a network that closes are not urged to go on."""
    if subscription.network.is_closing and kind not in _SAID_TO_WHO_LEAVES:
        return
    notice, is_new = Notice.objects.get_or_create(
        subscription=subscription,
        key=key,
        defaults={"kind": kind, "invoice": invoice, "until": until, "made_at": now},
    )
    if is_new:
        signals.notice_made.send(Notice, notice=notice)
