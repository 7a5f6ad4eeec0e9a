"""Questions without a name wait for a moderator, who lets them be seen, refuses them, or asks who it was."""

from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from shared_apps.audit.services import record
from tenant_apps.discussions import tasks
from tenant_apps.discussions.models import Discussion
from tenant_apps.discussions.permissions import can_moderate
from tenant_apps.discussions.services.answers import held
from tenant_apps.discussions.services.errors import DiscussionError, NotAllowedError
from tenant_apps.discussions.services.moderating import clean_reason
from tenant_apps.discussions.signals import discussion_saved
from tenant_apps.members.models import Member
from tenant_apps.members.selectors import moderators
from tenant_apps.notifications import services as notifications
from tenant_apps.notifications.enums import Kind


@transaction.atomic
def approve_question(discussion: Discussion, *, by: Member) -> None:
    """Let a question without a name be seen; members are told of it from now on."""
    locked = _waiting(discussion, by)
    locked.awaits_approval, locked.last_activity_at = False, timezone.now()
    locked.save(update_fields=["awaits_approval", "last_activity_at"])
    record("discussions.discussion.approved", by=by.actor, target=locked)
    discussion_saved.send(Discussion, discussion=locked)
    tasks.tell_of_discussion.enqueue(discussion_id=locked.id)


@transaction.atomic
def refuse_question(discussion: Discussion, *, reason: str, by: Member) -> None:
    """Keep a question from being seen; its author alone is told why, by email."""
    locked = _waiting(discussion, by)
    locked.awaits_approval, locked.hidden_at, locked.hidden_reason = False, timezone.now(), clean_reason(reason)
    locked.save(update_fields=["awaits_approval", "hidden_at", "hidden_reason"])
    record("discussions.discussion.refused", by=by.actor, target=locked)
    discussion_saved.send(Discussion, discussion=locked)
    tasks.tell_author_of_refusal.enqueue(discussion_id=locked.id)


@transaction.atomic
def reveal_author(discussion: Discussion, *, by: Member) -> Member:
    """Return who asked without their name; that a moderator looked is kept in the audit."""
    _check_may_moderate(by)
    if not discussion.is_anonymous:
        raise DiscussionError("Its author is named.")
    record("discussions.discussion.author_revealed", by=by.actor, target=discussion)
    return discussion.author


def tell_moderators_of_waiting(discussion_id: UUID) -> None:
    """Tell the moderators that a question waits for them; called by a job."""
    if not Discussion.objects.filter(id=discussion_id, awaits_approval=True).exists():
        return
    notifications.notify_members(
        moderators(),
        kind=Kind.MODERATION,
        key=f"discussions.waiting.{discussion_id}",
        title="A question without a name waits for you",
        words={
            "heading": "A question without a name waits for you",
            "paragraphs": ["A member asks without giving their name. Read it, then let members see it or say why not."],
            "action_label": "Read the question",
            "reason": "You get this because you moderate this network.",
        },
        path=_WAITING,
        mail_kind="discussions.waiting",
    )


def tell_author_of_refusal(discussion_id: UUID) -> None:
    """Tell who asked, always, why a moderator keeps it from being seen; called by a job."""
    found = Discussion.objects.select_related("author").filter(id=discussion_id, hidden_at__isnull=False).first()
    if found is None:
        return
    notifications.notify_members(
        [found.author],
        kind=Kind.MODERATION,
        key=f"discussions.refused.{found.id}",
        title="Your question was not published",
        words={
            "heading": "Your question was not published",
            "paragraphs": ["You asked it without your name. A moderator read it and says why members do not see it:"],
            "quote": found.hidden_reason,
            "after": ["The moderator was not shown your name. You can ask again, changed or with your name."],
            "action_label": "See your question",
            "reason": "You get this because you asked it.",
        },
        path=reverse("discussions:discussion_detail", args=[found.id], urlconf="config.urls.network"),
        mail_kind="discussions.refused",
        always=True,
    )


_WAITING = "/manage/waiting/"


def _waiting(discussion: Discussion, by: Member) -> Discussion:
    _check_may_moderate(by)
    locked = held(discussion.id)
    if not locked.awaits_approval:
        raise DiscussionError("Somebody has decided this already.")
    return locked


def _check_may_moderate(by: Member) -> None:
    if not can_moderate(by):
        raise NotAllowedError("Only moderators can do this.")
