"""Another plan in the middle of what is paid for: the rest of the time is charged by the day."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from shared_apps.audit.services import Actor, record
from shared_apps.billing import gateway, selectors
from shared_apps.billing.enums import Period
from shared_apps.billing.models import Plan, Subscription
from shared_apps.billing.services import invoicing, paying
from shared_apps.billing.services.invoicing import BillingError, refuse_too_small, review
from shared_apps.billing.states import share_left


def cost_of_change(subscription: Subscription, *, plan: Plan, now: datetime) -> int:
    """Return the pence, with VAT, that another plan costs at once; raises BillingError and GatewayError."""
    _refuse_same(subscription, plan)
    renewal = paying.renewal_of(subscription)
    if renewal is not None:
        return gateway.change_of(renewal, paying.goods_of(plan, subscription.period))
    return _difference(subscription, plan, now).pence


@transaction.atomic
def change_plan(subscription: Subscription, *, plan: Plan, now: datetime, by: Actor) -> None:
    """Have another plan from now on, for the same periods.

    A card is charged for the rest of its period, or what is too much is kept for the next payment. Without a card there
    is an invoice for what a larger plan costs more until what is paid ends. Raises BillingError when something is owed
    or the plan is too small, and GatewayError.
    """
    held = paying.alone(subscription.id)
    _refuse_same(held, plan)
    if selectors.open_invoice(held) is not None:
        raise BillingError("There is an invoice to pay first.")
    renewal, difference = paying.renewal_of(held), _difference(held, plan, now)
    record("billing.plan.changed", by=by, target=held, from_plan=held.plan.code, plan=plan.code)
    held.plan = plan
    refuse_too_small(held)
    held.save(update_fields=["plan"])
    if renewal is not None:
        gateway.change_plan(renewal, paying.goods_of(plan, held.period))
        paying.read(held, now)
    elif difference.pence:
        _charge(held, difference, now=now, by=by)
    review(held.id, now=now)


@transaction.atomic
def set_plan(subscription: Subscription, *, plan: Plan, discount_percent: int, now: datetime, by: Actor) -> None:
    """Give a network another plan and discount, as an operator; what is invoiced or paid stays as it is.

    A card is charged so from its next payment on. Raises BillingError and GatewayError.
    """
    held = paying.alone(subscription.id)
    is_other = discount_percent != held.discount_percent
    invoicing.set_plan(held, plan=plan, discount_percent=discount_percent, now=now, by=by)
    renewal = paying.renewal_of(held)
    if renewal is not None:
        goods = paying.goods_of(plan, held.period)
        gateway.set_terms(renewal, goods, discount_percent=discount_percent if is_other else None)


@transaction.atomic
def set_trial_end(subscription: Subscription, *, ends_at: datetime, now: datetime, by: Actor) -> None:
    """Let a trial end at another time, as an operator; a card that waits for the end is charged then.

    Raises BillingError for one that is over before it begins, and GatewayError.
    """
    held = paying.alone(subscription.id)
    invoicing.set_trial_end(held, ends_at=ends_at, now=now, by=by)
    renewal = paying.renewal_of(held)
    if renewal is not None and renewal.is_free_yet:
        held.refresh_from_db(fields=["trial_ends_at"])
        gateway.charge_from(renewal, selectors.covered_until(held), now=now)
        paying.read(held, now)


def _refuse_same(subscription: Subscription, plan: Plan) -> None:
    if plan.id == subscription.plan_id:
        raise BillingError("The network has this plan already.")


def _difference(subscription: Subscription, plan: Plan, now: datetime) -> selectors.Price:
    """Return what a larger plan costs more until what is paid ends; a trial and a sponsor cost nothing."""
    period, until = Period(subscription.period), selectors.paid_time(subscription, now)
    more = max(0, plan.pence(period) - subscription.plan.pence(period)) * (100 - subscription.discount_percent) // 100
    return selectors.with_vat(share_left(more, now, until or now, period.months), timezone.localdate(now))


def _charge(held: Subscription, difference: selectors.Price, *, now: datetime, by: Actor) -> None:
    invoice = invoicing.invoice_of(held, difference, f"Change to {held.plan.name}", now=now)
    invoice.covers_from, invoice.covers_until = now, selectors.paid_time(held, now) or now
    paying.issue(held, invoice, now=now, by=by)
