"""Discussions as an archive shows them: what every member may see, under the names that members see."""

from collections.abc import Iterator

from django.db.models import F, QuerySet

from shared_apps.core.markdown import render_markdown
from tenant_apps.discussions import selectors, services
from tenant_apps.discussions.models import Discussion, Reply
from tenant_apps.files.selectors import files_of
from tenant_apps.portability.adapters import Lines, Mask, Page, Sheet

_AT_ONCE = 100
HIDDEN_VOTES = (
    "option_id IN (SELECT o.id FROM discussions_polloption o JOIN discussions_poll p ON p.id = o.poll_id"
    " WHERE p.is_secret)"
)


class ReadableDiscussions:
    """Sheets of discussions and replies, and a page for each discussion."""

    def sheets(self) -> Iterator[Sheet]:
        """Yield discussions, and the replies of members."""
        yield Sheet(
            "discussions",
            ["Id", "Category", "Kind", "Title", "Text", "By", "School", "Asked", "Answered", "Replies", "Tags"],
            map(_line, _shown().iterator(chunk_size=_AT_ONCE)),
        )
        found = Reply.objects.filter(selectors.replies_seen_by(None), discussion__in=_shown())
        replies = found.select_related("author", "discussion").order_by("created_at", "id")
        yield Sheet(
            "replies",
            ["Id", "Discussion", "Text", "By", "Written", "Is an answer"],
            map(_reply_line, replies.iterator(chunk_size=_AT_ONCE)),
        )

    def pages(self) -> Iterator[Page]:
        """Yield a page for each discussion, newest first."""
        for discussion in _shown().iterator(chunk_size=_AT_ONCE):
            posts = selectors.posts(discussion)
            files = files_of([discussion.id, *(post.id for post in posts)])
            yield Page(
                path=f"discussions/{discussion.id}.html",
                title=discussion.title,
                section="Discussions",
                template="discussions/exported.html",
                context={
                    "discussion": discussion,
                    "body": render_markdown(discussion.body),
                    "files": files.get(discussion.id, []),
                    "posts": [(post, render_markdown(post.body), files.get(post.id, [])) for post in posts],
                },
                at=discussion.created_at,
            )


def nameless() -> Iterator[Mask]:
    """Yield who asked without their name, with their question and what they replied there."""
    asked = Discussion.objects.filter(is_anonymous=True)
    things = {each: {each} for each in asked.values_list("id", flat=True)}
    own = Reply.objects.filter(discussion__is_anonymous=True, author_id=F("discussion__author_id"))
    for discussion_id, reply_id in own.order_by().values_list("discussion_id", "id"):
        things[discussion_id].add(reply_id)
    for discussion_id, author_id in asked.order_by("id").values_list("id", "author_id"):
        yield Mask(author_id, frozenset(things[discussion_id]))


def settle(lines: Lines) -> None:
    """Forget what a restored network has of uploads that stayed behind."""
    services.settle_archives()


def _shown() -> QuerySet[Discussion]:
    found = Discussion.objects.filter(selectors.LISTED).select_related("category", "author")
    return found.order_by("-created_at", "-id")


def _line(discussion: Discussion) -> list[object]:
    return [
        discussion.id,
        discussion.category.name,
        discussion.get_kind_display(),
        discussion.title,
        discussion.body,
        discussion.author_name,
        discussion.author_school,
        discussion.created_at,
        "yes" if discussion.is_answered else "no",
        discussion.total_replies,
        ", ".join(discussion.tag_names),
    ]


def _reply_line(reply: Reply) -> list[object]:
    return [
        reply.id,
        reply.discussion_id,
        reply.body,
        selectors.author_name_of(reply),
        reply.created_at,
        "yes" if reply.is_answer else "no",
    ]
