"""Making one discussion of two, and a discussion of some replies; each shows first what would happen."""

import re
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from shared_apps.core.fields import status_of
from shared_apps.core.flash import say
from tenant_apps.discussions import selectors, services
from tenant_apps.discussions.forms import MergeForm, SplitForm
from tenant_apps.discussions.models import Discussion
from tenant_apps.discussions.views.drawing import crumbs_of
from tenant_apps.discussions.views.moderating import moderated_or_404
from tenant_apps.discussions.views.paging import way_back
from tenant_apps.members.permissions import member_required

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def discussion_merge(request: HttpRequest, discussion_id: UUID) -> HttpResponse:
    """Ask for the other discussion, show what would happen, then do it."""
    source, form = moderated_or_404(request, discussion_id), MergeForm(request.POST or None)
    target = _named(request, form) if request.method == "POST" and form.is_valid() else None
    if target is not None and (why := services.refusal_to_merge(source, target)):
        form.add_error("target", why)
        target = None
    if target is not None and "confirm" in request.POST and _merged(request, source, target, form):
        return redirect("discussions:discussion_detail", target.id)
    context = {"form": form, "discussion": source, "target": target, "crumbs": crumbs_of(source)}
    context["back"] = way_back(request, source.id)
    return render(request, "discussions/merge_form.html", context, status=status_of(form))


@require_POST
@member_required
def discussion_unmerge(request: HttpRequest, discussion_id: UUID) -> HttpResponse:
    """Take a discussion out of the one it became part of."""
    source = moderated_or_404(request, discussion_id)
    try:
        services.unmerge_discussion(source, by=request.member)
    except services.DiscussionError as error:
        say(request, str(error), level=messages.ERROR)
    else:
        say(request, "They are two discussions again.")
    return redirect("discussions:discussion_detail", discussion_id)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def discussion_split(request: HttpRequest, discussion_id: UUID) -> HttpResponse:
    """Choose replies and a title, show what would happen, then do it."""
    discussion = moderated_or_404(request, discussion_id)
    if discussion.merged_into_id:
        raise Http404
    posts = [each for each in selectors.posts(discussion) if not each.is_away]
    form = SplitForm(request.POST or None, posts=posts)
    is_right = request.method == "POST" and form.is_valid()
    if is_right and "confirm" in request.POST:
        made = _split(request, discussion, form)
        if made is not None:
            return redirect("discussions:discussion_detail", made.id)
    context = {"form": form, "discussion": discussion, "is_right": is_right, "crumbs": crumbs_of(discussion)}
    context["back"] = way_back(request, discussion_id)
    context["chosen"] = [each for each in posts if is_right and str(each.id) in form.cleaned_data["replies"]]
    return render(request, "discussions/split_form.html", context, status=status_of(form))


def _named(request: HttpRequest, form: MergeForm) -> Discussion | None:
    """Return the discussion whose address or id was pasted."""
    found = _ID.search(form.cleaned_data["target"].lower())
    target = selectors.get_discussion(UUID(found[0]), request.member) if found else None
    if target is None:
        form.add_error("target", "There is no discussion with this address here.")
    return target


def _merged(request: HttpRequest, source: Discussion, target: Discussion, form: MergeForm) -> bool:
    try:
        services.merge_discussions(source, target, by=request.member)
    except services.DiscussionError as error:
        form.add_error("target", str(error))
        return False
    undo = reverse("discussions:discussion_unmerge", args=[source.id])
    say(request, "They are one discussion now. The old address leads here.", undo=undo)
    return True


def _split(request: HttpRequest, discussion: Discussion, form: SplitForm) -> Discussion | None:
    ids = [UUID(each) for each in form.cleaned_data["replies"]]
    try:
        made = services.split_discussion(discussion, ids, title=form.cleaned_data["title"], by=request.member)
    except services.DiscussionError as error:
        form.add_error("replies", str(error))
        return None
    say(request, "It is a discussion of its own now. To take that back, merge it into the old one.")
    return made
