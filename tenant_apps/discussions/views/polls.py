"""A discussion's poll: asking, changing, choosing, closing, opening again."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from shared_apps.core.fields import status_of
from shared_apps.core.flash import say
from tenant_apps.discussions import selectors, services
from tenant_apps.discussions.forms import PollForm
from tenant_apps.discussions.models import Discussion, Poll
from tenant_apps.discussions.permissions import can_edit_discussion
from tenant_apps.discussions.views.drawing import blame, crumbs_of
from tenant_apps.discussions.views.loading import discussion_or_404
from tenant_apps.members.permissions import member_required


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def poll_new(request: HttpRequest, discussion_id: UUID) -> HttpResponse:
    """Ask members to choose."""
    discussion = _mine_or_404(request, discussion_id)
    if hasattr(discussion, "poll"):
        return _back(discussion)
    form = PollForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_poll(discussion, form.facts(), by=request.member)
        except services.DiscussionError as error:
            blame(form, error, closes_at="closes_on")
        else:
            return _back(discussion)
    return _form_page(request, discussion, form)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def poll_edit(request: HttpRequest, discussion_id: UUID) -> HttpResponse:
    """Change a poll; once somebody voted, only when it ends."""
    discussion = _mine_or_404(request, discussion_id)
    poll, people = _poll_or_404(discussion), selectors.count_voters(discussion)
    form = PollForm.for_poll(poll, request.POST or None, has_votes=people > 0)
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_poll(poll, form.facts(), by=request.member)
        except services.DiscussionError as error:
            blame(form, error, closes_at="closes_on")
        else:
            say(request, "The poll is changed.")
            return _back(discussion)
    return _form_page(request, discussion, form, people=people, poll=poll)


@require_POST
@member_required
def poll_vote(request: HttpRequest, discussion_id: UUID) -> HttpResponse:
    """Choose, or take back what was chosen."""
    discussion = discussion_or_404(request, discussion_id)
    poll = _poll_or_404(discussion)
    if "take_back" in request.POST:
        return _done(request, discussion, services.take_vote_back, poll, words="You have not voted now.")
    chosen = partial(services.vote, option_ids=_ids(request.POST.getlist("option")))
    words = "Your vote is counted. You can change it until the poll closes."
    return _done(request, discussion, chosen, poll, words=words)


ACTS = {
    "close": (services.close_poll, "The poll is closed."),
    "reopen": (services.reopen_poll, "The poll takes votes again."),
    "remove": (services.remove_poll, "The poll is taken away."),
}


@require_POST
@member_required
def poll_act(request: HttpRequest, discussion_id: UUID, act: str) -> HttpResponse:
    """Close a poll, open it again, or take it away."""
    discussion = _mine_or_404(request, discussion_id)
    service, words = ACTS[act]
    return _done(request, discussion, service, _poll_or_404(discussion), words=words)


def _done(
    request: HttpRequest, discussion: Discussion, service: Callable[..., None], poll: Poll, *, words: str
) -> HttpResponse:
    try:
        service(poll, by=request.member)
    except services.DiscussionError as error:
        say(request, str(error), level=messages.ERROR)
    else:
        say(request, words)
    return _back(discussion)


def _form_page(request: HttpRequest, discussion: Discussion, form: PollForm, **more: Any) -> HttpResponse:
    context = {"form": form, "discussion": discussion, "crumbs": crumbs_of(discussion), **more}
    return render(request, "discussions/poll_form.html", context, status=status_of(form))


def _mine_or_404(request: HttpRequest, discussion_id: UUID) -> Discussion:
    discussion = discussion_or_404(request, discussion_id)
    if not can_edit_discussion(request.member, discussion):
        raise Http404
    return discussion


def _poll_or_404(discussion: Discussion) -> Poll:
    if not hasattr(discussion, "poll"):
        raise Http404
    return discussion.poll


def _ids(given: list[str]) -> list[UUID]:
    """Return what is an id among what was sent; the service refuses an id of something else."""
    found = []
    for each in given:
        try:
            found.append(UUID(each))
        except ValueError:
            continue
    return found


def _back(discussion: Discussion) -> HttpResponse:
    return redirect(f"{reverse('discussions:discussion_detail', args=[discussion.id])}#poll")
