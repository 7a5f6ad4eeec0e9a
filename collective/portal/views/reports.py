"""Reporting something that a network shared, or a reply to it."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from collective.portal import selectors, services
from collective.portal.forms import ReportForm
from collective.portal.permissions import reader_required
from collective.publications import selectors as publications
from collective.publications.models import Publication, PublicationReply
from collective.publications.services import ReportRefusedError
from shared_apps.core.fields import status_of
from shared_apps.core.flash import say
from shared_apps.core.markdown import render_markdown


@require_http_methods(["GET", "HEAD", "POST"])
@reader_required
def report(request: HttpRequest, publication_id: UUID, reply_id: UUID | None = None) -> HttpResponse:
    """Say what is wrong with it; its network decides and, about a reply, its author's network too."""
    publication = publications.get_visible_publication(publication_id, network_id=request.acting.id)
    if publication is None:
        raise Http404
    reply = _reply_or_404(request, publication, reply_id) if reply_id else None
    back = reverse("portal:publication_detail", args=[publication_id])
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _reported(request, publication, reply, form):
        say(request, f"Reported. {_deciders(publication)} look at it, and you get an email when they have.")
        return redirect(back)
    shown, noun = reply or publication, "reply" if reply else publication.get_kind_display().lower()
    context = {
        "form": form,
        "noun": noun,
        "deciders": _deciders(publication),
        "heading": f"Report this {noun}",
        "name": selectors.shown_name(shown.shown_name, shown.shown_network),
        "at": shown.shown_when,
        "body": render_markdown(shown.body),
        "back": back,
        "crumbs": [(publication.title, back)],
    }
    return render(request, "portal/report_form.html", context, status=status_of(form))


def _deciders(publication: Publication) -> str:
    has_closed = publication.origin.closed_at is not None
    return "The people who run the platform" if has_closed else "The moderators who decide"


def _reply_or_404(request: HttpRequest, publication: Publication, reply_id: UUID) -> PublicationReply:
    for reply in publications.visible_replies(publication.id, network_id=request.acting.id):
        if reply.id == reply_id and reply.account_id != request.user.pk:
            return reply
    raise Http404


def _reported(request: HttpRequest, publication: Publication, reply: PublicationReply | None, form: ReportForm) -> bool:
    try:
        services.report(publication, reply=reply, **form.cleaned_data, acting=request.acting, by=request.actor)
    except ReportRefusedError as error:
        form.add_error(None, str(error))
    return form.is_valid()
