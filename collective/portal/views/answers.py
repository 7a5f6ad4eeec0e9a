"""One's own answers, and those that went home with a withdrawn question."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from collective.portal.permissions import reader_required
from collective.portal.views.drawing import reply_url
from collective.publications import selectors as publications
from collective.publications import services as publishing
from collective.publications.models import PublicationReply, ReturnedReply
from shared_apps.core.flash import say
from shared_apps.core.when import long_day


@require_GET
@reader_required
def answers(request: HttpRequest) -> HttpResponse:
    """Show what one has answered, and what went home with a withdrawn question."""
    context = {
        "answers": [_own_answer(each) for each in publications.replies_by_account(request.user.pk)],
        "returned": [_returned(each) for each in publications.returned_replies(request.user.pk)],
    }
    return render(request, "portal/answers.html", context)


@require_POST
@reader_required
def returned_withdraw(request: HttpRequest, reply_id: UUID) -> HttpResponse:
    """Have an answer removed that went home with a withdrawn question."""
    returned = publications.get_returned_reply(reply_id)
    if returned is None or returned.account_id != request.user.pk:
        raise Http404
    publishing.withdraw_returned_reply(returned, account_id=request.user.pk)
    say(request, "It will be removed from the network that kept it.")
    return redirect("portal:answers")


def _own_answer(reply: PublicationReply) -> dict:
    return {
        "title": reply.publication.title,
        "url": reply_url(reply),
        "small": f"Shown as {reply.get_identity_display().lower()}",
        "cells": [
            long_day(timezone.localdate(reply.created_at), timezone.localdate()),
            "Marked as an answer" if reply.is_answer else "",
        ],
    }


def _returned(returned: ReturnedReply) -> dict:
    day = long_day(timezone.localdate(returned.replied_at), timezone.localdate())
    return {"id": returned.id, "withdrawn_at": returned.withdrawn_at, "why": f"You answered on {day}."}
