"""Reads about follows, their levels, and the links in emails that change them."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.core.signing import BadSignature

from tenant_apps.members.enums import MemberState
from tenant_apps.members.models import Member
from tenant_apps.members.selectors import get_member
from tenant_apps.notifications.enums import Channel, Kind, Level
from tenant_apps.notifications.models import Follow, Preference
from tenants.models import Network
from tenants.signing import NetworkSigner

_LINKS_LAST = 2 * 366 * 24 * 60 * 60  # seconds; people find old emails
FOLLOWING = (Level.EVERYTHING, Level.DIGEST)


def is_following(member: Member, *, kind: str, object_id: UUID) -> bool:
    """Whether this member chose to hear of what happens in this thing."""
    follows = Follow.objects.filter(member_id=member.id, kind=kind, object_id=object_id, level__in=FOLLOWING)
    return follows.exists()


def followers(*, kind: str, object_id: UUID) -> list[Member]:
    """Return the active members who hear of everything in this thing, longest first."""
    follows = Follow.objects.filter(
        kind=kind, object_id=object_id, level=Level.EVERYTHING, member__state=MemberState.ACTIVE
    )
    return [follow.member for follow in follows.select_related("member").order_by("created_at", "id")]


def followed_ids(member: Member, *, kind: str, object_ids: Iterable[UUID]) -> set[UUID]:
    """Return which of these things the member follows, in one query."""
    follows = Follow.objects.filter(member_id=member.id, kind=kind, object_id__in=set(object_ids), level__in=FOLLOWING)
    return set(follows.values_list("object_id", flat=True))


def levels_of(member: Member) -> dict[tuple[str, UUID], Level]:
    """Return every level a member chose for a network or a category, by kind and id; discussions are not in it."""
    rows = Follow.objects.filter(member_id=member.id).exclude(kind="discussion")
    return {
        (kind, object_id): Level(level) for kind, object_id, level in rows.values_list("kind", "object_id", "level")
    }


def channels_of(member: Member) -> dict[Kind, Channel]:
    """Return the channel a member chose for each kind of news; the others have the default."""
    rows = Preference.objects.filter(member_id=member.id).values_list("kind", "channel")
    return {Kind(kind): Channel(channel) for kind, channel in rows}


@dataclass(frozen=True, slots=True)
class Wish:
    """What an unsubscribe link is about: one member and one thing."""

    member: Member
    kind: str
    object_id: UUID


def unsubscribe_signer(network: Network | None, host: str) -> NetworkSigner:
    """Return the signer of the links that stop email: worth nothing on another network or another host."""
    return NetworkSigner("notifications.unsubscribe", network=network, host=host)


def wish_of(token: str, *, network: Network | None, host: str) -> Wish | None:
    """Return what a link is about, or None for one that was not made here or whose member is gone."""
    try:
        member_id, kind, object_id = unsubscribe_signer(network, host).loads(token, max_age=_LINKS_LAST)
    except BadSignature:
        return None
    member = get_member(UUID(member_id))
    return Wish(member=member, kind=kind, object_id=UUID(object_id)) if member else None
