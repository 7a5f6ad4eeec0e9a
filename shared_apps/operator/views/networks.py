"""The list of networks, one network as it comes on line, and the form that asks for one."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from shared_apps.accounts.permissions import is_operator, operator_required, proof_required
from shared_apps.billing import selectors as billing
from shared_apps.core.finding import found_or_404
from shared_apps.core.flash import say
from shared_apps.core.when import short_when
from shared_apps.jobs import selectors as jobs
from shared_apps.mail import selectors as mail
from shared_apps.operator import selectors, services
from shared_apps.operator.enums import Standing, standing_of
from shared_apps.operator.forms import NetworkForm
from shared_apps.operator.selectors import Figures, StepState, UpgradeFigures
from shared_apps.requests import selectors as asking
from tenants.beginnings import template_named
from tenants.enums import NetworkState, UpgradeState
from tenants.models import Network
from tenants.schema import current_release
from tenants.selectors import collective_url, host_of, network_url

PAGE_SIZE = 50
NAMED = 3  # so many are shown one by one, and more as a number
NOT_UPGRADED = "not-upgraded"
_BADGES = {  # kind and icon
    Standing.LIVE: ("good", ""),
    Standing.SETTING_UP: ("note", "arrow-repeat"),
    Standing.FAILED: ("bad", ""),
    Standing.SUSPENDED: ("warn", "pause-circle"),
    Standing.CLOSED: ("plain", "lock"),
    Standing.DELETED: ("plain", "trash"),
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
    """Show every network with its state, members and last activity, and what is going on beside it."""
    now, search = timezone.now(), request.GET.get("q", "").replace("\x00", "")[:100]
    wanted = request.GET.get("state", "")
    standing = Standing(wanted) if wanted in Standing.values else None
    is_narrowed = {"standing": standing, "not_upgraded": wanted == NOT_UPGRADED}
    page = Paginator(selectors.networks(**is_narrowed, search=search), PAGE_SIZE).get_page(request.GET.get("page"))
    upgrades = selectors.upgrade_figures()
    figures, under_way = selectors.network_figures(now), selectors.networks_being_set_up()
    context = {
        "page": page,
        "rows": [_row(network) for network in page],
        "sub": _summary(figures),
        "tiles": _tiles(figures),
        "stopped": [*_stopped(figures), *_not_upgraded(upgrades)],
        "asked": asking.waiting_requests()[:3],
        "watched": _watched(under_way),
        "more_set_up": figures.by_standing[Standing.SETTING_UP] - len(under_way),
        "health": _health(upgrades),
        "standings": [*Standing.choices, (NOT_UPGRADED, "Not upgraded")],
        "standing": wanted if any(is_narrowed.values()) else "",
        "search": search,
    }
    return render(request, "operator/network_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@operator_required
@proof_required
def network_new(request: HttpRequest) -> HttpResponse:
    """Ask for a network; a job does the work and the next page shows how it goes."""
    form = NetworkForm(request.POST or None, plans=plan_choices(), initial={"plan": billing.FIRST_PLAN})
    if request.method == "POST" and form.is_valid():
        try:
            network = services.request_and_start(**form.cleaned_data, by=request.actor)
        except services.NETWORK_ERRORS as error:
            form.add_error(getattr(error, "field", "subdomain"), str(error))
        else:
            if network.state == NetworkState.LIVE:
                say(request, "It was on line already. Its owner gets a new invitation; earlier links no longer work.")
            return redirect("operator:network_detail", network.id)
    context = {"form": form, "crumbs": _crumbs()}
    return render(request, "operator/network_form.html", context, status=422 if form.errors else 200)


@require_GET
@operator_required
def network_detail(request: HttpRequest, network_id: UUID) -> HttpResponse:
    """Show one network: its onboarding as it happens, its state, and what can be done."""
    context = _state(network_or_404(network_id)) | {"crumbs": _crumbs()}
    return render(request, "operator/network_detail.html", context)


@require_GET
@operator_required
def network_progress(request: HttpRequest, network_id: UUID) -> HttpResponse:
    """Answer with the part of the page that changes, for the script that keeps it up to date."""
    return render(request, "operator/_state.html", _state(network_or_404(network_id)))


@require_GET
@operator_required
def network_steps(request: HttpRequest, network_id: UUID) -> HttpResponse:
    """Answer with the steps alone, for the list of networks."""
    return render(request, "operator/_steps.html", _watched([network_or_404(network_id)])[0])


def network_or_404(network_id: UUID) -> Network:
    """Return a network, or raise Http404."""
    return found_or_404(selectors.get_network(network_id))


def plan_choices() -> list[tuple[str, str]]:
    """Return every plan as a form offers it."""
    return [(plan.code, f"{plan.name}: {plan.room.lower()}") for plan in billing.offered_plans()]


def _crumbs() -> list[tuple[str, str]]:
    return [("Networks", reverse("operator:network_list"))]


def _row(network: Network) -> dict[str, Any]:
    standing = standing_of(network.state)
    badge, icon = _BADGES[standing]
    return {
        "id": network.id,
        "name": network.name,
        "subdomain": network.subdomain,
        "badge": badge,
        "icon": icon,
        "standing": standing,
        "label": standing.label,
        "members": network.member_count,
        "active": short_when(network.last_active_at, timezone.now()) if network.last_active_at else "Not yet",
        "url": network_url(network) if standing == Standing.LIVE else "",
    }


def _summary(figures: Figures) -> str:
    """Return "27 networks, 1 being set up, 1 needs you."."""
    setting_up, failed = figures.by_standing[Standing.SETTING_UP], figures.by_standing[Standing.FAILED]
    parts = [f"{figures.total:,} network{'' if figures.total == 1 else 's'}"]
    parts += [f"{setting_up:,} being set up"] if setting_up else []
    parts += [f"{failed:,} need{'s' if failed == 1 else ''} you"] if failed else []
    return ", ".join(parts) + "."


def _stopped(figures: Figures) -> list[dict[str, str]]:
    """Return what says that onboardings stopped: each network, or how many where that would fill the page."""
    number, then = figures.by_standing[Standing.FAILED], "What was done before is kept."
    if number > NAMED:
        return [_many(f"{number:,} networks stopped on their way.", then, Standing.FAILED)]
    return [
        _one(network, f"stopped at “{selectors.step_label(network.failed_step)}”.", then)
        for network in selectors.failed_networks(NAMED)
    ]


def _not_upgraded(figures: UpgradeFigures) -> list[dict[str, str]]:
    """Return the same of upgrades."""
    if figures.failed > NAMED:
        words = f"{figures.failed:,} networks could not be upgraded."
        return [_many(words, "They are served with the tables they have.", NOT_UPGRADED)]
    failed = selectors.failed_upgrades(NAMED) if figures.failed else []
    then = "It is served with the tables it has."
    return [_one(each.network, "could not be upgraded.", then) for each in failed]


def _one(network: Network, what: str, then: str) -> dict[str, str]:
    url = reverse("operator:network_detail", args=[network.id])
    return {"what": f"{network.name} {what}", "then": then, "url": url, "go": "See what happened", "to": network.name}


def _many(what: str, then: str, state: str) -> dict[str, str]:
    url = f"{reverse('operator:network_list')}?state={state}"
    return {"what": what, "then": then, "url": url, "go": "See which", "to": ""}


def _tiles(figures: Figures) -> list[dict[str, Any]]:
    live, suspended = figures.by_standing[Standing.LIVE], figures.by_standing[Standing.SUSPENDED]
    members, waiting, oldest = selectors.member_figures(timezone.now()), jobs.count_waiting(), jobs.oldest_waiting()
    since = f"Oldest since {short_when(oldest, timezone.now())}" if oldest else "All done"
    return [
        {"label": "Networks live", "value": f"{live:,}", "note": f"{suspended:,} suspended", "points": []},
        {
            "label": "Members",
            "value": f"{members.total:,}",
            "note": f"{members.joined_this_month:,} joined this month",
            "points": members.by_week,
        },
        {"label": "Active this week", "value": f"{figures.active:,}", "note": f"of {live:,} live", "points": []},
        {"label": "Jobs waiting", "value": f"{waiting:,}", "note": since, "points": []},
    ]


def _health(upgrades: UpgradeFigures) -> list[tuple[str, str, str]]:
    """Return what works and what does not: name, kind of badge, words."""
    failed, doubtful = jobs.count_failed(), mail.count_doubtful_digests()
    return [
        ("Worker", "good", "Running") if jobs.is_worker_alive() else ("Worker", "bad", "Not running"),
        _release_health(upgrades),
        ("Failed jobs", "warn", f"{failed:,} to look at") if failed else ("Failed jobs", "good", "None"),
        ("Digests", "warn", f"{doubtful:,} may not have arrived") if doubtful else ("Digests", "good", "All sent"),
    ]


def _release_health(figures: UpgradeFigures) -> tuple[str, str, str]:
    if figures.failed:
        return "Release", "bad", f"{figures.behind:,} behind, {figures.failed:,} failed"
    return ("Release", "warn", f"{figures.behind:,} behind") if figures.behind else ("Release", "good", "All on it")


def _upgrade(network: Network) -> dict[str, Any]:
    """How a network stands to this release: kind of badge, words, and what stopped it, if anything did."""
    if network.release == current_release():
        return {"kind": "good", "words": "On this release", "is_behind": False}
    upgrade = getattr(network, "upgrade", None)
    if upgrade is None or upgrade.state != UpgradeState.FAILED or upgrade.release != current_release():
        return {"kind": "warn", "words": "Waits for this release", "is_behind": True}
    return {"kind": "bad", "words": "Upgrade failed", "is_behind": True, "failure": upgrade}


def _watched(networks: list[Network]) -> list[dict[str, Any]]:
    states = selectors.step_states(networks) if networks else {}
    return [_steps(network, states[network.id]) for network in networks]


def _steps(network: Network, states: list[StepState]) -> dict[str, Any]:
    steps = [
        {
            "name": step.name,
            "state": step.state,
            "took": f"{step.seconds:.2f} s" if step.seconds is not None else "",
            "detail": f"Failed: {step.detail}" if step.detail else "",
        }
        for step in states
    ]
    asked = {"name": "Asked for", "state": "done", "took": short_when(network.created_at, timezone.now())}
    return {
        "network": network,
        "steps": [asked, *steps],
        "done": 1 + sum(step["state"] == "done" for step in steps),
        "took": f"{sum(step.seconds or 0 for step in states):.1f} s",
        "settled": selectors.is_settled(network),
    }


def _state(network: Network) -> dict[str, Any]:
    return _watched([network])[0] | {
        "row": _row(network),
        "stopped_at": selectors.step_label(network.failed_step),
        "figures": _figures(network),
        "upgrade": _upgrade(network),
    }


def _figures(network: Network) -> list[tuple[str, str]]:
    now = timezone.now()
    return [
        ("Address", host_of(network)),
        ("Owner", network.owner_email),
        ("Members", f"{network.member_count:,}"),
        ("Last activity", short_when(network.last_active_at, now) if network.last_active_at else "Not yet"),
        ("Region", network.region or "Not given"),
        ("Began with", template_named(network.template).name if network.template else "Not recorded"),
        ("Asked for", short_when(network.created_at, now)),
        *_origin(network),
    ]


def _origin(network: Network) -> list[tuple[str, str]]:
    """Return of which network it is a copy, if it is one."""
    if network.restored_from is None:
        return []
    original = selectors.get_network(network.restored_from)
    return [("Copy of", original.name if original else "A network that is gone")]
