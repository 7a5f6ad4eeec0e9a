"""The inbox, and how much of it is unseen here and in a person's other networks."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet

from tenant_apps.members.models import Member
from tenant_apps.notifications.models import Notification
from tenants.selectors import crossing_url, host_here, host_of

INBOX_PATH = "/inbox/"


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another network of the same person: how much waits there, and the way to its inbox."""

    name: str
    colour: str
    unseen: int
    url: str


def inbox_of(member: Member) -> QuerySet[Any]:
    """Return a member's notifications, the unseen first, each with its news."""
    mine = Notification.objects.filter(member_id=member.id, in_inbox=True).select_related("news")
    return mine.order_by(F("seen_at").desc(nulls_first=True), "-created_at", "-id")


def notifications_of(member: Member, *, unseen: bool = False) -> QuerySet[Any]:
    """Return a member's notifications, the newest first, for programs."""
    mine = Notification.objects.filter(member_id=member.id, in_inbox=True).select_related("news")
    return mine.filter(seen_at=None) if unseen else mine


def get_notification(member: Member, notification_id: Any) -> Notification | None:
    """Return one of a member's own notifications, or None."""
    return notifications_of(member).filter(id=notification_id).first()


def unseen_here(request: Any) -> int:
    """Return how much somebody has not seen in this network; it came with their account, without a query."""
    return next((each.unseen for each in _networks(request) if each.id == request.network.id), 0)


def unseen_everywhere(request: Any) -> int:
    """Return how much somebody has not seen in all their networks; also without a query."""
    return sum(each.unseen for each in _networks(request))


def elsewhere(request: Any) -> list[Elsewhere]:
    """Return the other networks of who is signed in, by name; numbers only, what they are of stays there."""
    here = host_here(request.network)
    return [
        Elsewhere(each.name, each.colour, each.unseen, crossing_url(host_of(each), from_host=here, path=INBOX_PATH))
        for each in _networks(request)
        if each.id != request.network.id
    ]


def _networks(request: Any) -> tuple[Any, ...]:
    return request.user.networks if request.user.is_authenticated else ()
