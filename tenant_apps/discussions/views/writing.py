"""Asking, and changing what was said."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from shared_apps.core.fields import status_of
from shared_apps.core.flash import say
from tenant_apps.discussions import selectors, services
from tenant_apps.discussions.forms import KIND_HINTS, DiscussionForm, PollForm, ReplyForm
from tenant_apps.discussions.models import Discussion, Draft
from tenant_apps.discussions.permissions import can_edit_discussion, can_edit_reply
from tenant_apps.discussions.views.drawing import crumbs_of, email_addresses, list_crumb, told
from tenant_apps.discussions.views.loading import discussion_or_404, reply_or_404
from tenant_apps.discussions.views.paging import way_back
from tenant_apps.discussions.views.similar import like
from tenant_apps.members.permissions import member_required, writer_required


@require_http_methods(["GET", "HEAD", "POST"])
@writer_required
def discussion_new(request: HttpRequest) -> HttpResponse:
    """Ask or discuss."""
    if request.method != "POST" or "use" in request.POST:
        return asking(request, unbound_form(request))
    form = DiscussionForm(request.POST, request.FILES, categories=selectors.categories())
    if form.is_valid():
        try:
            discussion = services.start_discussion(**form.values(), **form.once(), by=request.member)
        except services.DiscussionError as error:
            form.add_error(None, told(error))
        else:
            say(request, POSTED[discussion.awaits_approval])
            return redirect("discussions:discussion_detail", discussion.merged_into_id or discussion.id)
    return asking(request, form)


WRITTEN = ("kind", "title", "body", "category", "tags", "is_anonymous")
POLL = tuple(PollForm.base_fields)
POSTED = {
    False: "Posted. Members of this network can see it now.",
    True: "A moderator reads it first. You get an email when somebody replies, or when it cannot be published.",
}


def unbound_form(request: HttpRequest) -> DiscussionForm:
    """Return the form as it starts: with the category of the link, its template, and what was written already."""
    written = typed_in(request)
    draft = selectors.draft_about(None, request.member) if not written else None
    form = DiscussionForm(initial=written or _begun(draft), categories=selectors.categories())
    form.draft = draft
    if draft is not None or request.POST.get("use") == "similar":
        return form
    asked = form.chosen() or selectors.category_like(request.GET.get("category", "")[:60])
    if asked is not None:
        wanted = request.method != "POST" or request.POST.get("use") == "template"
        template = selectors.template_of(asked) if wanted else ""
        body = "\n\n".join(filter(None, (written.get("body", "").strip(), template)))
        written |= {"category": str(asked.id), "body": body}
    return DiscussionForm(initial=written, categories=selectors.categories())


def typed_in(request: HttpRequest) -> dict:
    """Return what stood in the form that was sent, by the names of its fields."""
    written = {name: request.POST[name] for name in WRITTEN if name in request.POST}
    poll = {name: request.POST[f"poll-{name}"] for name in POLL if request.POST.get(f"poll-{name}")}
    return written | ({"poll": poll} if poll else {})


def asking(request: HttpRequest, form: DiscussionForm) -> HttpResponse:
    """Draw the form, with what was asked like it."""
    draft = getattr(form, "draft", None)
    context = {
        "form": form,
        "draft": draft,
        "saved_at": request.POST.get("saved_at", draft.saved_at.isoformat() if draft else ""),
        "kind_hints": KIND_HINTS,
        "known_tags": selectors.tag_names(),
        "email_addresses": email_addresses(request),
        "crumbs": [list_crumb()],
        "similar": like(request.POST.get("title", ""), request),
    }
    return render(request, "discussions/discussion_form.html", context, status=status_of(form, form.poll))


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def discussion_edit(request: HttpRequest, discussion_id: UUID) -> HttpResponse:
    """Change what was asked."""
    discussion = discussion_or_404(request, discussion_id)
    if not can_edit_discussion(request.member, discussion):
        raise Http404
    form = DiscussionForm.for_discussion(discussion, categories=selectors.categories())
    if request.method == "POST":
        form = _bound_like(form, request)
        if form.is_valid() and _edited(form, discussion, request):
            say(request, "Saved. What it said before is kept under Edited.")
            return redirect("discussions:discussion_detail", discussion.id)
    context = {"form": form, "discussion": discussion, "kind_hints": KIND_HINTS, "crumbs": crumbs_of(discussion)}
    context["known_tags"] = selectors.tag_names()
    return render(request, "discussions/discussion_form.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def reply_edit(request: HttpRequest, discussion_id: UUID, reply_id: UUID) -> HttpResponse:
    """Change a reply."""
    discussion_or_404(request, discussion_id)
    reply = reply_or_404(request, discussion_id, reply_id)
    if not can_edit_reply(request.member, reply):
        raise Http404
    form = ReplyForm(request.POST or None, request.FILES or None, initial={"body": reply.body})
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_reply(reply, **form.values(), by=request.member)
        except services.DiscussionError as error:
            form.add_error("body", str(error))
        else:
            return redirect(way_back(request, discussion_id, reply_id))
    context = {"form": form, "reply": reply, "discussion": reply.discussion, "crumbs": crumbs_of(reply.discussion)}
    context["back"] = way_back(request, discussion_id, reply_id)
    return render(request, "discussions/reply_form.html", context, status=status_of(form))


def _begun(draft: Draft | None) -> dict:
    """What the form starts with: what the member had begun to write."""
    if draft is None:
        return {}
    begun = {"title": draft.title, "body": draft.body, "category": str(draft.category_id or ""), "tags": draft.tags}
    begun |= {"is_anonymous": draft.is_anonymous, "poll": draft.poll}
    return begun | ({"kind": draft.kind} if draft.kind else {})


def _bound_like(form: DiscussionForm, request: HttpRequest) -> DiscussionForm:
    return DiscussionForm(request.POST, request.FILES, categories=list(form._categories.values())).as_edit()


def _edited(form: DiscussionForm, discussion: Discussion, request: HttpRequest) -> bool:
    try:
        services.edit_discussion(discussion, **form.values(), by=request.member)
    except services.DiscussionError as error:
        form.add_error(None, str(error))
    return form.is_valid()
