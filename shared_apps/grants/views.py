"""The operator's page of support access to one network."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from shared_apps.accounts.permissions import operator_required, proof_required
from shared_apps.core.console import network_crumbs, network_or_404
from shared_apps.core.fields import status_of
from shared_apps.core.flash import say
from shared_apps.grants import selectors, services
from shared_apps.grants.enums import GrantState
from shared_apps.grants.forms import AskForm
from shared_apps.grants.models import SupportGrant
from shared_apps.grants.permissions import can_ask
from tenants.models import Network
from tenants.selectors import crossing_url, host_of

_SHOWN = 20
_BADGES = {GrantState.ASKED: "waiting", GrantState.ALLOWED: "good"}


@require_http_methods(["GET", "HEAD", "POST"])
@operator_required
@proof_required
def access(request: Any, network_id: UUID) -> HttpResponse:
    """Ask to look in, see what was answered, and open the network while it is allowed."""
    network = network_or_404(network_id)
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _asked(request, network, form):
        say(request, "Its owners are asked by email. You get one when they answer.")
        return redirect("grants:access", network_id)
    mine = selectors.open_grant(network, request.user.pk)
    context = {
        "network": network,
        "form": form,
        "mine": mine,
        "is_running": mine is not None and mine.is_running(timezone.now()),
        "can_ask": can_ask(request.user, network),
        "open_url": crossing_url(host_of(network), from_host=host_of(None)),
        "rows": [_row(each) for each in selectors.grants_of(network)[:_SHOWN]],
        "crumbs": network_crumbs(network),
    }
    return render(request, "grants/access.html", context, status=status_of(form))


@require_POST
@operator_required
def access_end(request: HttpRequest, network_id: UUID, grant_id: UUID) -> HttpResponse:
    """Take a request back, or end a visit."""
    grant = selectors.get_grant(network_or_404(network_id), grant_id)
    if grant is None:
        raise Http404
    try:
        services.end(grant, now=timezone.now(), by=request.actor)  # type: ignore[attr-defined]
        say(request, "Ended. Nobody looks in with it any more.")
    except services.GrantError as error:
        say(request, str(error), level=messages.ERROR)
    return redirect("grants:access", network_id)


def _asked(request: Any, network: Network, form: AskForm) -> bool:
    try:
        services.ask(network, request.user, **form.cleaned_data, now=timezone.now(), by=request.actor)
    except services.GrantError as error:
        form.add_error(None, str(error))
        return False
    return True


def _row(grant: SupportGrant) -> dict[str, Any]:
    state = GrantState(grant.state)
    return {"grant": grant, "badge": _BADGES.get(state, "plain"), "label": state.label}
