"""The owners' pages about support access, and the end of a visit."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shared_apps.core.finding import found_or_404
from shared_apps.core.flash import say
from shared_apps.core.when import long_when
from shared_apps.grants import selectors as grants
from shared_apps.grants.enums import GrantState
from shared_apps.grants.models import SupportGrant
from tenant_apps.members.permissions import member_required, owner_required, proof_required
from tenant_apps.support import selectors, services
from tenants.selectors import host_of, url_of

BADGES = {
    GrantState.ASKED: "waiting",
    GrantState.ALLOWED: "warn",
    GrantState.REFUSED: "plain",
    GrantState.ENDED: "plain",
    GrantState.EXPIRED: "plain",
}
_SHOWN = 50


@require_safe
@owner_required
def grant_list(request: Any) -> HttpResponse:
    """Who asked to look in, and how each stands."""
    found = grants.grants_of(request.network)[:_SHOWN]
    context = {
        "grants": [(each, BADGES[GrantState(each.state)]) for each in found],
        "crumbs": [("Organise", reverse("members:manage"))],
    }
    return render(request, "support/grant_list.html", context)


@require_safe
@owner_required
def grant_detail(request: Any, grant_id: UUID) -> HttpResponse:
    """One request: why, how long, what was opened, and what an owner can do."""
    grant = _grant_or_404(request, grant_id)
    context = {
        "grant": grant,
        "badge": BADGES[GrantState(grant.state)],
        "facts": _facts(grant),
        "entries": selectors.log_of(grant),
        "shown": selectors.SHOWN,
        "crumbs": _crumbs(),
    }
    return render(request, "support/grant_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@owner_required
@proof_required
def grant_answer(request: Any, grant_id: UUID) -> HttpResponse:
    """Ask, then allow or refuse; the button says which."""
    grant = _grant_or_404(request, grant_id)
    acts = {
        "allow": (services.allow_visit, f"{grant.account.display_name} can look in now. You can end it at any time."),
        "refuse": (services.refuse_visit, f"Refused. {grant.account.display_name} is told."),
    }
    chosen = acts.get(request.POST.get("decision", ""))
    if request.method == "POST" and chosen:
        return _done(request, grant, *chosen)
    if grant.state != GrantState.ASKED:
        return redirect("support:grant_detail", grant.id)
    return render(request, "support/grant_answer.html", {"grant": grant, "crumbs": _crumbs()})


@require_POST
@owner_required
def grant_end(request: Any, grant_id: UUID) -> HttpResponse:
    """End a visit at once."""
    grant = _grant_or_404(request, grant_id)
    return _done(request, grant, services.end_visit, f"Ended. {grant.account.display_name} is signed out here.")


@require_POST
@member_required
def visit_end(request: Any) -> HttpResponse:
    """End one's own visit; the session here ends with it."""
    visit = getattr(request, "visit", None)
    if visit is None:
        raise Http404
    services.end_visit(visit, now=timezone.now(), by=request.member)
    request.session.flush()
    request.member, request.visit, request.user = None, None, AnonymousUser()  # as the page is drawn for a stranger
    back = url_of(host_of(None), f"/operator/networks/{request.network.id}/support/")
    return render(request, "support/visit_over.html", {"url": back})


def _done(request: HttpRequest, grant: SupportGrant, act: Callable[..., None], said: str) -> HttpResponse:
    try:
        act(grant, now=timezone.now(), by=request.member)  # type: ignore[attr-defined]
        say(request, said)
    except services.GrantError as error:
        say(request, str(error), level=messages.ERROR)
    return redirect("support:grant_detail", grant.id)


def _grant_or_404(request: Any, grant_id: UUID) -> SupportGrant:
    return found_or_404(grants.get_grant(request.network, grant_id))


def _crumbs() -> list[tuple[str, str]]:
    return [("Organise", reverse("members:manage")), ("Support access", reverse("support:grant_list"))]


def _facts(grant: SupportGrant) -> list[tuple[str, str]]:
    now = timezone.now()
    facts = [
        ("Who", grant.account.display_name),
        ("Email", grant.account.email),
        ("For how long", grant.get_minutes_display()),
        ("Asked", long_when(grant.asked_at, now)),
    ]
    more = (("Answered", grant.decided_at), ("Came in", grant.opened_at), ("Ends", grant.ends_at))
    facts += [(label, long_when(at, now)) for label, at in more if at and not (label == "Ends" and grant.ended_at)]
    return [*facts, ("Ended", long_when(grant.ended_at, now))] if grant.ended_at else facts
