"""What the plan is, asking for an invoice, and an invoice to print."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shared_apps.billing import selectors
from shared_apps.billing.enums import InvoiceState, State
from shared_apps.billing.models import Invoice, Plan, Subscription, money
from shared_apps.billing.services import BillingError, GatewayError
from shared_apps.billing.states import Standing
from shared_apps.core.fields import status_of
from shared_apps.core.finding import found_or_404
from shared_apps.core.flash import say
from shared_apps.core.when import here
from tenant_apps.members.permissions import owner_required
from tenant_apps.plan import services
from tenant_apps.plan.forms import InvoiceForm, PlanForm
from tenant_apps.plan.messages import date_of
from tenants.permissions import works_read_only

_BADGES = {
    State.TRIAL: "note",
    State.ACTIVE: "good",
    State.PAST_DUE: "warn",
    State.READ_ONLY: "bad",
    State.SUSPENDED: "bad",
    State.CLOSED: "bad",
}
_THEN = {
    State.TRIAL: "It is free until {day}.",
    State.ACTIVE: "Nothing is owed before {day}.",
    State.PAST_DUE: "It becomes read-only on {day} unless it is paid.",
    State.READ_ONLY: "It stops answering on {day} unless it is paid. Nothing is lost.",
}
_INVOICE_BADGES = {InvoiceState.OPEN: "waiting", InvoiceState.PAID: "good", InvoiceState.VOID: "plain"}


@works_read_only
@require_http_methods(["GET", "HEAD", "POST"])
@owner_required
def plan(request: HttpRequest) -> HttpResponse:
    """The plan, how it is paid, its invoices, and the form that asks for one."""
    subscription = _subscription_or_404(request)
    plans = selectors.offered_plans()
    initial = {"plan": subscription.plan.code, "period": subscription.period}
    choices = [(each.code, _choice(each)) for each in plans]
    form = InvoiceForm(request.POST or None, plans=choices, initial=initial)
    if request.method == "POST" and form.is_valid():
        done = (_give_card if "card" in request.POST else _ask)(request, subscription, form)
        if done is not None:
            return done
    return render(request, "plan/plan.html", _page(subscription, form, plans), status=status_of(form))


@works_read_only
@require_safe
@owner_required
def invoice(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    """One invoice, to print or to save."""
    found = selectors.get_invoice(_subscription_or_404(request), invoice_id)
    if found is None:
        raise Http404
    context = {
        "invoice": found,
        "crumbs": _crumbs(),
        "badge": _INVOICE_BADGES[InvoiceState(found.state)],
        "facts": _facts(found),
        "rows": _sums(found),
        "seller": settings.INVOICE_SELLER,
        "bank": settings.INVOICE_BANK,
        "pay_url": found.pay_url if found.state == InvoiceState.OPEN else "",
    }
    return render(request, "plan/invoice.html", context)


@works_read_only
@require_POST
@owner_required
def portal(request: Any) -> HttpResponse:
    """Say where the card is changed and receipts are found."""
    try:
        url = services.open_portal(_subscription_or_404(request), by=request.member)
    except (BillingError, GatewayError) as error:
        say(request, str(error), level=messages.ERROR)
        return redirect("plan:plan")
    return _go_on(request, url, "Card and receipts")


@works_read_only
@require_http_methods(["GET", "HEAD", "POST"])
@owner_required
def change(request: HttpRequest) -> HttpResponse:
    """Choose another plan, see what it costs at once, and have it."""
    subscription = _subscription_or_404(request)
    plans = [each for each in selectors.offered_plans() if each.id != subscription.plan_id]
    form = PlanForm(request.POST or None, plans=[(each.code, _choice(each)) for each in plans])
    if request.method == "POST" and form.is_valid():
        done = _change(request, subscription, form)
        if done is not None:
            return done
    context = {"form": form, "hints": {each.code: f"{each.room}." for each in plans}, "crumbs": _crumbs()}
    return render(request, "plan/change.html", context, status=status_of(form))


def _change(request: Any, subscription: Subscription, form: PlanForm) -> HttpResponse | None:
    """Say what a plan costs, or have it when that was read; what is not possible is said on the form."""
    chosen = _plan_or_404(form.cleaned_data["plan"])
    said: dict[str, Any] = {"plan": chosen, "now": timezone.now(), "by": request.member}
    try:
        if "confirm" not in request.POST:
            cost = services.cost_of_change(subscription, **said)
            values = {"plan": chosen, "cost": money(cost) if cost else "", "is_by_card": subscription.is_by_card}
            return render(request, "plan/change_confirm.html", values | {"crumbs": _crumbs()})
        services.change_plan(subscription, **said)
    except (BillingError, GatewayError) as error:
        form.add_error(None, str(error))
        return None
    say(request, f"Your plan is {chosen.name} now.")
    return redirect("plan:plan")


def _crumbs() -> list[tuple[str, str]]:
    return [("Organise", reverse("members:manage")), ("Plan and payment", reverse("plan:plan"))]


def _subscription_or_404(request: Any) -> Subscription:
    return found_or_404(selectors.subscription_of(request.network))


def _ask(request: Any, subscription: Subscription, form: InvoiceForm) -> HttpResponse | None:
    """Ask for the invoice and show it; what is not possible is said on the form."""
    given = form.cleaned_data
    try:
        invoice = services.request_invoice(
            subscription,
            plan=_plan_or_404(given["plan"]),
            period=given["period"],
            purchase_order=given["purchase_order"],
            now=timezone.now(),
            by=request.member,
        )
    except (BillingError, GatewayError) as error:
        form.add_error(None, str(error))
        return None
    say(request, "Here is your invoice. It has been sent to the owners by email too.")
    return redirect("plan:invoice", invoice.id)


def _give_card(request: Any, subscription: Subscription, form: InvoiceForm) -> HttpResponse | None:
    """Say where the card is given; what is not possible is said on the form."""
    given = form.cleaned_data
    try:
        url = services.start_card(
            subscription,
            plan=_plan_or_404(given["plan"]),
            period=given["period"],
            now=timezone.now(),
            by=request.member,
        )
    except (BillingError, GatewayError) as error:
        form.add_error(None, str(error))
        return None
    return _go_on(request, url, "Pay by card")


def _go_on(request: HttpRequest, url: str, title: str) -> HttpResponse:
    """Show a link to Stripe's page: our pages' policy lets no form lead to another site."""
    return render(request, "plan/go_on.html", {"url": url, "title": title, "crumbs": _crumbs()})


def _plan_or_404(code: str) -> Plan:
    return found_or_404(selectors.get_plan(code))


def _page(subscription: Subscription, form: InvoiceForm, plans: list[Plan]) -> dict[str, Any]:
    standing = selectors.standing(subscription, timezone.now())
    places = selectors.places_of(subscription)
    invoices = selectors.invoices_of(subscription)
    return {
        "crumbs": [("Organise", reverse("members:manage"))],
        "form": form,
        "hints": {each.code: f"{each.room}." for each in plans},
        "state": standing.state.label,
        "badge": _BADGES[standing.state],
        "then": _then(subscription, standing),
        "facts": [("Plan", subscription.plan.name), ("Sponsor", subscription.sponsor or "None")],
        "places": places,
        "full": places.used * 100 // places.limit if places.limit else 0,
        "takes_cards": selectors.takes_cards(),
        "is_by_card": subscription.is_by_card,
        "can_change": subscription.is_by_card or any(each.state == InvoiceState.PAID for each in invoices),
        "is_owing": any(each.state == InvoiceState.OPEN for each in invoices),
        "rows": [_row(each) for each in invoices],
        "columns": [{"label": "Invoice"}, {"label": "For"}, {"label": "Due"}, {"label": "State"}, _RIGHT],
    }


_RIGHT = {"label": "Sum", "right": True}


def _then(subscription: Subscription, standing: Standing) -> str:
    if subscription.renews_at:
        return f"The card is charged next on {date_of(subscription.renews_at)}."
    return _THEN[standing.state].format(day=date_of(standing.until)) if standing.until else ""


def _choice(plan: Plan) -> str:
    return f"{plan.name}: {money(plan.pence_per_term)} a term or {money(plan.pence_per_year)} a year, plus VAT"


def _row(invoice: Invoice) -> dict[str, Any]:
    return {
        "title": invoice.number,
        "url": reverse("plan:invoice", args=[invoice.id]),
        "small": "",
        "cells": [
            f"{invoice.description}, until {date_of(invoice.covers_until)}",
            date_of(invoice.due_at),
            invoice.shown_state,
            money(invoice.pence),
        ],
    }


def _facts(invoice: Invoice) -> list[tuple[str, str]]:
    facts = [
        ("Billed to", invoice.billed_to),
        ("Purchase order", invoice.purchase_order or "None"),
        ("Issued", _dated(invoice.issued_at)),
        ("Due", _dated(invoice.due_at)),
    ]
    facts += [("Paid", _dated(invoice.paid_at))] if invoice.paid_at else []
    return facts + ([("Given back", _dated(invoice.given_back_at))] if invoice.given_back_at else [])


def _sums(invoice: Invoice) -> list[tuple[str, str]]:
    covers = f"{invoice.description}, {_dated(invoice.covers_from)} to {_dated(invoice.covers_until)}"
    sums = [
        (covers, money(invoice.pence_net)),
        (f"VAT at {invoice.vat_basis_points / 100:g}%", money(invoice.pence_vat)),
        ("Total", money(invoice.pence)),
    ]
    sums += [("From your credit", money(invoice.pence_from_credit))] if invoice.pence_from_credit else []
    sums += [("Credited", f"{money(invoice.pence_credited)} of {invoice.shown_sum}")] if invoice.pence_credited else []
    sums += [("Refunded", f"{money(invoice.pence_refunded)} of {invoice.shown_sum}")] if invoice.pence_refunded else []
    return sums + ([("To pay", money(invoice.pence_to_pay))] if invoice.state == InvoiceState.OPEN else [])


def _dated(moment: datetime) -> str:
    """A day on an invoice, which is kept for years."""
    return date_format(here(moment), "j F Y")
