"""What a member has seen of their inbox, and how long it is kept."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from tenant_apps.members import services as members
from tenant_apps.members.models import Member
from tenant_apps.notifications.enums import Channel
from tenant_apps.notifications.models import News, Notification

KEPT = timedelta(days=90)


@transaction.atomic
def mark_seen(member: Member, notification_ids: Iterable[UUID]) -> int:
    """Mark some of a member's own notifications as seen, and return how many were not."""
    return _see(member, Notification.objects.filter(id__in=list(notification_ids)))


@transaction.atomic
def mark_all_seen(member: Member) -> int:
    """Mark everything in a member's inbox as seen."""
    return _see(member, Notification.objects.all())


@transaction.atomic
def begin_quietly() -> None:
    """Let nobody be told, in a copy of a network, of what the original tells them; what waited is in the inbox."""
    waiting = Notification.objects.filter(channel=Channel.DIGEST, digest_id=None, seen_at=None)
    waiting.update(channel=Channel.INBOX, in_inbox=True)
    unseen = Notification.objects.filter(in_inbox=True, seen_at=None)
    members.count_unseen(Counter(unseen.values_list("member__account_id", flat=True)))


def mark_seen_about(member: Member, *, kind: str, object_id: UUID) -> int:
    """Mark as seen what a member was told of a thing, because they read it; no digest repeats it.

    Mostly there is nothing, and then a page pays one query and no transaction.
    """
    about = Notification.objects.filter(news__about_kind=kind, news__about_id=object_id)
    if not about.filter(member_id=member.id, seen_at=None).exists():
        return 0
    with transaction.atomic():
        return _see(member, about)


@transaction.atomic
def prune_news() -> int:
    """Forget news of three months ago, seen or not, and return how much that was."""
    old = News.objects.filter(created_at__lt=timezone.now() - KEPT)
    unseen: dict[UUID, int] = {}
    waiting = Notification.objects.filter(news__in=old, seen_at=None, in_inbox=True)
    for account_id in waiting.values_list("member__account_id", flat=True):
        unseen[account_id] = unseen.get(account_id, 0) - 1
    members.count_unseen(unseen)
    return old.delete()[1].get("notifications.News", 0)


def _see(member: Member, found: QuerySet[Notification]) -> int:
    """Mark and count in one transaction: of two at once, each row is counted by one of them."""
    mine = found.filter(member_id=member.id, seen_at=None).select_for_update(of=("self",))
    rows = dict(mine.values_list("id", "in_inbox"))
    if rows:
        Notification.objects.filter(id__in=rows).update(seen_at=timezone.now())
    if seen := sum(rows.values()):
        members.count_unseen({member.account_id: -seen})
    return seen
