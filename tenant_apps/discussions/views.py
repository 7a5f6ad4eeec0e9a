"""Pages of discussions."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collective.portal.selectors import way_here
from collective.publications.services import PublicationGoneError
from shared_apps.core.flash import say
from shared_apps.core.markdown import render_markdown
from shared_apps.core.when import long_when
from tenant_apps.discussions import selectors, services
from tenant_apps.discussions.enums import SHARE_KIND, ListView
from tenant_apps.discussions.forms import KIND_HINTS, CategoryForm, DiscussionForm, ReplyForm
from tenant_apps.discussions.models import Category, Discussion, Reply, Revision
from tenant_apps.discussions.permissions import can_edit_discussion, can_edit_reply, can_mark_answer
from tenant_apps.discussions.selectors import Post
from tenant_apps.members.permissions import is_moderator, is_organiser, member_required, organiser_required

PAGE_SIZE = 20


@require_safe
@member_required
def discussion_list(request: HttpRequest) -> HttpResponse:
    """Show the discussions of this network."""
    asked = {name: request.GET.get(name, "").replace("\x00", "")[:200] for name in ("show", "category", "q")}
    show = asked["show"] if asked["show"] in ListView else ListView.ALL
    found = selectors.discussions(request.member, show=show, category=asked["category"], search=asked["q"])
    root = reverse("discussions:discussion_list")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [_row(each, request, root) for each in page],
        "show": show,
        "views": _views(asked | {"show": show}),
        "category": asked["category"],
        "categories": selectors.categories(),
        "search": asked["q"],
        "chips": [{"label": f"“{asked['q']}”", "url": _list_url(asked | {"q": ""})}] if asked["q"] else [],
    }
    return render(request, "discussions/discussion_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def discussion_new(request: HttpRequest) -> HttpResponse:
    """Ask or discuss."""
    form = DiscussionForm(request.POST or None, categories=selectors.categories())
    if request.method == "POST" and form.is_valid():
        try:
            discussion = services.start_discussion(**form.values(), by=request.member)
        except services.DiscussionError as error:
            form.add_error(None, str(error))
        else:
            say(request, "Posted. Members of this network can see it now.")
            return redirect("discussions:discussion_detail", discussion.id)
    context = {"form": form, "kind_hints": KIND_HINTS, "crumbs": [_list_crumb()]}
    return render(request, "discussions/discussion_form.html", context, status=_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def discussion_detail(request: HttpRequest, discussion_id: UUID) -> HttpResponse:
    """Show one discussion with its replies, and take a reply.

    Reading it marks it as read for who is signed in, also when a link in an email led here: that tells nobody
    anything, and a scanner that opens the link has no session.
    """
    discussion = _discussion_or_404(request, discussion_id)
    form = ReplyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reply = services.post_reply(discussion, body=form.cleaned_data["body"], by=request.member)
        except services.DiscussionError as error:
            form.add_error("body", str(error))
        else:
            return redirect(f"{reverse('discussions:discussion_detail', args=[discussion.id])}#reply-{reply.id}")
    return render(
        request, "discussions/discussion_detail.html", _detail(request, discussion, form), status=_status(form)
    )


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def discussion_edit(request: HttpRequest, discussion_id: UUID) -> HttpResponse:
    """Change what was asked."""
    discussion = _discussion_or_404(request, discussion_id)
    if not can_edit_discussion(request.member, discussion):
        raise Http404
    form = DiscussionForm.for_discussion(discussion, categories=selectors.categories())
    if request.method == "POST":
        form = _bound_like(form, request)
        if form.is_valid() and _edited(form, discussion, request):
            say(request, "Saved. What it said before is kept under Edited.")
            return redirect("discussions:discussion_detail", discussion.id)
    context = {"form": form, "discussion": discussion, "kind_hints": KIND_HINTS, "crumbs": _crumbs(discussion)}
    return render(request, "discussions/discussion_form.html", context, status=_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def reply_edit(request: HttpRequest, discussion_id: UUID, reply_id: UUID) -> HttpResponse:
    """Change a reply."""
    reply = _reply_or_404(discussion_id, reply_id)
    if not can_edit_reply(request.member, reply):
        raise Http404
    form = ReplyForm(request.POST or None, initial={"body": reply.body})
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_reply(reply, body=form.cleaned_data["body"], by=request.member)
        except services.DiscussionError as error:
            form.add_error("body", str(error))
        else:
            return redirect(f"{reverse('discussions:discussion_detail', args=[discussion_id])}#reply-{reply.id}")
    context = {"form": form, "reply": reply, "discussion": reply.discussion, "crumbs": _crumbs(reply.discussion)}
    return render(request, "discussions/reply_form.html", context, status=_status(form))


@require_safe
@member_required
def discussion_history(request: HttpRequest, discussion_id: UUID, reply_id: UUID | None = None) -> HttpResponse:
    """Show what a discussion or a reply said before."""
    discussion = _discussion_or_404(request, discussion_id)
    reply = _reply_or_404(discussion_id, reply_id) if reply_id else None
    revisions = [_revision(each) for each in selectors.revisions(discussion, reply)]
    context = {"discussion": discussion, "revisions": revisions, "crumbs": _crumbs(discussion)}
    return render(request, "discussions/discussion_history.html", context)


@require_POST
@member_required
def reply_mark(request: HttpRequest, discussion_id: UUID, reply_id: UUID) -> HttpResponse:
    """Mark or unmark a reply as an answer."""
    discussion = _discussion_or_404(request, discussion_id)
    is_answer = request.POST.get("is_answer") == "true"
    try:
        services.mark_reply(discussion, reply_id, is_answer=is_answer, by=request.member)
    except (services.NotAllowedError, PublicationGoneError) as error:
        raise Http404 from error
    return redirect(f"{reverse('discussions:discussion_detail', args=[discussion_id])}#reply-{reply_id}")


@require_POST
@member_required
def discussion_follow(request: HttpRequest, discussion_id: UUID) -> HttpResponse:
    """Follow a discussion or stop following it."""
    discussion = _discussion_or_404(request, discussion_id)
    if request.POST.get("follow") == "true":
        services.follow(discussion, member=request.member)
        say(request, "Following. You get an email when somebody replies.")
    else:
        services.unfollow(discussion, member=request.member)
        say(request, "You get no more emails about this discussion.")
    return redirect("discussions:discussion_detail", discussion_id)


@require_POST
@member_required
def mark_all_read(request: HttpRequest) -> HttpResponse:
    """Mark every discussion as read."""
    services.mark_all_read(member=request.member)
    say(request, "Everything is marked as read.")
    return redirect("discussions:discussion_list")


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def category_list(request: HttpRequest) -> HttpResponse:
    """Add, rename and archive categories."""
    form = CategoryForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _category_saved(form, request, None):
        return redirect("discussions:category_list")
    context = {"form": form, "categories": list(Category.objects.all()), "crumbs": [_manage_crumb()]}
    return render(request, "discussions/category_list.html", context, status=_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def category_edit(request: HttpRequest, category_id: UUID) -> HttpResponse:
    """Rename a category, take it out of use, or back."""
    category = Category.objects.filter(id=category_id).first()
    if category is None:
        raise Http404
    form = CategoryForm(request.POST or None, initial={"name": category.name})
    if request.method == "POST" and "archive" in request.POST:
        return _archive(request, category, form)
    if request.method == "POST" and form.is_valid() and _category_saved(form, request, category):
        return redirect("discussions:category_list")
    return _category_page(request, category, form)


def _discussion_or_404(request: HttpRequest, discussion_id: UUID) -> Discussion:
    discussion = selectors.get_discussion(discussion_id, request.member)
    if discussion is None:
        raise Http404
    return discussion


def _reply_or_404(discussion_id: UUID, reply_id: UUID) -> Reply:
    reply = selectors.get_reply(reply_id, discussion_id)
    if reply is None:
        raise Http404
    return reply


def _status(form) -> int:  # noqa: ANN001 - any form
    return 422 if form.is_bound and form.errors else 200


def _bound_like(form: DiscussionForm, request: HttpRequest) -> DiscussionForm:
    return DiscussionForm(request.POST, categories=list(form._categories.values()))


def _edited(form: DiscussionForm, discussion: Discussion, request: HttpRequest) -> bool:
    try:
        services.edit_discussion(discussion, **form.values(), by=request.member)
    except services.DiscussionError as error:
        form.add_error(None, str(error))
    return form.is_valid()


def _category_saved(form: CategoryForm, request: HttpRequest, category: Category | None) -> bool:
    try:
        services.save_category(name=form.cleaned_data["name"], category=category, by=request.member)
    except services.DiscussionError as error:
        form.add_error("name", str(error))
    return form.is_valid()


def _archive(request: HttpRequest, category: Category, form: CategoryForm) -> HttpResponse:
    is_archived = request.POST["archive"] == "true"
    try:
        services.archive_category(category, is_archived=is_archived, by=request.member)
    except services.DiscussionError as error:
        form.add_error("name", str(error))
        return _category_page(request, category, form)
    return redirect("discussions:category_list")


def _category_page(request: HttpRequest, category: Category, form: CategoryForm) -> HttpResponse:
    crumbs = [_manage_crumb(), ("Categories", reverse("discussions:category_list"))]
    context = {"form": form, "category": category, "crumbs": crumbs}
    return render(request, "discussions/category_form.html", context, status=_status(form))


def _list_crumb() -> tuple[str, str]:
    return "Discussions", reverse("discussions:discussion_list")


def _manage_crumb() -> tuple[str, str]:
    return "Organise", "/manage/"


def _crumbs(discussion: Discussion) -> list[tuple[str, str]]:
    return [_list_crumb(), (discussion.title, reverse("discussions:discussion_detail", args=[discussion.id]))]


def _revision(revision: Revision) -> dict:
    now = timezone.now()
    return {
        "title": revision.title,
        "body": render_markdown(revision.body),
        "heading": f"Until {long_when(revision.replaced_at, now)}, when {revision.editor.shown_name} changed it",
    }


def _row(discussion: Discussion, request: HttpRequest, root: str) -> dict:
    """What components/discussion_rows.html draws; an unread discussion without replies counts itself as new.

    `root` is the address of the list: reversing every row's own took as long as reading the rows.
    """
    mine = discussion.author_id == request.member.id
    return {
        "url": f"{root}{discussion.id}/",
        "title": discussion.title,
        "state": {"answered": "answered", "unanswered": "question"}.get(discussion.state, "discussion"),
        "who": "You" if mine else discussion.author.shown_name,
        "school": "" if mine else discussion.author.headline_school,
        "category": discussion.category.name,
        "shared": discussion.is_shared,
        "replies": discussion.total_replies,
        "new": max(discussion.new_count, 1) if discussion.is_unread else 0,
        "at": discussion.last_activity_at,
        "origin": "",
        "pinned": False,
        "locked": False,  # a template takes longer over a value that is not there
    }


def _views(asked: dict[str, str]) -> list[dict]:
    return [
        {
            "label": view.label,
            "url": _list_url(asked | {"show": view.value}),
            "current": view.value == asked["show"],
        }
        for view in ListView
    ]


def _list_url(asked: dict[str, str]) -> str:
    """Return the address of the list with what is asked for, its first page."""
    query = urlencode({name: value for name, value in asked.items() if value})
    url = reverse("discussions:discussion_list")
    return f"{url}?{query}" if query else url


def _detail(request: HttpRequest, discussion: Discussion, form: ReplyForm) -> dict:
    """Read the page first, then remember that it was read; answers come first."""
    posts = selectors.posts(discussion)
    seen = max(len(posts), discussion.total_replies)
    if seen != discussion.seen_count:
        services.mark_read(discussion, member=request.member, seen=seen)
    is_mine = discussion.author_id == request.member.id
    return {
        "discussion": discussion,
        "crumbs": [_list_crumb(), (discussion.category.name, _category_url(discussion.category))],
        "posts": [_post(post, discussion, request) for post in sorted(posts, key=lambda post: not post.is_answer)],
        "form": form,
        "is_mine": is_mine,
        "can_edit": can_edit_discussion(request.member, discussion),
        "can_mark": can_mark_answer(request.member, discussion),
        "reply_who": _reply_who(discussion),
        "similar": selectors.similar(discussion),
        "has_panel": is_mine or (discussion.is_shared and is_organiser(request.member)),
        "share_kind": SHARE_KIND,
        "publication_url": way_here(request, f"/publications/{discussion.publication_id}/"),
        **_opening(discussion),
        **_news(_unseen(discussion, posts)),
    }


def _opening(discussion: Discussion) -> dict:
    """What was asked, and by whom."""
    author = discussion.author
    return {
        "body": render_markdown(discussion.body),
        "author_role": ", ".join(filter(None, (author.headline_job, author.headline_school))),
        "post_label": f"{discussion.get_kind_display()} by {author.shown_name}",
    }


def _news(unseen: list[Post]) -> dict:
    return {"new_count": len(unseen), "first_new": f"reply-{unseen[0].id}" if unseen else ""}


def _unseen(discussion: Discussion, posts: list[Post]) -> list[Post]:
    """Return what came since a member was here last, oldest first; to who was never here the whole of it is new."""
    return [] if discussion.seen_count is None else posts[discussion.seen_count :]


def _category_url(category: Category) -> str:
    return _list_url({"category": category.name})


def _reply_who(discussion: Discussion) -> str:
    shared = " It is not part of what was shared." if discussion.is_shared else ""
    return f"Members of this network see this.{shared}"


def _post(post: Post, discussion: Discussion, request: HttpRequest) -> dict:
    """What the page draws of one reply."""
    mine = post.author_id == request.member.id
    return {
        "post": post,
        "id": f"reply-{post.id}",
        "origin": (post.origin_network or "another network") if post.is_away else "",
        "label": f"Reply by {post.author_name}",
        "body": render_markdown(post.body),
        "you": mine,
        "answer_by": _marked_by(post, discussion, request) if post.is_answer else "",
        "gone": "Taken back by the person who wrote it." if post.is_removed else "",
        "can_edit": not post.is_away and (mine or is_moderator(request.member)),
    }


def _marked_by(post: Post, discussion: Discussion, request: HttpRequest) -> str:
    """Return who marked an answer; of one from elsewhere that is not kept, and it is nearly always who asked."""
    marked_by_id = post.marked_by_id or discussion.author_id
    return "you" if marked_by_id == request.member.id else post.marked_by or discussion.author.shown_name
