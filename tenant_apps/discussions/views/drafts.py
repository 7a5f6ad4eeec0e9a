"""Keeping what somebody is writing: asked by a script while they write, and by a button without one."""

from contextlib import suppress
from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST

from shared_apps.core.flash import say
from shared_apps.core.when import long_when
from tenant_apps.discussions import selectors, services
from tenant_apps.discussions.enums import DiscussionKind
from tenant_apps.discussions.forms import DiscussionForm, ReplyForm
from tenant_apps.discussions.models import Category, Discussion, Draft
from tenant_apps.discussions.views.loading import discussion_or_404
from tenant_apps.discussions.views.reading import replying
from tenant_apps.discussions.views.writing import asking, typed_in
from tenant_apps.members.permissions import member_required


@require_POST
@member_required
def draft_save(request: HttpRequest) -> HttpResponse:
    """Keep a draft: a script gets JSON, a button the page again."""
    discussion = _discussion(request)
    try:
        draft = services.save_draft(
            _written(request),
            discussion=discussion,
            last_saved_at=_moment(request.POST.get("saved_at", "")),
            began_without=request.POST.get("saved_at") == "",
            token=request.POST.get("token", "")[:32],
            by=request.member,
        )
    except services.DraftIsNewerError as error:
        return _refused(request, discussion, str(error), HTTPStatus.CONFLICT)
    except services.DiscussionError as error:
        return _refused(request, discussion, str(error), HTTPStatus.UNPROCESSABLE_ENTITY)
    if _is_script(request):
        return JsonResponse({"saved_at": draft.saved_at.isoformat() if draft else ""})
    say(request, "Your draft is saved. Only you can see it." if draft else "There was nothing to save.")
    return redirect(_page_of(discussion))


@require_POST
@member_required
def draft_discard(request: HttpRequest) -> HttpResponse:
    """Throw a draft away."""
    discussion = _discussion(request)
    services.drop_draft(discussion, by=request.member)
    say(request, "The draft is thrown away.")
    return redirect(_page_of(discussion) if discussion else reverse("discussions:discussion_list"))


def drawn_draft(draft: Draft) -> dict:
    """What the list of drafts draws."""
    what = "Reply" if draft.discussion else "New discussion"
    return {
        "url": _page_of(draft.discussion),
        "title": draft.discussion.title if draft.discussion else draft.title or "No title yet",
        "why": f"{what}, saved {long_when(draft.saved_at, timezone.now())}",
        "discussion_id": draft.discussion_id or "",
    }


def _discussion(request: HttpRequest) -> Discussion | None:
    named = request.POST.get("discussion", "")
    if not named:
        return None
    with suppress(ValueError):
        return discussion_or_404(request, UUID(named))
    raise Http404


def _written(request: HttpRequest) -> services.Written:
    sent = typed_in(request)
    kind = sent.get("kind", "")
    return services.Written(
        title=sent.get("title", ""),
        body=sent.get("body", ""),
        kind=kind if kind in DiscussionKind else "",
        category=_category(sent.get("category", "")),
        tags=sent.get("tags", ""),
        is_anonymous="is_anonymous" in sent,
        poll=sent.get("poll", {}),
    )


def _category(category_id: str) -> Category | None:
    return next((each for each in selectors.categories() if str(each.id) == category_id), None)


def _moment(text: str) -> datetime | None:
    with suppress(ValueError):
        found = parse_datetime(text)
        return found if found and found.tzinfo else None
    return None


def _refused(request: HttpRequest, discussion: Discussion | None, words: str, status: int) -> HttpResponse:
    """Say why it was not kept, to a person with the form as they filled it in: nothing typed is lost."""
    if _is_script(request):
        return JsonResponse({"error": words}, status=status)
    form = ReplyForm(request.POST) if discussion else DiscussionForm(request.POST, categories=selectors.categories())
    form.errors.clear()
    form.add_error("body" if discussion else None, words)
    return replying(request, discussion, form) if discussion else asking(request, form)


def _is_script(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


def _page_of(discussion: Discussion | None) -> str:
    if discussion is None:
        return reverse("discussions:discussion_new")
    return f"{reverse('discussions:discussion_detail', args=[discussion.id])}#reply"
