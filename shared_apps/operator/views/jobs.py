"""The jobs: what waits, what runs, what failed, and trying a failed one again."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from shared_apps.accounts.permissions import operator_required, proof_required
from shared_apps.core.flash import say
from shared_apps.operator import selectors, services


@require_GET
@operator_required
def job_list(request: HttpRequest) -> HttpResponse:
    """Show each kind of job with its numbers, and the last failures with where they happened."""
    return render(request, "operator/job_list.html", {"overview": selectors.jobs_overview()})


@require_POST
@operator_required
@proof_required
def job_again(request: HttpRequest) -> HttpResponse:
    """Let a failed job run again; the form names it."""
    if services.retry_job(_id_or_404(request.POST.get("job", "")), by=request.actor):
        say(request, "It runs again as soon as a worker is free.")
    else:
        say(request, "That job is not failed any more.", level=messages.INFO)
    return redirect("operator:job_list")


def _id_or_404(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
