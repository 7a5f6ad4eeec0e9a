"""Take everything with you: the page on which an owner asks for the network's archive and has it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from shared_apps.core.finding import found_or_404
from shared_apps.core.flash import say
from tenant_apps.members.permissions import lacks_proof, owner_required, proof_required
from tenant_apps.portability import selectors, services
from tenant_apps.portability.enums import ExportState
from tenant_apps.portability.models import Export
from tenant_apps.portability.serving import answer_with

_BADGES = {ExportState.READY: "good", ExportState.FAILED: "bad", ExportState.GONE: "plain"}
_SHOWN = 10


@require_http_methods(["GET", "HEAD", "POST"])
@owner_required
@proof_required
def export_list(request: HttpRequest) -> HttpResponse:
    """Ask for an archive, see how far it is, and have it."""
    if request.method == "POST":
        services.ask_for_export(by=request.member)
        say(request, "Your archive is being written. You can leave this page and come back.")
        return redirect("portability:export_list")
    found = list(selectors.exports()[:_SHOWN])
    under_way = next((each for each in found if each.state in selectors.UNDER_WAY), None)
    context = {
        "exports": [(each, _BADGES.get(ExportState(each.state), "note")) for each in found if each != under_way],
        "under_way": under_way,
        "progress": selectors.progress_of(under_way) if under_way else None,
        "crumbs": [("Organise", reverse("members:manage"))],
    }
    return render(request, "portability/export_list.html", context)


@require_POST
@owner_required
def export_download(request: HttpRequest, export_id: UUID) -> HttpResponseBase:
    """Hand the archive over, and write down who had it.

    A file leaves the browser on the page before it: who has to show who they are comes back to the list for that.
    """
    export = _export_or_404(export_id)
    if lacks_proof(request):
        say(request, "Show that it is you. Then press Download again.", level=messages.INFO)
        return redirect("portability:export_list")
    try:
        file = services.open_export(export, by=request.member)
    except services.ExportGoneError as error:
        say(request, str(error), level=messages.ERROR)
        return redirect("portability:export_list")
    return answer_with(export, file)


@require_POST
@owner_required
def export_remove(request: HttpRequest, export_id: UUID) -> HttpResponse:
    """Remove an archive before its week is over."""
    services.remove_export(_export_or_404(export_id), by=request.member)
    say(request, "The archive is removed.")
    return redirect("portability:export_list")


def _export_or_404(export_id: UUID) -> Export:
    return found_or_404(selectors.get_export(export_id))
