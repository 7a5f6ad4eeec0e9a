"""The operator's pages of how a network closes, and the certificates of those that did."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from shared_apps.accounts.permissions import operator_required, proof_required
from shared_apps.closing import selectors, services
from shared_apps.closing.certificates import is_genuine
from shared_apps.closing.enums import AskedBy
from shared_apps.closing.forms import CARDS, KEEP, NOW_CARDS, WITHDRAW, CheckForm, NowForm, OperatorForm
from shared_apps.closing.models import Closing
from shared_apps.closing.services import ClosingError, Plan
from shared_apps.core.console import network_crumbs, network_or_404
from shared_apps.core.fields import status_of
from shared_apps.core.finding import found_or_404
from shared_apps.core.flash import say
from tenants.models import Network
from tenants.services import WrongStateError


@require_http_methods(["GET", "HEAD", "POST"])
@operator_required
@proof_required
def closing(request: Any, network_id: UUID) -> HttpResponse:
    """Announce that a network closes, and see how far it is."""
    network = network_or_404(network_id)
    form = OperatorForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _announced(request, network, form):
        say(request, "Announced. Its members are told by email.")
        return redirect("closing:closing", network_id)
    under_way = selectors.open_closing(network)
    ended = [each for each in selectors.closings_of(network) if each != under_way]
    context = {
        "network": network,
        "form": form,
        "cards": CARDS,
        "closing": under_way,
        "ended": ended,
        "what": selectors.preview_in_words(network) if network.state != "deleted" else [],
        "crumbs": network_crumbs(network),
    }
    return render(request, "closing/closing.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@operator_required
@proof_required
def closing_now(request: Any, network_id: UUID) -> HttpResponse:
    """Close and delete a network without notice, once its subdomain is typed."""
    network = network_or_404(network_id)
    form = NowForm(request.POST or None, wanted=network.subdomain, initial=_announced_choice(network))
    if request.method == "POST" and form.is_valid() and _closed_now(request, network, form):
        say(request, f"{network.name} has closed. It is deleted within minutes; the certificate is then here.")
        return redirect("closing:closing", network_id)
    context = {
        "network": network,
        "form": form,
        "cards": NOW_CARDS,
        "what": selectors.preview_in_words(network),
        "crumbs": network_crumbs(network),
    }
    return render(request, "closing/now.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@operator_required
@proof_required
def closing_stop(request: Any, network_id: UUID) -> HttpResponse:
    """Ask, then take it back."""
    network = network_or_404(network_id)
    if request.method != "POST":
        return render(request, "closing/stop.html", {"network": network})
    try:
        services.call_off(network, now=timezone.now(), by=request.actor)
        say(request, "Taken back. Its members are told by email.")
    except ClosingError as error:
        say(request, str(error), level=messages.ERROR)
    return redirect("closing:closing", network_id)


@require_safe
def certificate(request: HttpRequest, closing_id: UUID) -> HttpResponse:
    """Show a certificate to whoever has its address; it names no person."""
    found = _certified_or_404(closing_id)
    context = {"closing": found, "is_genuine": is_genuine(found.certificate)}
    return render(request, "closing/certificate.html", context)


@require_safe
def certificate_file(request: HttpRequest, closing_id: UUID) -> HttpResponse:
    """Hand a certificate over as a text file."""
    found = _certified_or_404(closing_id)
    headers = {"Content-Disposition": f'attachment; filename="certificate-{found.id}.txt"'}
    return HttpResponse(found.certificate, content_type="text/plain; charset=utf-8", headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
def certificate_check(request: HttpRequest) -> HttpResponse:
    """Say whether a certificate is ours and as it was written."""
    form = CheckForm(request.POST or None)
    verdict = is_genuine(form.cleaned_data["text"]) if request.method == "POST" and form.is_valid() else None
    return render(request, "closing/check.html", {"form": form, "verdict": verdict}, status=status_of(form))


def _announced(request: Any, network: Network, form: OperatorForm) -> bool:
    try:
        plan = Plan(**form.cleaned_data)
        services.announce(network, plan, asked_by=AskedBy.OPERATOR, now=timezone.now(), by=request.actor)
    except ClosingError as error:
        form.add_error("closes_on" if "day" in str(error) or "notice" in str(error) else None, str(error))
        return False
    return True


def _announced_choice(network: Network) -> dict[str, str]:
    """Return what was chosen when the closing was announced, which stands until somebody chooses otherwise."""
    under_way = selectors.open_closing(network)
    return {"keeps_publications": KEEP if under_way.keeps_publications else WITHDRAW} if under_way else {}


def _closed_now(request: Any, network: Network, form: NowForm) -> bool:
    said = {name: form.cleaned_data[name] for name in ("reason", "keeps_publications")}
    try:
        services.close_now(network, **said, now=timezone.now(), by=request.actor)
    except (ClosingError, WrongStateError) as error:
        form.add_error(None, str(error))
        return False
    return True


def _certified_or_404(closing_id: UUID) -> Closing:
    return found_or_404(selectors.certified(closing_id))
