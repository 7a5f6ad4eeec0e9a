"""Telling members of what was asked, said and marked; called by jobs."""

from collections.abc import Collection
from uuid import UUID

from django.urls import reverse

from shared_apps.core.markdown import readable_text
from tenant_apps.discussions.enums import CATEGORY_KIND, FOLLOW_KIND, SHARE_KIND
from tenant_apps.discussions.models import Discussion, Mention, Reply
from tenant_apps.discussions.selectors import author_name_of, get_discussion, place_of_reply
from tenant_apps.discussions.services.answers import count_away_replies
from tenant_apps.notifications import services as notifications
from tenant_apps.notifications.enums import Kind
from tenant_apps.sharing.selectors import source_of_reply


def tell_of_discussion(discussion_id: UUID) -> None:
    """Tell every member of a new discussion, each as they chose; by default it waits for their digest."""
    discussion = get_discussion(discussion_id)
    if discussion is None or discussion.hidden_at or discussion.awaits_approval:
        return
    name = discussion.author_name
    happening = _happening(Kind.NEW_DISCUSSION, discussion, by=discussion.author_id, for_everybody=True)
    line = f"{name} asked" if discussion.kind == "question" else f"{name} wrote"
    _tell(
        happening, discussion, key=f"discussions.discussion.{discussion.id}", body=discussion.body, name=name, line=line
    )


def tell_of_reply(reply_id: UUID) -> None:
    """Tell everybody who follows the discussion, or is named, except who wrote the reply."""
    found = Reply.objects.select_related("author", "discussion__author")
    reply = found.filter(id=reply_id, hidden_at=None, discussion__hidden_at=None).first()
    if reply is None:
        return
    name = author_name_of(reply)
    happening = _happening(Kind.REPLY, reply.discussion, by=reply.author_id, reply_id=reply.id)
    _tell_of_reply(happening, reply.discussion, reply.id, body=reply.body, name=name)


def tell_of_answer(reply_id: UUID) -> None:
    """Tell who wrote a reply that it was marked as an answer, if it still is."""
    reply = Reply.objects.select_related("discussion__author").filter(id=reply_id, is_answer=True).first()
    if reply is None or reply.hidden_at or reply.marked_by_id is None:
        return
    discussion = reply.discussion
    happening = notifications.Happening(
        kind=Kind.ANSWER,
        things=[(FOLLOW_KIND, discussion.id)],
        mine=[reply.author_id],
        by=reply.marked_by_id,
        only_mine=True,
    )
    line, fragment = "Your reply was marked as an answer", place_of_reply(discussion, reply.id)
    _tell(happening, discussion, key=f"discussions.answer.{reply.id}", body="", name="", line=line, fragment=fragment)


def tell_of_names(discussion_id: UUID, reply_id: UUID | None, *, named: Collection[UUID], by_id: UUID) -> None:
    """Tell members whom an edit named for the first time; it is the same news, so who had it hears nothing."""
    replies = Reply.objects.select_related("author", "discussion__author").filter(hidden_at=None)
    reply = replies.filter(id=reply_id).first() if reply_id else None
    if reply_id and reply is None:
        return
    discussion = reply.discussion if reply else get_discussion(discussion_id)  # a reply may have moved meanwhile
    if discussion is None or discussion.hidden_at or discussion.awaits_approval:
        return
    things = [(FOLLOW_KIND, discussion.id), (CATEGORY_KIND, discussion.category_id)]
    happening = notifications.Happening(kind=Kind.MENTION, things=things, named=named, by=by_id, only_mine=True)
    name = author_name_of(reply) if reply else discussion.author_name
    key = f"discussions.reply.{reply.id}" if reply else f"discussions.discussion.{discussion.id}"
    place = place_of_reply(discussion, reply.id) if reply else ""
    body, line = (reply or discussion).body, f"{name} named you"
    _tell(happening, discussion, key=key, body=body, name=name, line=line, fragment=place)


def take_in_away_reply(publication_id: UUID, reply_id: UUID) -> None:
    """Count the replies of other networks to a discussion and tell its followers of this one; called by a job.

    The reply may have come home with a withdrawal meanwhile, or been taken back: then there is nothing to tell.
    """
    kind, source_id = source_of_reply(publication_id, reply_id) or ("", None)
    discussion = get_discussion(source_id) if kind == SHARE_KIND and source_id else None
    if discussion is None:
        return
    for post in count_away_replies(discussion):
        if post.id == reply_id and post.is_away and not post.is_removed:
            name = ", ".join(filter(None, (post.author_name, post.origin_network)))
            happening = _happening(Kind.REPLY, discussion, by=None)
            _tell_of_reply(happening, discussion, post.id, body=post.body, name=name)


def _happening(
    kind: Kind, discussion: Discussion, *, by: UUID | None, reply_id: UUID | None = None, for_everybody: bool = False
) -> notifications.Happening:
    of_post = {"reply_id": reply_id} if reply_id else {"reply": None}
    named = Mention.objects.filter(discussion_id=discussion.id, **of_post)
    return notifications.Happening(
        kind=kind,
        things=[*([] if for_everybody else [(FOLLOW_KIND, discussion.id)]), (CATEGORY_KIND, discussion.category_id)],
        mine=[discussion.author_id],
        named=set(named.values_list("member_id", flat=True)) if by else (),
        by=by,
        for_everybody=for_everybody,
    )


def _tell_of_reply(
    happening: notifications.Happening, discussion: Discussion, reply_id: UUID, *, body: str, name: str
) -> None:
    fragment = place_of_reply(discussion, reply_id)
    key = f"discussions.reply.{reply_id}"
    _tell(happening, discussion, key=key, body=body, name=name, line=f"{name} replied", fragment=fragment)


def _tell(
    happening: notifications.Happening,
    discussion: Discussion,
    *,
    key: str,
    body: str,
    name: str,
    line: str,
    fragment: str = "",
) -> None:
    if discussion.is_example:
        return  # where members may try things out
    path = reverse("discussions:discussion_detail", args=[discussion.id], urlconf="config.urls.network")
    notifications.notify(
        happening,
        notifications.Tidings(
            key=key,
            title=discussion.title,
            text=readable_text(body),
            line=line,
            by_name=name,
            path=f"{path}{fragment}",
            about=(FOLLOW_KIND, discussion.id),
        ),
    )
