"""Telling the followers of a discussion by email; called by jobs."""

from uuid import UUID

from django.urls import reverse

from shared_apps.core.markdown import plain_text
from tenant_apps.discussions.enums import FOLLOW_KIND, SHARE_KIND
from tenant_apps.discussions.models import Discussion, Reply
from tenant_apps.discussions.selectors import author_name_of, get_discussion
from tenant_apps.discussions.services.answers import count_away_replies
from tenant_apps.notifications import services as notifications
from tenant_apps.sharing.selectors import source_of_reply
from tenants.context import this_network
from tenants.selectors import network_url


def tell_of_reply(reply_id: UUID) -> None:
    """Email everybody who follows the discussion, except who wrote the reply; called by a job."""
    reply = Reply.objects.select_related("author", "discussion").filter(id=reply_id).first()
    if reply is not None:
        name = author_name_of(reply)
        _tell(reply.discussion, reply_id=reply.id, author=name, body=reply.body, wrote=reply.author_id)


def take_in_away_reply(publication_id: UUID, reply_id: UUID) -> None:
    """Count the replies of other networks to a discussion and email its followers of this one; called by a job.

    The reply may have come home with a withdrawal meanwhile, or been taken back: then there is nothing to tell.
    """
    kind, source_id = source_of_reply(publication_id, reply_id) or ("", None)
    discussion = get_discussion(source_id) if kind == SHARE_KIND and source_id else None
    if discussion is None:
        return
    for post in count_away_replies(discussion):
        if post.id == reply_id and post.is_away and not post.is_removed:
            author = ", ".join(filter(None, (post.author_name, post.origin_network)))
            _tell(discussion, reply_id=post.id, author=author, body=post.body, wrote=None)


def _tell(discussion: Discussion, *, reply_id: UUID, author: str, body: str, wrote: UUID | None) -> None:
    path = reverse("discussions:discussion_detail", args=[discussion.id], urlconf="config.urls.network")
    notifications.notify_followers(
        kind=FOLLOW_KIND,
        object_id=discussion.id,
        subject=discussion.title,
        template="notice",
        context={
            "heading": discussion.title,
            "quote": plain_text(body),
            "quote_by": f"{author} replied",
            "action_label": "Read it and reply",
            "action_url": f"{network_url(this_network(), path)}#reply-{reply_id}",
            "reason": "You get this because you follow this discussion.",
        },
        path=path,
        dedupe_key=f"discussions.reply.{reply_id}",
        thread_key=f"discussion:{discussion.id}",
        except_member_id=wrote,
    )
