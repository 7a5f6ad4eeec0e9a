"""What moderators do with a discussion; each act says how to undo it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from shared_apps.core.fields import status_of
from shared_apps.core.flash import say
from tenant_apps.discussions import selectors, services
from tenant_apps.discussions.forms import MoveForm, ReasonForm
from tenant_apps.discussions.models import Discussion, Reply
from tenant_apps.discussions.permissions import can_moderate
from tenant_apps.discussions.views.drawing import crumbs_of
from tenant_apps.discussions.views.loading import discussion_or_404, reply_or_404
from tenant_apps.discussions.views.paging import asked_page, way_back
from tenant_apps.members.permissions import member_required

ACTS = {  # what is called, with what, what it says, and what undoes it
    "lock": (services.lock_discussion, {"is_locked": True}, "Closed to replies.", "unlock"),
    "unlock": (services.lock_discussion, {"is_locked": False}, "Open to replies again.", "lock"),
    "pin": (services.pin_discussion, {"is_pinned": True}, "It stays at the top of the list.", "unpin"),
    "unpin": (services.pin_discussion, {"is_pinned": False}, "It takes its place in the list again.", "pin"),
    "show": (services.show_discussion, {}, "Members can see it again.", ""),
}


@require_POST
@member_required
def discussion_act(request: HttpRequest, discussion_id: UUID, act: str) -> HttpResponse:
    """Close, open, pin, let go, or show again."""
    discussion = moderated_or_404(request, discussion_id)
    service, values, words, undo = ACTS[act]
    try:
        service(discussion, **values, by=request.member)
    except services.DiscussionError as error:
        say(request, str(error), level=messages.ERROR)
    else:
        again = reverse(f"discussions:discussion_{undo}", args=[discussion_id]) if undo else ""
        say(request, words, undo=again and again + asked_page(request))
    return redirect(way_back(request, discussion_id))


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def discussion_hide(request: HttpRequest, discussion_id: UUID) -> HttpResponse:
    """Ask why, then take a discussion out of sight."""
    return _hide(request, moderated_or_404(request, discussion_id), None)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def reply_hide(request: HttpRequest, discussion_id: UUID, reply_id: UUID) -> HttpResponse:
    """Ask why, then take a reply out of sight."""
    discussion = moderated_or_404(request, discussion_id)
    return _hide(request, discussion, reply_or_404(request, discussion_id, reply_id))


@require_POST
@member_required
def reply_show(request: HttpRequest, discussion_id: UUID, reply_id: UUID) -> HttpResponse:
    """Let a reply be seen again."""
    moderated_or_404(request, discussion_id)
    try:
        services.show_reply(reply_or_404(request, discussion_id, reply_id), by=request.member)
    except services.DiscussionError as error:
        say(request, str(error), level=messages.ERROR)
    else:
        say(request, "Members can see the reply again.")
    return redirect(way_back(request, discussion_id, reply_id))


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def discussion_move(request: HttpRequest, discussion_id: UUID) -> HttpResponse:
    """Put a discussion into another category; the address that undoes it names the category."""
    discussion = moderated_or_404(request, discussion_id)
    offered = [each for each in selectors.categories() if each.id != discussion.category_id]
    given = (request.POST if "category" in request.POST else request.GET) if request.method == "POST" else None
    form = MoveForm(given, categories=offered)
    if form.is_bound and form.is_valid():
        _move(request, discussion, form)
        return redirect(way_back(request, discussion_id))
    context = {"form": form, "discussion": discussion, "crumbs": crumbs_of(discussion)}
    context["back"] = way_back(request, discussion_id)
    return render(request, "discussions/move_form.html", context, status=status_of(form))


def moderated_or_404(request: HttpRequest, discussion_id: UUID) -> Discussion:
    if not can_moderate(request.member):
        raise Http404
    return discussion_or_404(request, discussion_id)


def _hide(request: HttpRequest, discussion: Discussion, reply: Reply | None) -> HttpResponse:
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _hidden(request, discussion, reply, form):
        return redirect(way_back(request, discussion.id, reply.id if reply else None))
    context = {"form": form, "discussion": discussion, "reply": reply, "crumbs": crumbs_of(discussion)}
    context["back"] = way_back(request, discussion.id, reply.id if reply else None)
    return render(request, "discussions/hide_form.html", context, status=status_of(form))


def _hidden(request: HttpRequest, discussion: Discussion, reply: Reply | None, form: ReasonForm) -> bool:
    reason, by = form.cleaned_data["reason"], request.member
    try:
        if reply:
            services.hide_reply(reply, reason=reason, by=by)
        else:
            services.hide_discussion(discussion, reason=reason, by=by)
    except services.DiscussionError as error:
        form.add_error("reason", str(error))
        return False
    undo = (
        reverse("discussions:reply_show", args=[discussion.id, reply.id])
        if reply
        else reverse("discussions:discussion_show", args=[discussion.id])
    )
    say(request, "Hidden. Only who wrote it, and moderators, see it now.", undo=undo)
    return True


def _move(request: HttpRequest, discussion: Discussion, form: MoveForm) -> None:
    category, old = form.chosen(), discussion.category
    try:
        services.move_discussion(discussion, category=category, by=request.member)
    except services.DiscussionError as error:
        say(request, str(error), level=messages.ERROR)
        return
    back = f"{reverse('discussions:discussion_move', args=[discussion.id])}?category={old.id}"
    say(request, f"Moved to {category.name}.", undo=back)
