"""What an operator does to a network; whatever others notice is asked before."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from shared_apps.accounts.permissions import operator_required, proof_required
from shared_apps.core.flash import say
from shared_apps.operator import services
from shared_apps.operator.views.networks import network_or_404
from tenants.models import Network


@dataclass(frozen=True, slots=True)
class Act:
    """An act, what the next page says, the act that undoes it, and the question asked before it, if any."""

    run: Callable[..., None]
    said: str
    undo: str = ""
    undo_label: str = "Undo"
    question: str = ""
    text: str = ""
    yes: str = ""
    no: str = ""


ACTS = {
    "again": Act(services.start_again, "Started. An owner who has not come yet gets a fresh invitation."),
    "reactivate": Act(services.reactivate_network, "{name} answers again."),
    "suspend": Act(
        services.suspend_network,
        "{name} is suspended. It stops answering within seconds.",
        undo="reactivate",
        undo_label="Reactivate",
        question="Suspend this network?",
        text="Its members see a page that says so, and what it shared is hidden. You can reactivate it any time.",
        yes="Suspend it",
        no="Keep it live",
    ),
    "upgrade": Act(services.start_upgrade, "Started. Reload this page in a moment to see how it went."),
    "canary": Act(
        partial(services.set_canary, is_canary=True),
        "{name} is upgraded before the others from now on.",
        undo="no-canary",
    ),
    "no-canary": Act(
        partial(services.set_canary, is_canary=False),
        "{name} is upgraded with the others from now on.",
        undo="canary",
    ),
    "remove": Act(
        services.start_removal,
        "{name} is being removed. It leaves the list in a moment.",
        question="Remove this network?",
        text="It never went live. Everything that was made for it is deleted, and its address is free again.",
        yes="Remove it",
        no="Keep it",
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@operator_required
@proof_required
def network_act(request: HttpRequest, network_id: UUID, act: str) -> HttpResponse:
    """Do it when the form is posted; before that, ask, or go back where there is nothing to ask."""
    network, wanted = network_or_404(network_id), ACTS.get(act)
    if wanted is None:
        raise Http404
    if request.method == "POST":
        return _do(request, network, wanted)
    if not wanted.question:
        return redirect("operator:network_detail", network_id)
    return render(request, "operator/network_confirm.html", {"network": network, "act": wanted})


def _do(request: HttpRequest, network: Network, act: Act) -> HttpResponse:
    try:
        act.run(network, by=request.actor)
    except services.NETWORK_ERRORS as error:
        say(request, str(error), level=messages.ERROR)
        return redirect("operator:network_detail", network.id)
    undo = reverse("operator:network_act", args=[network.id, act.undo]) if act.undo else ""
    say(request, act.said.format(name=network.name), undo=undo, label=act.undo_label)
    if act.run is services.start_removal:
        return redirect("operator:network_list")
    return redirect("operator:network_detail", network.id)
