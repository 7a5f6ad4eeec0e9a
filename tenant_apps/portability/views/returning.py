"""The operator's page on which one thing of a copy is compared with its network, and brought back."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from shared_apps.core.console import network_crumbs, network_or_404
from shared_apps.core.fields import status_of
from shared_apps.core.flash import say
from shared_apps.grants.models import SupportGrant
from shared_apps.grants.selectors import visit_of
from tenant_apps.members.permissions import operator_required, proof_required
from tenant_apps.portability import drawing, selectors, services
from tenant_apps.portability.forms import ReturnForm


@require_http_methods(["GET", "HEAD", "POST"])
@operator_required
@proof_required
def merge_back(request: Any, network_id: UUID) -> HttpResponse:
    """Choose a copy and a page, see what differs, and bring it back; the address is the whole choice."""
    network = network_or_404(network_id)
    copies = selectors.copies_of(network)
    form = ReturnForm(request.GET or None, copies=copies)
    visit = visit_of(network, request.user, timezone.now())
    found = None
    if form.is_valid():
        kind, thing_id = form.cleaned_data["page"]
        copy = next(each for each in copies if each.id == form.cleaned_data["copy"])
        wanted = services.Wanted(network, copy, kind, thing_id)
        if request.method == "POST" and _is_merged(request, form, wanted, visit):
            say(request, "Brought back. Nobody was told; the network’s own log says what came.")
            return redirect(request.get_full_path())
        found = _compared(request, form, wanted, visit)
    context = {"network": network, "copies": copies, "form": form, "visit": visit, "crumbs": network_crumbs(network)}
    return render(request, "portability/merge_back.html", context | _drawn(found, visit), status=status_of(form))


def _compared(
    request: Any, form: ReturnForm, wanted: services.Wanted, visit: SupportGrant | None
) -> services.Comparison | None:
    try:
        found = services.compare(wanted)
    except services.ReturnRefusedError as error:
        form.add_error(None, str(error))
        return None
    if visit is not None:
        services.note_for_owners(wanted, visit, "compared", by=request.actor)
    return found


def _is_merged(request: Any, form: ReturnForm, wanted: services.Wanted, visit: SupportGrant | None) -> bool:
    sent = request.POST
    left_out = set(sent.getlist("there")) - set(sent.getlist("bring"))
    choice = services.Choice(sent.getlist("take"), left_out, sent.get("mark", ""))
    try:
        services.merge_back_as_allowed(wanted, choice, visit=visit, by=request.actor)
    except services.ReturnRefusedError as error:
        form.add_error(None, str(error))
        return False
    return True


def _drawn(found: services.Comparison | None, visit: SupportGrant | None) -> dict[str, Any]:
    if found is None:
        return {}
    return {
        "found": found,
        "back": drawing.coming_back(found, with_words=visit is not None),
        "fields": drawing.differing(found, with_words=visit is not None),
        "newer": drawing.newer(found),
    }
