"""Questions without a name that wait for a moderator."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shared_apps.core.fields import status_of
from shared_apps.core.flash import say
from shared_apps.core.markdown import render_markdown
from tenant_apps.discussions import selectors, services
from tenant_apps.discussions.forms import ReasonForm
from tenant_apps.discussions.permissions import can_moderate
from tenant_apps.discussions.views.drawing import manage_crumb
from tenant_apps.discussions.views.moderating import moderated_or_404
from tenant_apps.members.permissions import member_required

_AT_ONCE = 100


@require_safe
@member_required
def waiting_list(request: HttpRequest) -> HttpResponse:
    """Show the questions that wait, without who asked them, and what is hidden."""
    if not can_moderate(request.member):
        raise Http404
    found = [{"discussion": each, "body": render_markdown(each.body)} for each in selectors.waiting()[:_AT_ONCE]]
    context = {"waiting": found, "hidden": selectors.hidden()[:_AT_ONCE], "crumbs": [manage_crumb()]}
    return render(request, "discussions/waiting_list.html", context)


@require_POST
@member_required
def waiting_approve(request: HttpRequest, discussion_id: UUID) -> HttpResponse:
    """Let members see a question."""
    discussion = moderated_or_404(request, discussion_id)
    try:
        services.approve_question(discussion, by=request.member)
    except services.DiscussionError as error:
        say(request, str(error), level=messages.ERROR)
    else:
        say(request, "Members can see it now, from “A member”.")
    return redirect("discussions:waiting_list")


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def waiting_refuse(request: HttpRequest, discussion_id: UUID) -> HttpResponse:
    """Ask why, then keep a question from being seen."""
    discussion = moderated_or_404(request, discussion_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.refuse_question(discussion, reason=form.cleaned_data["reason"], by=request.member)
        except services.DiscussionError as error:
            form.add_error("reason", str(error))
        else:
            say(request, "Refused. Who asked gets your reason by email.")
            return redirect("discussions:waiting_list")
    crumbs = [manage_crumb(), ("Waiting questions", reverse("discussions:waiting_list"))]
    context = {"form": form, "discussion": discussion, "crumbs": crumbs}
    return render(request, "discussions/refuse_form.html", context, status=status_of(form))


@require_POST
@member_required
def author_reveal(request: HttpRequest, discussion_id: UUID) -> HttpResponse:
    """Show a moderator who asked, on this one page; the audit keeps that they looked."""
    discussion = moderated_or_404(request, discussion_id)
    try:
        author = services.reveal_author(discussion, by=request.member)
    except services.DiscussionError as error:
        raise Http404 from error
    context = {"discussion": discussion, "author": author, "crumbs": [manage_crumb()]}
    return render(request, "discussions/author_revealed.html", context)
