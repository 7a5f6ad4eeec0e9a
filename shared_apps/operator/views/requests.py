"""The queue of requests to start a network: accepted in one click, or declined with words."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from shared_apps.accounts.permissions import operator_required, proof_required
from shared_apps.billing import selectors as billing
from shared_apps.core.fields import status_of
from shared_apps.core.finding import found_or_404
from shared_apps.core.flash import say
from shared_apps.operator import services
from shared_apps.operator.forms import AcceptForm, DeclineForm
from shared_apps.operator.views.networks import plan_choices
from shared_apps.requests import selectors
from shared_apps.requests import services as requests
from shared_apps.requests.enums import RequestState
from shared_apps.requests.models import NetworkRequest
from tenants.models import Network
from tenants.selectors import host_of

PAGE_SIZE = 50
_SHOWN = 20
_BADGES = {RequestState.ACCEPTED: "good", RequestState.DECLINED: "plain"}


@require_GET
@operator_required
def request_list(request: HttpRequest) -> HttpResponse:
    """Show what waits, the oldest first, and what was decided lately."""
    page = Paginator(selectors.waiting_requests(), PAGE_SIZE).get_page(request.GET.get("page"))
    decided = [(each, _BADGES[RequestState(each.state)]) for each in selectors.decided_requests()[:_SHOWN]]
    return render(request, "operator/request_list.html", {"page": page, "decided": decided})


@require_http_methods(["GET", "HEAD", "POST"])
@operator_required
@proof_required
def request_detail(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Show one request, with the network as it will be; a POST accepts it."""
    asked = _request_or_404(request_id)
    form = AcceptForm(request.POST or None, plans=plan_choices(), initial=_as_asked(asked))
    if request.method == "POST" and form.is_valid():
        network = _accepted(request, asked, form)
        if network is not None:
            say(request, f"Accepted. {asked.person} gets an invitation by email as soon as it is on line.")
            return redirect("operator:network_detail", network.id)
    context = {
        "asked": asked,
        "sub": f"Asked for by {asked.person}, {asked.organisation}.",
        "is_waiting": asked.state == RequestState.WAITING,
        "form": form,
        "facts": _facts(asked),
        "crumbs": _crumbs(),
    }
    return render(request, "operator/request_detail.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@operator_required
@proof_required
def request_decline(request: Any, request_id: UUID) -> HttpResponse:
    """Ask for the words, and decline with them."""
    asked, form = _request_or_404(request_id), DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            requests.decline(asked, answer=form.cleaned_data["answer"], now=timezone.now(), by=request.actor)
        except requests.RequestError as error:
            say(request, str(error), level=messages.ERROR)
        else:
            say(request, f"Declined. {asked.person} gets your words by email.")
        return redirect("operator:request_list")
    context = {"asked": asked, "form": form, "crumbs": [*_crumbs(), (asked.name, _address(asked))]}
    return render(request, "operator/request_decline.html", context, status=status_of(form))


def _accepted(request: Any, asked: NetworkRequest, form: AcceptForm) -> Network | None:
    try:
        return services.accept_request(asked, **form.cleaned_data, now=timezone.now(), by=request.actor)
    except requests.RequestError as error:
        form.add_error(None, str(error))
    except services.NETWORK_ERRORS as error:
        form.add_error(getattr(error, "field", "subdomain"), str(error))
    return None


def _as_asked(asked: NetworkRequest) -> dict[str, str]:
    """What the form begins with: the smallest plan with room for the members they expect."""
    plan = billing.plan_for(asked.members)
    code = plan.code if plan else billing.FIRST_PLAN
    return {"name": asked.name, "subdomain": asked.subdomain, "region": asked.region, "plan": code}


def _facts(asked: NetworkRequest) -> list[tuple[str, str]]:
    return [
        ("Name", asked.person),
        ("Email", asked.email),
        ("Organisation", asked.organisation),
        ("Network", asked.name),
        ("Address", f"{asked.subdomain}.{host_of(None)}"),
        ("Members", f"About {asked.members:,}"),
        ("Region", asked.region or "Not given"),
    ]


def _request_or_404(request_id: UUID) -> NetworkRequest:
    return found_or_404(selectors.get_request(request_id))


def _crumbs() -> list[tuple[str, str]]:
    return [("Requests", reverse("operator:request_list"))]


def _address(asked: NetworkRequest) -> str:
    return reverse("operator:request_detail", args=[asked.id])
