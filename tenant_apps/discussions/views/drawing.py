"""What the pages draw, as plain values."""

from collections.abc import Iterable
from datetime import date

from django.forms import BaseForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode

from shared_apps.core.markdown import render_markdown
from shared_apps.core.when import long_when
from tenant_apps.discussions.enums import Via
from tenant_apps.discussions.models import Category, Discussion, Reply, Revision
from tenant_apps.discussions.permissions import can_see_original
from tenant_apps.discussions.selectors import POSTS_A_PAGE, Post, categories, editor_of, place_of_reply
from tenant_apps.discussions.services import DiscussionError, PostedAlreadyError
from tenant_apps.members.models import Member
from tenant_apps.members.permissions import is_moderator
from tenants.selectors import first_host_of


def told(error: DiscussionError) -> str:
    """Return what a form says of a refusal, with a link to what was posted already."""
    if not isinstance(error, PostedAlreadyError):
        return str(error)
    made = error.made
    place = f"#reply-{made.id}" if isinstance(made, Reply) else ""
    page = reverse("discussions:discussion_detail", args=[getattr(made, "discussion_id", made.id)])
    return format_html('{} <a href="{}">See what was posted</a>', str(error), f"{page}{place}")


def blame(form: BaseForm, error: DiscussionError, **named: str) -> None:
    """Say a refusal beside the field that it is about; `named` are those that the form calls something else."""
    field = named.get(error.field, error.field)
    form.add_error(field if field in form.fields else None, told(error))


def list_crumb() -> tuple[str, str]:
    return "Discussions", reverse("discussions:discussion_list")


def manage_crumb() -> tuple[str, str]:
    return "Organise", "/manage/"


def crumbs_of(discussion: Discussion) -> list[tuple[str, str]]:
    return [list_crumb(), (discussion.title, reverse("discussions:discussion_detail", args=[discussion.id]))]


def row(discussion: Discussion, request: HttpRequest, root: str) -> dict:
    """What components/discussion_rows.html draws; an unread discussion without replies counts itself as new.

    `root` is the address of the list: reversing every row's own took as long as reading the rows.
    """
    mine = discussion.author_id == request.member.id
    return {
        "url": f"{root}{discussion.id}/{_first_new(discussion)}",
        "title": discussion.title,
        "state": {"answered": "answered", "unanswered": "question"}.get(discussion.state, "discussion"),
        "who": "You" if mine else discussion.author_name,
        "school": "" if mine else discussion.author_school,
        "category": discussion.category.name,
        "shared": discussion.is_shared,
        "replies": discussion.total_replies,
        "new": max(discussion.new_count, 1) if discussion.is_unread else 0,
        "at": discussion.last_activity_at,
        "origin": "",  # a template takes longer over a value that is not there
        **_more(discussion, root),
    }


def _first_new(discussion: Discussion) -> str:
    """Return where a reader left off, for somebody who was there before and has something new."""
    was_there = getattr(discussion, "seen_count", None) is not None
    if not was_there or not discussion.new_count:
        return ""
    number = discussion.seen_count // POSTS_A_PAGE + 1
    return f"?page={number}#new" if number > 1 else "#new"


def aged(rows: list[dict], found: Iterable[Discussion], today: date) -> list[dict]:
    """Group rows, oldest first, by how long they have waited, and say of each how long."""
    groups: dict[str, list[dict]] = {}
    for each, discussion in zip(rows, found, strict=True):
        days = (today - timezone.localdate(discussion.created_at)).days
        drawn = _NO_MORE | each | {"more": True, "age": waited(days)}
        heading = next(words for least, words in WAITED if days >= least)
        groups.setdefault(heading, []).append(drawn)
    return [{"heading": heading, "rows": drawn} for heading, drawn in groups.items()]


def waited(days: int) -> str:
    return {0: "Asked today", 1: "Waiting since yesterday"}.get(days, f"Waiting {days} days")


