"""How far a member has read, and what they follow."""

from django.db import transaction
from django.utils import timezone

from tenant_apps.discussions.enums import FOLLOW_KIND
from tenant_apps.discussions.models import Discussion, ReadMark
from tenant_apps.members.models import Member
from tenant_apps.notifications import services as notifications
from tenant_apps.notifications.enums import Level


def mark_read(discussion: Discussion, *, member: Member, seen: int | None = None) -> None:
    """Remember that a member has seen `seen` replies, or all there are; their inbox needs not tell them any more."""
    mark_seen(discussion, member=member)
    ReadMark.objects.bulk_create(
        [
            ReadMark(
                member=member,
                discussion=discussion,
                seen_count=discussion.total_replies if seen is None else seen,
                read_at=timezone.now(),
            )
        ],
        update_conflicts=True,
        unique_fields=["member", "discussion"],
        update_fields=["seen_count", "read_at"],
    )


def mark_seen(discussion: Discussion, *, member: Member) -> None:
    """Remember that a member needs not be told any more of what they now read again."""
    notifications.mark_seen_about(member, kind=FOLLOW_KIND, object_id=discussion.id)


@transaction.atomic
def mark_all_read(*, member: Member) -> int:
    """Mark everything as read and return how many discussions that were."""
    everything = list(Discussion.objects.only("id", "reply_count", "away_count"))
    now = timezone.now()
    ReadMark.objects.bulk_create(
        [ReadMark(member=member, discussion=each, seen_count=each.total_replies, read_at=now) for each in everything],
        update_conflicts=True,
        unique_fields=["member", "discussion"],
        update_fields=["seen_count", "read_at"],
        batch_size=1000,
    )
    return len(everything)


def follow(discussion: Discussion, *, member: Member) -> None:
    """Be told of every reply."""
    notifications.follow(member, kind=FOLLOW_KIND, object_id=discussion.id)


def follow_along(discussion: Discussion, *, member: Member) -> None:
    """Be told of every reply because one takes part, unless one chose otherwise."""
    notifications.follow_along(member, kind=FOLLOW_KIND, object_id=discussion.id)


def set_level(discussion: Discussion, *, member: Member, level: Level) -> None:
    """Choose how much to be told of a discussion."""
    notifications.set_level(member, kind=FOLLOW_KIND, object_id=discussion.id, level=level)


def unfollow(discussion: Discussion, *, member: Member) -> None:
    """Be told no more."""
    notifications.unfollow(member, kind=FOLLOW_KIND, object_id=discussion.id)
