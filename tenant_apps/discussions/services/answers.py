"""Which replies answer, and what a discussion counts of the replies from elsewhere."""

from uuid import UUID

from django.db import transaction

from shared_apps.audit.services import record
from tenant_apps.discussions import tasks
from tenant_apps.discussions.enums import SHARE_KIND
from tenant_apps.discussions.models import Discussion, ReadMark, Reply
from tenant_apps.discussions.permissions import can_mark_answer
from tenant_apps.discussions.selectors import Post, posts
from tenant_apps.discussions.services.errors import NotAllowedError
from tenant_apps.discussions.services.masks import actor_in
from tenant_apps.discussions.signals import discussion_saved
from tenant_apps.members.models import Member
from tenant_apps.sharing import services as sharing


@transaction.atomic
def mark_reply(discussion: Discussion, reply_id: UUID, *, is_answer: bool, by: Member) -> Discussion:
    """Mark or unmark a reply, of this network or of another, as an answer; several may be."""
    locked = held(discussion.id)
    if not can_mark_answer(by, locked):
        raise NotAllowedError("Only the person who asked, or a moderator, can mark an answer.")
    here = Reply.objects.filter(id=reply_id, discussion=locked)
    if here.update(is_answer=is_answer, marked_by=by if is_answer else None):
        record(
            "discussions.reply.marked",
            by=actor_in(locked, by),
            target_kind="reply",
            target_id=reply_id,
            is_answer=is_answer,
        )
        if is_answer:
            tasks.tell_of_answer.enqueue(reply_id=reply_id)
    else:
        sharing.mark_away_reply(SHARE_KIND, locked.id, reply_id, is_answer=is_answer, by=by)
    settle(locked)
    sharing.follow_edit(SHARE_KIND, locked.id, by=by)
    return locked


@transaction.atomic
def set_publication(discussion_id: UUID, publication_id: UUID | None, *, received: int) -> None:
    """Write a discussion's own marks of being shared; called by sharing in its transaction."""
    discussion = held(discussion_id)
    discussion.publication_id = publication_id
    discussion.received_count += received
    discussion.save(update_fields=["publication_id", "received_count"])
    settle(discussion)


@transaction.atomic
def count_away_replies(discussion: Discussion) -> list[Post]:
    """Bring a discussion up to date after people of other networks replied or took a reply back; return what is there.

    It counts under the discussion's lock, so that of two at once the later one counts both.
    """
    return settle(held(discussion.id))


def held(discussion_id: UUID) -> Discussion:
    """Hold a discussion's sharing, then lock its row: always in this order, so that two writers never deadlock."""
    sharing.hold(discussion_id)
    return Discussion.objects.select_for_update(of=["self"]).select_related("author").get(id=discussion_id)


def settle(discussion: Discussion) -> list[Post]:
    """Write what follows from the replies from elsewhere: their number, the last activity, and whether it is answered.

    Nobody has seen more replies than there are: without that, one that comes after another was taken back would
    not be new to anybody.
    """
    there = posts(discussion)
    away = [post for post in there if post.is_away]
    discussion.away_count = len(away)
    discussion.last_activity_at = max([discussion.last_activity_at, *(post.shown_moment for post in away)])
    discussion.is_answered = any(post.is_answer for post in there)
    discussion.save(update_fields=["away_count", "last_activity_at", "is_answered"])
    total = discussion.total_replies
    ReadMark.objects.filter(discussion=discussion, seen_count__gt=total).update(seen_count=total)
    discussion_saved.send(Discussion, discussion=discussion)
    return there
