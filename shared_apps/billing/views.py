"""The operator's page of what one network has and owes."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from shared_apps.accounts.permissions import operator_required
from shared_apps.billing import selectors, services
from shared_apps.billing.forms import PlanForm, SponsorForm, TrialForm
from shared_apps.billing.models import Plan, Subscription
from shared_apps.core.console import network_crumbs
from shared_apps.core.fields import status_of
from shared_apps.core.finding import found_or_404
from shared_apps.core.flash import say


@require_http_methods(["GET", "HEAD", "POST"])
@operator_required
def subscription(request: HttpRequest, network_id: UUID) -> HttpResponse:
    """Show it, and take one of its three forms; the button says which."""
    found = _subscription_or_404(network_id)
    wanted = request.POST.get("form", "") if request.method == "POST" else ""
    forms = _forms(found, request, wanted)
    if wanted in forms and forms[wanted].is_valid() and _saved(request, found, wanted, forms[wanted]):
        say(request, "Saved.")
        return redirect("billing:subscription", network_id)
    context = {
        "crumbs": network_crumbs(found.network),
        "subscription": found,
        "facts": _facts(found),
        "invoices": selectors.invoices_of(found),
        "forms": list(forms.values()),
        **{f"{name}_form": form for name, form in forms.items()},
        "has_errors": any(form.errors for form in forms.values()),
    }
    return render(request, "billing/subscription.html", context, status=status_of(*forms.values()))


@require_POST
@operator_required
def invoice_paid(request: HttpRequest, network_id: UUID, invoice_id: UUID) -> HttpResponse:
    """Note that the money came."""
    return _on_invoice(request, network_id, invoice_id, services.mark_paid, "Noted as paid. The owners are told.")


@require_POST
@operator_required
def invoice_withdraw(request: HttpRequest, network_id: UUID, invoice_id: UUID) -> HttpResponse:
    """Take an invoice back."""
    return _on_invoice(request, network_id, invoice_id, services.withdraw_invoice, "Withdrawn.")


@csrf_exempt
@require_POST
def webhook(request: HttpRequest) -> HttpResponse:
    """Take what Stripe signed: 204 for what is known now, also for the second time; 400 for what is not Stripe's."""
    try:
        services.take_event(request.body, request.headers.get("Stripe-Signature", ""), now=timezone.now())
    except services.ForgedEventError:
        return HttpResponseBadRequest("This is not signed by Stripe, or too old.", content_type="text/plain")
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def _on_invoice(request: Any, network_id: UUID, invoice_id: UUID, act: Callable[..., None], said: str) -> HttpResponse:
    invoice = selectors.get_invoice(_subscription_or_404(network_id), invoice_id)
    if invoice is None:
        raise Http404
    try:
        act(invoice, now=timezone.now(), by=request.actor)
        say(request, said)
    except (services.BillingError, services.GatewayError) as error:
        say(request, str(error), level=messages.ERROR)
    return redirect("billing:subscription", network_id)


def _subscription_or_404(network_id: UUID) -> Subscription:
    return found_or_404(selectors.get_subscription(network_id))


def _forms(found: Subscription, request: HttpRequest, wanted: str) -> dict[str, BaseForm]:
    plans = [(each.code, each.name) for each in selectors.offered_plans()]
    sent = {wanted: request.POST}
    until = found.sponsored_until
    return {
        "plan": PlanForm(
            sent.get("plan"),
            plans=plans,
            initial={"plan": found.plan.code, "discount_percent": found.discount_percent},
        ),
        "trial": TrialForm(sent.get("trial"), initial={"last_day": _written(found.trial_ends_at)}),
        "sponsor": SponsorForm(
            sent.get("sponsor"),
            has_card=found.is_by_card or (wanted == "sponsor" and found.stripe_customer is not None),
            initial={"sponsor": found.sponsor, "sponsored_until": _written(until) if until else ""},
        ),
    }


def _written(moment: Any) -> str:
    return timezone.localdate(moment).strftime("%d %m %Y")


def _saved(request: Any, found: Subscription, name: str, form: BaseForm) -> bool:
    """Save one form, or say on it why that is not possible."""
    said: dict[str, Any] = {"now": timezone.now(), "by": request.actor}
    try:
        _SAVE[name](found, form.cleaned_data, said)
    except services.CardPaysError as error:
        form.add_error("end_card", str(error))
    except (services.BillingError, services.GatewayError) as error:
        form.add_error(None, str(error))
    return form.is_valid()


def _save_plan(found: Subscription, given: dict[str, Any], said: dict[str, Any]) -> None:
    chosen = selectors.get_plan(given["plan"])
    plan = chosen if isinstance(chosen, Plan) else found.plan
    services.set_plan(found, plan=plan, discount_percent=given["discount_percent"], **said)


def _save_trial(found: Subscription, given: dict[str, Any], said: dict[str, Any]) -> None:
    services.set_trial_end(found, ends_at=selectors.end_of(given["last_day"]), **said)


def _save_sponsor(found: Subscription, given: dict[str, Any], said: dict[str, Any]) -> None:
    day = given["sponsored_until"]
    until = selectors.end_of(day) if day else None
    services.set_sponsor(found, sponsor=given["sponsor"], until=until, end_card=given.get("end_card", ""), **said)


_SAVE = {"plan": _save_plan, "trial": _save_trial, "sponsor": _save_sponsor}


def _facts(found: Subscription) -> list[tuple[str, str]]:
    return [
        ("State", found.get_state_display()),
        ("Plan", f"{found.plan.name}, {found.get_period_display().lower()}"),
        ("Members", selectors.places_of(found).shown),
        ("Purchase order", found.purchase_order or "None"),
    ]
