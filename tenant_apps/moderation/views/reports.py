"""Reporting something."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from shared_apps.core.fields import status_of
from shared_apps.core.flash import say
from shared_apps.core.markdown import render_markdown
from tenant_apps.members.permissions import member_required
from tenant_apps.moderation import selectors, services
from tenant_apps.moderation.adapters import Reportable
from tenant_apps.moderation.forms import ReportForm
from tenant_apps.moderation.permissions import can_report


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def report(request: HttpRequest, kind: str, object_id: UUID) -> HttpResponse:
    """Say what is wrong with something that somebody wrote; who wrote it never learns who reported it."""
    thing = selectors.reportable(kind, object_id)
    if thing is None or not can_report(request.member, thing):
        raise Http404
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _reported(request, thing, form):
        say(request, "Reported. The moderators look at it, and you get an email when they have decided.")
        return redirect(thing.path)
    context = {
        "form": form,
        "thing": thing,
        "noun": selectors.noun_of(kind),
        "heading": f"Report this {selectors.noun_of(kind)}",
        "body": render_markdown(thing.text),
        "crumbs": [(thing.title, thing.path)],
    }
    return render(request, "moderation/report_form.html", context, status=status_of(form))


def _reported(request: HttpRequest, thing: Reportable, form: ReportForm) -> bool:
    try:
        services.report(thing.kind, thing.object_id, **form.cleaned_data, by=request.member)
    except (services.ModerationError, services.LimitError) as error:
        form.add_error(None, str(error))
    return form.is_valid()
