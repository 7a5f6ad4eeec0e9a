"""The operator's console: how the networks are, and what can be done about it; never what they hold."""

from collections.abc import Callable
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shared_apps.accounts.permissions import is_operator, operator_required
from shared_apps.core.flash import say
from shared_apps.core.when import short_when
from shared_apps.jobs import selectors as jobs
from shared_apps.operator import selectors, services
from shared_apps.operator.forms import NetworkForm
from tenants.enums import NetworkState
from tenants.models import Network
from tenants.selectors import collective_url, host_of, network_url

PAGE_SIZE = 50
_BADGES = {
    NetworkState.LIVE: "good",
    NetworkState.FAILED: "bad",
    NetworkState.SUSPENDED: "warn",
    NetworkState.CLOSED: "plain",
}


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Say what this is to a visitor; an operator goes to the console."""
    if is_operator(request.user):
        return redirect("operator:network_list")
    return render(request, "operator/home.html", {"collective": collective_url()})


@require_GET
@operator_required
def network_list(request: HttpRequest) -> HttpResponse:
    """Show every network with its state, members and last activity."""
    state, search = request.GET.get("state", ""), request.GET.get("q", "").replace("\x00", "")[:100]
    page = Paginator(selectors.networks(state=state, search=search), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [_row(network) for network in page],
        "tiles": _tiles(),
        "states": NetworkState.choices,
        "state": state,
        "search": search,
    }
    return render(request, "operator/network_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@operator_required
def network_new(request: HttpRequest) -> HttpResponse:
    """Ask for a network; a job does the work and the next page shows how it goes."""
    form = NetworkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            network = services.request_and_start(**form.cleaned_data, by=request.actor)
        except services.NETWORK_ERRORS as error:
            form.add_error("subdomain", str(error))
        else:
            return redirect("operator:network_detail", network.id)
    context = {"form": form, "domain": host_of(None)}
    return render(request, "operator/network_form.html", context, status=422 if form.errors else 200)


@require_GET
@operator_required
def network_detail(request: HttpRequest, network_id: UUID) -> HttpResponse:
    """Show one network: its onboarding as it happens, its state, and what can be done."""
    network = _network_or_404(network_id)
    return render(request, "operator/network_detail.html", _progress(network) | _about(network))


@require_GET
@operator_required
def network_progress(request: HttpRequest, network_id: UUID) -> HttpResponse:
    """Answer with the progress alone, for the script that keeps the page up to date."""
    return render(request, "operator/_progress.html", _progress(_network_or_404(network_id)))


@require_POST
@operator_required
def network_act(request: HttpRequest, network_id: UUID) -> HttpResponse:
    """Suspend, reactivate, close or try again."""
    network, act = _network_or_404(network_id), _ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    function, words = act
    try:
        function(network, by=request.actor)
    except services.NETWORK_ERRORS as error:
        say(request, str(error))
    else:
        say(request, words.format(name=network.name))
    return redirect("operator:network_detail", network_id)


@require_http_methods(["GET", "HEAD", "POST"])
@operator_required
def network_confirm(request: HttpRequest, network_id: UUID, act: str) -> HttpResponse:
    """Ask before others notice: suspending, closing, and removing what never went live."""
    network = _network_or_404(network_id)
    if act not in _QUESTIONS:
        raise Http404
    if act == "remove" and request.method == "POST":
        return _remove(request, network)
    context = {"network": network, "act": act, **_QUESTIONS[act]}
    return render(request, "operator/network_confirm.html", context)


def _remove(request: HttpRequest, network: Network) -> HttpResponse:
    if selectors.is_settled(network) and network.state != NetworkState.FAILED:
        raise Http404
    services.remove_unfinished(network, by=request.actor)
    say(request, f"{network.name} is removed. Nothing of it is left.")
    return redirect("operator:network_list")


Act = Callable[..., None]

_ACTS: dict[str, tuple[Act, str]] = {
    "suspend": (services.suspend_network, "{name} is suspended. It stops answering within seconds."),
    "reactivate": (services.reactivate_network, "{name} answers again."),
    "close": (services.close_network, "{name} is closed. Its data is kept until it is exported and deleted."),
    "again": (services.start_again, "Started again."),
}

_QUESTIONS = {
    "suspend": {
        "question": "Suspend this network?",
        "text": "Its members see a page that says so, and what it shared is hidden. You can reactivate it any time.",
        "yes": "Suspend it",
        "no": "Keep it live",
    },
    "close": {
        "question": "Close this network?",
        "text": "It stays off line and its members cannot sign in. Its data is kept until it is exported and deleted.",
        "yes": "Close it",
        "no": "Keep it suspended",
    },
    "remove": {
        "question": "Remove this network?",
        "text": "It never went live. Everything that was made for it is deleted, and its address is free again.",
        "yes": "Remove it",
        "no": "Keep it",
    },
}


def _network_or_404(network_id: UUID) -> Network:
    network = selectors.get_network(network_id)
    if network is None:
        raise Http404
    return network


def _row(network: Network) -> dict:
    return {
        "id": network.id,
        "name": network.name,
        "subdomain": network.subdomain,
        "badge": _BADGES.get(network.state, "waiting"),
        "state": network.get_state_display(),
        "members": network.member_count,
        "active": short_when(network.last_active_at, timezone.now()) if network.last_active_at else "Not yet",
    }


def _tiles() -> list[tuple[str, int, str]]:
    states = selectors.count_by_state()
    return [
        ("Networks live", states.get(NetworkState.LIVE, 0), ""),
        ("Members", selectors.count_members(), "in all networks"),
        ("Need a look", states.get(NetworkState.FAILED, 0), "failed on their way"),
        ("Jobs waiting", jobs.count_waiting(), "worker running" if jobs.is_worker_alive() else "no worker running"),
    ]


def _progress(network: Network) -> dict:
    steps = [
        {
            "name": step.name,
            "state": step.state,
            "took": f"{step.seconds:.2f} s" if step.seconds is not None else "",
            "detail": step.detail,
        }
        for step in selectors.step_states(network)
    ]
    return {
        "network": network,
        "badge": _BADGES.get(network.state, "waiting"),
        "steps": steps,
        "done": sum(step["state"] == "done" for step in steps),
        "settled": selectors.is_settled(network),
        "url": network_url(network) if network.state == NetworkState.LIVE else "",
    }


def _about(network: Network) -> dict:
    return {"figures": _figures(network), "crumbs": [("Networks", reverse("operator:network_list"))]}


def _figures(network: Network) -> list[tuple[str, str]]:
    return [
        ("Address", host_of(network)),
        ("Owner’s email", network.owner_email),
        ("Members", str(network.member_count)),
        ("Last activity", short_when(network.last_active_at, timezone.now()) if network.last_active_at else "Not yet"),
        ("Region", network.region or "Not given"),
        ("Asked for", short_when(network.created_at, timezone.now())),
    ]
