"""What people shared and answered for networks that have closed since, on the platform's host: seen and removed."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from collective.portal import services
from collective.publications import selectors as publications
from shared_apps.accounts.permissions import account_required
from shared_apps.core.finding import found_or_404
from shared_apps.core.flash import say
from tenants.context import in_collective


@require_safe
@account_required
def kept(request: HttpRequest) -> HttpResponse:
    """Show one's own; whoever is in no network any more sees them here too."""
    account: Any = request.user
    with in_collective():
        shared = publications.kept_publications(account.pk)
        answers = publications.answers_of_closed(account.pk)
        returned = publications.returned_of_closed(account.pk)
    context = {
        "shared": [(each.id, each.publication.title, timezone.localdate(each.publication.shown_at)) for each in shared],
        "answers": [(each.id, each.publication.title, timezone.localdate(each.created_at)) for each in answers],
        "returned": [(each.id, each.excerpt, timezone.localdate(each.replied_at)) for each in returned],
    }
    return render(request, "portal/kept.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@account_required
def kept_remove(request: Any, kept_id: UUID) -> HttpResponse:
    """Ask, then remove something one shared."""
    with in_collective():
        found = found_or_404(publications.get_kept(kept_id, account_id=request.user.pk))
        if request.method == "POST":
            services.remove_kept(found, by=request.actor)
    return _removed(request, found.publication.title)


@require_http_methods(["GET", "HEAD", "POST"])
@account_required
def kept_answer_remove(request: Any, reply_id: UUID) -> HttpResponse:
    """Ask, then remove something one answered."""
    with in_collective():
        found = found_or_404(publications.get_reply(reply_id, account_id=request.user.pk))
        if request.method == "POST":
            services.withdraw_reply(found, by=request.actor)
    return _removed(request, found.publication.title, is_answer=True)


@require_http_methods(["GET", "HEAD", "POST"])
@account_required
def kept_returned_remove(request: Any, reply_id: UUID) -> HttpResponse:
    """Ask, then have something removed that one answered, and that another network took home."""
    with in_collective():
        found = publications.get_returned_reply(reply_id)
        if found is None or found.account_id != request.user.pk:
            raise Http404
        if request.method == "POST":
            services.withdraw_returned_reply(found, by=request.actor)
    return _removed(request, found.excerpt, is_answer=True, is_away=True)


def _removed(request: HttpRequest, title: str, *, is_answer: bool = False, is_away: bool = False) -> HttpResponse:
    if request.method != "POST":
        context = {"title": title, "is_answer": is_answer, "is_away": is_away}
        return render(request, "portal/kept_remove.html", context)
    say(request, "It will be removed there." if is_away else "Removed. Nobody can see it any more.")
    return redirect("kept:list")
