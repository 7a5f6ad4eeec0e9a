"""What moderators do with a discussion: close it to replies, pin it, hide it or a reply, move it; all of it undone."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from shared_apps.audit.services import record
from shared_apps.core.markdown import is_blank, tidy_line
from tenant_apps.discussions.enums import FOLLOW_KIND, SHARE_KIND
from tenant_apps.discussions.models import Category, Discussion, Reply
from tenant_apps.discussions.permissions import can_moderate
from tenant_apps.discussions.services.answers import held, settle
from tenant_apps.discussions.services.errors import DiscussionError, NotAllowedError
from tenant_apps.discussions.signals import discussion_saved
from tenant_apps.members.models import Member
from tenant_apps.moderation import services as moderation
from tenant_apps.moderation.enums import ActKind
from tenant_apps.notifications import services as notifications
from tenant_apps.sharing import services as sharing

MAX_REASON_LENGTH = 500
MAX_PINNED = 5

_SHOWN = "It can be seen again."


@transaction.atomic
def lock_discussion(discussion: Discussion, *, is_locked: bool, by: Member) -> None:
    """Close a discussion to new replies, of other networks too, or open it again."""
    locked = _held_by_moderator(discussion, by)
    locked.locked_at = timezone.now() if is_locked else None
    locked.save(update_fields=["locked_at"])
    record("discussions.discussion.locked", by=by.actor, target=locked, is_locked=is_locked)
    sharing.follow_edit(SHARE_KIND, locked.id, by=by)


@transaction.atomic
def pin_discussion(discussion: Discussion, *, is_pinned: bool, by: Member) -> None:
    """Keep a discussion at the top of the list, or let it take its place."""
    locked = _held_by_moderator(discussion, by)
    others = Discussion.objects.filter(pinned_at__isnull=False).exclude(id=locked.id)
    if is_pinned and others.count() >= MAX_PINNED:
        raise DiscussionError(f"At most {MAX_PINNED} discussions stay at the top. Let one go first.")
    locked.pinned_at = timezone.now() if is_pinned else None
    locked.save(update_fields=["pinned_at"])
    record("discussions.discussion.pinned", by=by.actor, target=locked, is_pinned=is_pinned)


@transaction.atomic
def hide_discussion(discussion: Discussion, *, reason: str, by: Member, is_logged: bool = False) -> None:
    """Take a discussion out of everybody's sight but its author's, and back from the Collective.

    `is_logged` says that the moderators' log has this act already.
    """
    locked = _held_by_moderator(discussion, by)
    reason = clean_reason(reason)
    sharing.take_down_item(SHARE_KIND, locked.id, by=by)
    locked = held(locked.id)
    locked.hidden_at, locked.hidden_reason = locked.hidden_at or timezone.now(), reason
    locked.save(update_fields=["hidden_at", "hidden_reason"])
    if not is_logged:
        _enter("discussion", locked.id, ActKind.HIDDEN, reason, by)
    record("discussions.discussion.hidden", by=by.actor, target=locked, is_hidden=True)
    discussion_saved.send(Discussion, discussion=locked)
    notifications.forget_news(FOLLOW_KIND, locked.id)


@transaction.atomic
def show_discussion(discussion: Discussion, *, by: Member, is_logged: bool = False) -> None:
    """Let a hidden discussion be seen again; its author can share it again."""
    locked = _held_by_moderator(discussion, by)
    locked.hidden_at, locked.hidden_reason = None, ""
    locked.save(update_fields=["hidden_at", "hidden_reason"])
    if not is_logged:
        _enter("discussion", locked.id, ActKind.SHOWN, _SHOWN, by)
    record("discussions.discussion.hidden", by=by.actor, target=locked, is_hidden=False)
    discussion_saved.send(Discussion, discussion=locked)


@transaction.atomic
def hide_reply(reply: Reply, *, reason: str, by: Member, is_logged: bool = False) -> None:
    """Take a reply out of everybody's sight but its author's."""
    reason = clean_reason(reason)
    _set_hidden(reply, reason, by=by)
    if not is_logged:
        _enter("reply", reply.id, ActKind.HIDDEN, reason, by)


@transaction.atomic
def show_reply(reply: Reply, *, by: Member, is_logged: bool = False) -> None:
    """Let a hidden reply be seen again."""
    _set_hidden(reply, "", by=by)
    if not is_logged:
        _enter("reply", reply.id, ActKind.SHOWN, _SHOWN, by)


@transaction.atomic
def move_discussion(discussion: Discussion, *, category: Category, by: Member) -> None:
    """Put a discussion into another category; what is shared follows, and comes back where that one stays here."""
    locked = _held_by_moderator(discussion, by)
    if category.is_archived:
        raise DiscussionError("That category is out of use. Choose another.")
    if category.id == locked.category_id:
        return
    old_id, locked.category = locked.category_id, category
    locked.save(update_fields=["category"])
    record("discussions.discussion.moved", by=by.actor, target=locked, fields=["category"], moved_from=old_id)
    discussion_saved.send(Discussion, discussion=locked)
    sharing.follow_edit(SHARE_KIND, locked.id, by=by)


def clean_reason(reason: str) -> str:
    """Return a reason as it is kept; its author reads it."""
    tidy = tidy_line(reason)
    if is_blank(tidy):
        raise DiscussionError("Say why. The person who wrote it reads this.", field="reason")
    if len(tidy) > MAX_REASON_LENGTH:
        raise DiscussionError(f"A reason has at most {MAX_REASON_LENGTH} characters.", field="reason")
    return tidy


def recount(discussion: Discussion) -> None:
    """Count the replies that are to be seen, and write what follows from them."""
    seen = discussion.replies.filter(hidden_at=None)
    newest = seen.order_by("-created_at").values_list("created_at", flat=True).first()
    discussion.reply_count = seen.count()
    discussion.last_activity_at = newest or discussion.created_at
    discussion.save(update_fields=["reply_count", "last_activity_at"])
    settle(discussion)


def _enter(kind: str, object_id: UUID, act: ActKind, reason: str, by: Member) -> None:
    """Enter an act in the moderators' log; what another moderator decided about oneself is not undone here."""
    try:
        moderation.enter_act(kind, object_id, act=act, reason=reason, by=by)
    except moderation.NotAllowedError as error:
        raise NotAllowedError(str(error)) from error


def _set_hidden(reply: Reply, reason: str, *, by: Member) -> None:
    discussion = _held_by_moderator(reply.discussion, by)
    locked = Reply.objects.select_for_update().get(id=reply.id)
    locked.hidden_reason = reason
    locked.hidden_at = (locked.hidden_at or timezone.now()) if reason else None
    locked.save(update_fields=["hidden_at", "hidden_reason"])
    record("discussions.reply.hidden", by=by.actor, target=locked, is_hidden=bool(reason))
    if reason:
        notifications.forget_news(FOLLOW_KIND, discussion.id, key=f"discussions.reply.{reply.id}")
    recount(discussion)
    sharing.follow_edit(SHARE_KIND, discussion.id, by=by)


def _held_by_moderator(discussion: Discussion, by: Member) -> Discussion:
    if not can_moderate(by):
        raise NotAllowedError("Only moderators can do this.")
    return held(discussion.id)
