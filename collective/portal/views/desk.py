"""The operator's queue, on the platform's host: reports about what networks left that have closed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from collective.portal import selectors, services
from collective.portal.forms import DECISION_CARDS, DecisionForm
from collective.publications import selectors as publications
from collective.publications.enums import Decision
from collective.publications.models import Publication, PublicationReply, PublicationReport
from shared_apps.accounts.permissions import operator_required, proof_required
from shared_apps.core.fields import status_of
from shared_apps.core.finding import found_or_404
from shared_apps.core.flash import say
from shared_apps.core.markdown import render_markdown
from tenants.context import in_collective

PAGE_SIZE = 50
_SHOWN = 20
_OUTCOMES: dict[str, str] = {Decision.LEFT: "Left as it is", Decision.HIDDEN: "Taken down"}


@require_safe
@operator_required
def report_list(request: HttpRequest) -> HttpResponse:
    """Show what waits, the oldest first, and what was decided lately."""
    with in_collective():
        page: Page = Paginator(publications.reports_waiting(), PAGE_SIZE).get_page(request.GET.get("page"))
        page.object_list = list(page.object_list)
        ended = publications.reports_for_platform().exclude(origin_outcome="").order_by("-origin_decided_at", "id")
        decided = [(each, _kind(each), _outcome(each)) for each in ended[:_SHOWN]]
    return render(request, "portal/desk_list.html", {"page": page, "decided": decided})


@require_http_methods(["GET", "HEAD", "POST"])
@operator_required
@proof_required
def report_detail(request: Any, report_id: UUID) -> HttpResponse:
    """Show what was reported, and why; a POST decides."""
    form = DecisionForm(request.POST or None)
    with in_collective():
        report = found_or_404(publications.reports_for_platform().filter(id=report_id).first())
        error = _error(request, report, form) if request.method == "POST" and form.is_valid() else None
        context = _drawn(report) if error is None else {}
    if error is not None:
        say(request, error or "Decided.", level=messages.ERROR if error else messages.SUCCESS)
        return redirect("kept:report_list")
    return render(request, "portal/desk_detail.html", context | {"form": form}, status=status_of(form))


def _error(request: Any, report: PublicationReport, form: DecisionForm) -> str:
    """Decide, and return what went wrong or nothing."""
    try:
        services.decide_report(report, decision=form.cleaned_data["decision"], by=request.actor)
    except services.AlreadyDecidedError as error:
        return str(error)
    return ""


def _drawn(report: PublicationReport) -> dict[str, Any]:
    publication = publications.get_publication(report.publication_id)
    reply = publications.get_reply_of(report.publication_id, report.reply_id) if report.reply_id else None
    thing = reply if report.reply_id else publication
    about = list(publications.reports_about(report.publication_id, report.reply_id))
    names = publications.names_of({each.network_id for each in about})
    return {
        "report": report,
        "thing": _thing(thing) if thing else None,
        "reports": [(each, names.get(each.network_id, "A network that is not here")) for each in about],
        "outcome": _outcome(report),
        "kind": _kind(report),
        "cards": DECISION_CARDS,
        "crumbs": [("Reports", reverse("kept:report_list"))],
    }


def _thing(thing: Publication | PublicationReply) -> dict[str, Any]:
    return {
        "noun": "Reply" if isinstance(thing, PublicationReply) else thing.get_kind_display(),
        "name": selectors.shown_name(thing.shown_name, thing.shown_network),
        "role": thing.shown_role,
        "network": thing.shown_network,
        "at": thing.shown_when,
        "body": render_markdown(thing.body),
    }


def _outcome(report: PublicationReport) -> str:
    """Return what was decided, here or by the network's moderators before it closed; nothing while it waits."""
    return _OUTCOMES.get(report.origin_outcome, "Decided by its moderators") if report.origin_outcome else ""


def _kind(report: PublicationReport) -> str:
    return "bad" if report.origin_outcome == Decision.HIDDEN else "plain"