WAITED = ((14, "Two weeks and longer"), (7, "More than a week"), (2, "This week"), (0, "Since yesterday"))
_NO_MORE = {"waits": "", "age": "", "pinned": False, "locked": False, "tags": []}


def _more(discussion: Discussion, root: str) -> dict:
    """What few rows have; most have none of it, and ask for nothing."""
    marks = (discussion.pinned_at, discussion.locked_at, discussion.hidden_at, discussion.awaits_approval)
    if not (discussion.tag_names or any(marks)):
        return {"more": False}
    return {
        "more": True,
        "waits": _what_it_waits_for(discussion),
        "age": "",
        "pinned": discussion.pinned_at is not None,
        "locked": discussion.is_locked,
        "tags": [{"label": name, "url": f"{root}?{urlencode({'tag': name})}"} for name in discussion.tag_names],
    }


def _what_it_waits_for(discussion: Discussion) -> str:
    """Return what keeps others from seeing it: only its author has it in a list."""
    if discussion.awaits_approval:
        return "Waits for a moderator"
    return "Hidden by a moderator" if discussion.is_hidden else ""


def list_url(asked: dict[str, str]) -> str:
    """Return the address of the list with what is asked for, its first page."""
    query = urlencode({name: value for name, value in asked.items() if value})
    url = reverse("discussions:discussion_list")
    return f"{url}?{query}" if query else url


def email_address(category: Category, request: HttpRequest) -> str:
    """Return where an email starts a discussion in a category, or nothing where its name makes no address."""
    return f"{category.mail_name}@{first_host_of(request.network)}" if category.mail_name else ""


def email_addresses(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the name and address of every category that has one."""
    found = [(each.name, email_address(each, request)) for each in categories()]
    return [(name, address) for name, address in found if address]


def category_url(category: Category) -> str:
    return list_url({"category": category.name})


def revision_of(revision: Revision, discussion: Discussion) -> dict:
    until = long_when(revision.replaced_at, timezone.now())
    what = "changed it" if revision.editor_id else "put back what a copy of the network said"
    return {
        "title": revision.title,
        "body": render_markdown(revision.body),
        "heading": f"Until {until}, when {editor_of(revision, discussion)} {what}",
    }


def opening(discussion: Discussion, reader: Member) -> dict:
    """What was asked, and by whom."""
    job = "" if discussion.is_anonymous else discussion.author.headline_job
    return {
        "body": render_markdown(discussion.body),
        "author_role": ", ".join(filter(None, (job, discussion.author_school))),
        "has_original": discussion.via == Via.EMAIL and can_see_original(reader, discussion),
        "post_label": f"{discussion.get_kind_display()} by {discussion.author_name}",
    }


def news(unseen: list[Post], discussion: Discussion) -> dict:
    return {
        "new_count": len(unseen),
        "first_new": f"reply-{unseen[0].id}" if unseen else "",
        "first_new_place": place_of_reply(discussion, unseen[0].id) if unseen else "",
    }


def reply_who(discussion: Discussion) -> str:
    shared = " It is not part of what was shared." if discussion.is_shared else ""
    return f"Members of this network see this.{shared}"


def drawn_post(post: Post, discussion: Discussion, request: HttpRequest) -> dict:
    """What the page draws of one reply."""
    mine = post.is_by(request.member)
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
        "has_original": post.via == Via.EMAIL and (mine or (is_moderator(request.member) and not post.asker_id)),
        "can_hide": not post.is_away and is_moderator(request.member),
        "report_url": "" if mine or post.is_removed else f"/report/{_report_kind(post)}/{post.id}/",
    }


def _report_kind(post: Post) -> str:
    """Return what a reply is reported as; written out as an address, because a page may have five hundred."""
    return "away-reply" if post.is_away else "reply"


def _marked_by(post: Post, discussion: Discussion, request: HttpRequest) -> str:
    """Return who marked an answer; of one from elsewhere that is not kept, and it is nearly always who asked."""
    marked_by_id = post.marked_by_id or discussion.author_id
    return "you" if marked_by_id == request.member.id else post.marked_by or discussion.author_name
