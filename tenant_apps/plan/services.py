"""Telling a network's owners about its plan, and what owners do about it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from shared_apps.billing import selectors as billing
from shared_apps.billing import services as invoicing
from shared_apps.billing.models import Invoice, Notice, Plan, Subscription
from shared_apps.mail import services as mail
from tenant_apps.members.models import Member
from tenant_apps.members.permissions import is_owner, refusal
from tenant_apps.members.selectors import owners
from tenant_apps.plan.messages import words_of
from tenants.context import in_network, in_public
from tenants.enums import NetworkState
from tenants.models import Network
from tenants.selectors import network_url

PATH = "/manage/plan/"


def request_invoice(
    subscription: Subscription, *, plan: Plan, period: str, purchase_order: str, now: datetime, by: Member
) -> Invoice:
    """Ask for an invoice, as an owner; raises BillingError or GatewayError, each with a line for a person."""
    _refuse_others(by)
    return invoicing.request_invoice(
        subscription,
        plan=plan,
        period=period,
        purchase_order=purchase_order,
        email=by.email,
        now=now,
        by=by.actor,
    )


def start_card(subscription: Subscription, *, plan: Plan, period: str, now: datetime, by: Member) -> str:
    """Return where an owner gives a card; raises BillingError or GatewayError, each with a line for a person."""
    _refuse_others(by)
    back_to = network_url(subscription.network, PATH)
    return invoicing.start_card(
        subscription, plan=plan, period=period, email=by.email, back_to=back_to, now=now, by=by.actor
    )


def open_portal(subscription: Subscription, *, by: Member) -> str:
    """Return where an owner changes the card; raises BillingError or GatewayError, each with a line for a person."""
    _refuse_others(by)
    return invoicing.open_portal(subscription, back_to=network_url(subscription.network, PATH))


def cost_of_change(subscription: Subscription, *, plan: Plan, now: datetime, by: Member) -> int:
    """Return the pence that another plan costs at once; raises as `change_plan` does."""
    _refuse_others(by)
    return invoicing.cost_of_change(subscription, plan=plan, now=now)


def change_plan(subscription: Subscription, *, plan: Plan, now: datetime, by: Member) -> None:
    """Have another plan from now on; raises BillingError or GatewayError, each with a line for a person."""
    _refuse_others(by)
    invoicing.change_plan(subscription, plan=plan, now=now, by=by.actor)


def tell_owners(notice_id: UUID) -> None:
    """Email each owner what a notice says, once.

    A network that is suspended sends nothing of its own, so there the platform writes.
    """
    notice = billing.get_notice(notice_id)
    if notice is None:
        return
    network = notice.subscription.network
    with in_network(network):
        readers = [(owner.id, owner.account_id, owner.email) for owner in owners()]
    with _desk(network)(), transaction.atomic():
        for member_id, account_id, address in readers:
            _write(notice, address, account_id=account_id, dedupe_key=f"plan:{notice.id}:{member_id}")


def _refuse_others(by: Member) -> None:
    if not is_owner(by):
        raise PermissionDenied(refusal(owners=True))


def _desk(network: Network) -> Callable[[], AbstractContextManager[Any]]:
    return in_public if network.state != NetworkState.LIVE else lambda: in_network(network)


def _write(notice: Notice, address: str, *, account_id: UUID, dedupe_key: str) -> None:
    words, network = words_of(notice), notice.subscription.network
    mail.queue_notice(
        address,
        mail.Notice(
            subject=words.subject,
            paragraphs=words.paragraphs,
            action=_way(notice),
            reason=f"You get this email because you own {network.name}.",
        ),
        kind=f"plan.{notice.kind}",
        dedupe_key=dedupe_key,
        to_account_id=account_id,
    )


def _way(notice: Notice) -> tuple[str, str]:
    """Return what an owner can press, and where it leads; a network that does not answer is paid at Stripe's page."""
    network = notice.subscription.network
    if network.state != NetworkState.LIVE:
        owed = billing.open_invoice(notice.subscription)
        return ("Pay the invoice", owed.pay_url) if owed and owed.pay_url else ("", "")
    if notice.invoice_id:
        return "See the invoice", network_url(network, f"{PATH}invoices/{notice.invoice_id}/")
    return "See the plan", network_url(network, PATH)
