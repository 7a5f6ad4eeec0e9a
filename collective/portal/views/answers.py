"""One's own answers, and those that went home with a withdrawn question."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from collective.portal import services
from collective.portal.permissions import reader_required
from collective.portal.views.drawing import reply_url
from collective.publications import selectors as publications
from collective.publications.models import Publication, PublicationReply, ReturnedReply
from shared_apps.core.flash import say
from shared_apps.core.when import long_day


@require_safe
@reader_required
def answers(request: HttpRequest) -> HttpResponse:
    """Show what one has answered, and what went home with a withdrawn question."""
    own = publications.replies_by_account(request.user.pk)
    seen = publications.publications_by_ids([each.publication_id for each in own], network_id=request.acting.id)
    context = {
        "answers": [_own_answer(each, seen.get(each.publication_id)) for each in own],
        "returned": [_returned(each) for each in publications.returned_replies(request.user.pk)],
    }
    return render(request, "portal/answers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@reader_required
def returned_withdraw(request: HttpRequest, reply_id: UUID) -> HttpResponse:
    """Ask, then have an answer removed that went home with a withdrawn question."""
    returned = publications.get_returned_reply(reply_id)
    if returned is None or returned.account_id != request.user.pk:
        raise Http404
    if request.method != "POST":
        return render(request, "portal/returned_withdraw.html", _returned(returned))
    services.withdraw_returned_reply(returned, by=request.actor)
    say(request, "It will be removed from the network that kept it.")
    return redirect("portal:answers")


def _own_answer(reply: PublicationReply, publication: Publication | None) -> dict:
    """One row; what its author may no longer see, because of a block or a suspension, is not named."""
    return {
        "id": reply.id,
        "title": publication.title if publication else "A question you can no longer see",
        "url": reply_url(reply) if publication else "",
        "shown_as": reply.get_identity_display(),
        "day": timezone.localdate(reply.created_at),
        "is_answer": reply.is_answer,
    }


def _returned(returned: ReturnedReply) -> dict:
    day = long_day(timezone.localdate(returned.replied_at), timezone.localdate())
    return {
        "id": returned.id,
        "withdrawn_at": returned.withdrawn_at,
        "title": f"“{returned.excerpt}”" if returned.excerpt else "Your answer",
        "why": f"You answered on {day}. The network that asked keeps it.",
    }
