"""A discussion's poll: asking, choosing, closing."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from shared_apps.core.flash import say
from tenant_apps.discussions import services
from tenant_apps.discussions.forms import PollForm
from tenant_apps.discussions.models import Discussion, Poll
from tenant_apps.discussions.permissions import can_edit_discussion
from tenant_apps.discussions.views.drawing import crumbs_of, status
from tenant_apps.discussions.views.loading import discussion_or_404
from tenant_apps.members.permissions import member_required


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def poll_new(request: HttpRequest, discussion_id: UUID) -> HttpResponse:
    """Ask members to choose."""
    discussion = discussion_or_404(request, discussion_id)
    if not can_edit_discussion(request.member, discussion):
        raise Http404
    if hasattr(discussion, "poll"):
        return _back(discussion)
    form = PollForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_poll(discussion, **form.values(), by=request.member)
        except services.DiscussionError as error:
            form.add_error("closes_on" if "day" in str(error) else "options", str(error))
        else:
            return _back(discussion)
    context = {"form": form, "discussion": discussion, "crumbs": crumbs_of(discussion)}
    return render(request, "discussions/poll_form.html", context, status=status(form))


@require_POST
@member_required
def poll_vote(request: HttpRequest, discussion_id: UUID) -> HttpResponse:
    """Choose."""
    discussion = discussion_or_404(request, discussion_id)
    try:
        services.vote(_poll_or_404(discussion), _ids(request.POST.getlist("option")), by=request.member)
    except services.DiscussionError as error:
        say(request, str(error), level=messages.ERROR)
    else:
        say(request, "Your vote is counted. You can change it until the poll closes.")
    return _back(discussion)


@require_POST
@member_required
def poll_close(request: HttpRequest, discussion_id: UUID) -> HttpResponse:
    """Take no more votes."""
    discussion = discussion_or_404(request, discussion_id)
    try:
        services.close_poll(_poll_or_404(discussion), by=request.member)
    except services.NotAllowedError as error:
        raise Http404 from error
    say(request, "The poll is closed.")
    return _back(discussion)


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
