"""One discussion, and what a reader does in it."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collective.portal.selectors import way_here
from collective.publications.services import PublicationGoneError
from shared_apps.core.fields import status_of
from shared_apps.core.flash import say
from tenant_apps.discussions import selectors, services
from tenant_apps.discussions.enums import SHARE_KIND
from tenant_apps.discussions.forms import ReplyForm
from tenant_apps.discussions.models import Discussion
from tenant_apps.discussions.permissions import (
    can_edit_discussion,
    can_mark_answer,
    can_moderate,
    can_reply,
)
from tenant_apps.discussions.selectors import Post
from tenant_apps.discussions.views.drawing import (
    category_url,
    crumbs_of,
    drawn_post,
    list_crumb,
    news,
    opening,
    reply_who,
    revision_of,
    told,
)
from tenant_apps.discussions.views.dressing import dress
from tenant_apps.discussions.views.loading import discussion_or_404, reply_or_404
from tenant_apps.discussions.views.paging import page_of_posts
from tenant_apps.members.permissions import is_organiser, is_visitor, member_required
from tenant_apps.notifications.enums import LEVEL_HINTS, Level
from tenant_apps.notifications.selectors import unseen_here

_REVISIONS = 100


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def discussion_detail(request: HttpRequest, discussion_id: UUID) -> HttpResponse:
    """Show one discussion with its replies, and take a reply.

    Reading it marks it as read for who is signed in, also when a link in an email led here: that tells nobody
    anything, and a scanner that opens the link has no session.
    """
    discussion = discussion_or_404(request, discussion_id)
    if discussion.merged_into_id:
        return redirect("discussions:discussion_detail", discussion.merged_into_id, permanent=False)
    form = ReplyForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            reply = services.post_reply(
                discussion, **form.values(), token=form.cleaned_data["token"], by=request.member
            )
        except services.PostedAlreadyError as error:
            form.add_error(None, told(error))
        except services.DiscussionError as error:
            form.add_error("body", str(error))
        else:
            place = selectors.place_of_reply(discussion, reply.id)
            return redirect(f"{reverse('discussions:discussion_detail', args=[reply.discussion_id])}{place}")
    return replying(request, discussion, form)


def replying(request: HttpRequest, discussion: Discussion, form: ReplyForm) -> HttpResponse:
    """Draw a discussion, with the form to reply."""
    context = _detail(request, discussion, form)
    return render(request, "discussions/discussion_detail.html", context, status=status_of(form))


@require_safe
@member_required
def discussion_history(request: HttpRequest, discussion_id: UUID, reply_id: UUID | None = None) -> HttpResponse:
    """Show what a discussion or a reply said before."""
    discussion = discussion_or_404(request, discussion_id)
    reply = reply_or_404(request, discussion_id, reply_id) if reply_id else None
    revisions = [revision_of(each, discussion) for each in selectors.revisions(discussion, reply)[:_REVISIONS]]
    context = {"discussion": discussion, "revisions": revisions, "crumbs": crumbs_of(discussion)}
    return render(request, "discussions/discussion_history.html", context)


@require_POST
@member_required
def reply_mark(request: HttpRequest, discussion_id: UUID, reply_id: UUID) -> HttpResponse:
    """Mark or unmark a reply as an answer."""
    discussion = discussion_or_404(request, discussion_id)
    is_answer = request.POST.get("is_answer") == "true"
    try:
        services.mark_reply(discussion, reply_id, is_answer=is_answer, by=request.member)
    except (services.NotAllowedError, PublicationGoneError) as error:
        raise Http404 from error
    place = selectors.place_of_reply(discussion, reply_id)
    return redirect(f"{reverse('discussions:discussion_detail', args=[discussion_id])}{place}")


@require_POST
@member_required
def discussion_follow(request: HttpRequest, discussion_id: UUID) -> HttpResponse:
    """Choose how much to hear of a discussion; `follow` is everything or nothing."""
    discussion = discussion_or_404(request, discussion_id)
    follow = Level.EVERYTHING if request.POST.get("follow") == "true" else Level.MUTE
    level = request.POST.get("level", follow)
    if level not in Level:
        raise Http404
    services.set_level(discussion, member=request.member, level=Level(level))
    say(request, _HEARD[Level(level)])
    return redirect("discussions:discussion_detail", discussion_id)


_HEARD = {
    Level.EVERYTHING: "Following. You are told when somebody replies.",
    Level.MENTIONS: "You are told when somebody names you here, or replies to what you asked.",
    Level.DIGEST: "What is said here comes in your digest.",
    Level.MUTE: "You are told nothing more about this discussion.",
}


def _detail(request: HttpRequest, discussion: Discussion, form: ReplyForm) -> dict:
    """Read the page first, then remember that it was read; answers come first."""
    posts = selectors.posts(discussion, request.member)
    seen = _note_read(request, discussion, posts)
    is_mine = discussion.author_id == request.member.id
    page = {
        "discussion": discussion,
        "crumbs": [list_crumb(), (discussion.category.name, category_url(discussion.category))],
        **_replies(request, discussion, posts),
        "form": form,
        "is_mine": is_mine,
        "can_edit": can_edit_discussion(request.member, discussion),
        "can_mark": can_mark_answer(request.member, discussion),
        "can_moderate": can_moderate(request.member),
        "poll": selectors.poll_results(discussion, request.member, now=timezone.now()),
        "can_reply": can_reply(request.member, discussion),
        **_hearing(discussion),
        "reply_who": reply_who(discussion),
        "similar": discussion.similar_rows,
        "has_panel": is_mine or (discussion.is_shared and is_organiser(request.member)),
        "publication_url": way_here(request, f"/publications/{discussion.publication_id}/"),
        **opening(discussion, request.member),
        **news(_unseen(discussion, posts), discussion),
        "total": seen,
    }
    return dress(page, discussion, request)


def _replies(request: HttpRequest, discussion: Discussion, posts: list[Post]) -> dict:
    """Return the replies of the page asked for, answers before the others."""
    page = page_of_posts(sorted(posts, key=lambda post: not post.is_answer), request)
    return {
        "shown_count": sum(not post.is_hidden for post in posts),
        "post_page": page,
        "back_page": f"?page={page.number}" if page.number > 1 else "",
        "posts": [drawn_post(post, discussion, request) for post in page],
    }


def _hearing(discussion: Discussion) -> dict:
    """Return what the menus need: how much the reader hears of a discussion and can choose, and the kind to share."""
    return {
        "share_kind": SHARE_KIND,
        "follow_level": Level(discussion.follow_level or Level.MENTIONS),
        "follow_levels": [(level, level.label, LEVEL_HINTS[level]) for level in Level],
    }


def _note_read(request: HttpRequest, discussion: Discussion, posts: list[Post]) -> int:
    """Remember that everything was read, and return how much that is; who visits for support reads nothing away."""
    seen = max(sum(not post.is_hidden for post in posts), discussion.total_replies)
    if is_visitor(request.member):
        return seen
    if seen != discussion.seen_count:
        services.mark_read(discussion, member=request.member, seen=seen)
    elif unseen_here(request):
        services.mark_seen(discussion, member=request.member)
    return seen


def _unseen(discussion: Discussion, posts: list[Post]) -> list[Post]:
    """Return what came since a member was here last, oldest first; to who was never here the whole of it is new."""
    return (
        [] if discussion.seen_count is None else [post for post in posts if not post.is_hidden][discussion.seen_count :]
    )
