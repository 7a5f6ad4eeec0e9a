"""Who is told of what happened, and how: one function, in a constant number of queries however many members."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from shared_apps.mail import selectors as mail
from shared_apps.mail.enums import Frequency
from shared_apps.mail.models import Recipient
from tenant_apps.members.enums import MemberState
from tenant_apps.members.models import Member
from tenant_apps.notifications.enums import DEFAULT_CHANNEL, DEFAULT_LEVEL, NETWORK, Channel, Kind, Level
from tenant_apps.notifications.models import Follow, Preference
from tenants.context import this_network

Thing = tuple[str, UUID]  # kind and id, as Follow holds them


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """What decides who is told. `things` are what it happened in, the narrowest first: a discussion, its category.

    `mine` are the members whose own thing it is, `named` those it mentions, `by` who did it and is not told. Whoever
    said nothing hears of what is `for_everybody`, in the digest; of other things only who follows something of them,
    and of what is `only_mine` nobody else. What must reach them, such as that they were suspended, is `always` told by
    email, whatever they chose; their quiet hours still count.
    """

    kind: Kind
    things: Sequence[Thing] = ()
    mine: Collection[UUID] = ()
    named: Collection[UUID] = ()
    by: UUID | None = None
    for_everybody: bool = False
    only_mine: bool = False
    always: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """How one member is told; `not_before` is when their quiet hours end."""

    member: Member
    kind: Kind
    channel: Channel
    in_inbox: bool
    not_before: datetime | None = None


def told_of(happening: Happening, now: datetime | None = None) -> list[Told]:
    """Return who is told of a happening, and how; who hears nothing is not in it."""
    levels = _levels(happening.things)
    members = _candidates(happening, levels)
    channels = _channels(members)
    readers = mail.recipients(member.account_id for member in members)
    paused = mail.paused_addresses(member.email for member in members)
    found = (_told(happening, member, levels, channels, readers[member.account_id], now) for member in members)
    return [_reachable(each, is_paused=each.member.email.lower() in paused) for each in found if each is not None]


def _levels(things: Sequence[Thing]) -> dict[UUID, tuple[Level, bool]]:
    """Return each member's level for the narrowest thing they chose one for, and whether it says more than the default.

    A digest of the whole network is of new discussions; one of a category, or a discussion, is of all that is said.
    """
    order = [*things, (NETWORK, this_network().id)]
    wanted = Q()
    for kind, object_id in order:
        wanted |= Q(kind=kind, object_id=object_id)
    rows = Follow.objects.filter(wanted).values_list("member_id", "kind", "object_id", "level")
    ranked = sorted(rows, key=lambda row: -order.index((row[1], row[2])))
    return {
        member_id: (Level(level), kind != NETWORK or level == Level.EVERYTHING) for member_id, kind, _, level in ranked
    }


def _candidates(happening: Happening, levels: dict[UUID, tuple[Level, bool]]) -> list[Member]:
    found = Member.objects.filter(state=MemberState.ACTIVE)
    if happening.by is not None:
        found = found.exclude(id=happening.by)
    theirs = {*happening.mine, *happening.named}
    if not happening.for_everybody:
        found = found.filter(id__in=theirs if happening.only_mine else {*levels, *theirs})
    return list(found.order_by("account_id"))  # the order in which their counts are held


def _channels(members: list[Member]) -> dict[tuple[UUID, str], str]:
    rows = Preference.objects.filter(member_id__in=[member.id for member in members])
    return {(member_id, kind): channel for member_id, kind, channel in rows.values_list("member_id", "kind", "channel")}


def _told(
    happening: Happening,
    member: Member,
    levels: dict[UUID, tuple[Level, bool]],
    channels: dict[tuple[UUID, str], str],
    reader: Recipient,
    now: datetime | None,
) -> Told | None:
    level, was_chosen = levels.get(member.id, (DEFAULT_LEVEL, False))
    is_theirs = member.id in happening.mine or member.id in happening.named
    if happening.always:
        level, was_chosen, channels = Level.EVERYTHING, True, {}
    if level == Level.MUTE or (level == Level.MENTIONS and not is_theirs):
        return None
    if not (was_chosen or is_theirs or happening.for_everybody):
        return None
    kind = Kind.MENTION if member.id in happening.named else happening.kind
    channel = Channel(channels.get((member.id, kind), DEFAULT_CHANNEL))
    only_digest = level == Level.DIGEST and not is_theirs
    if only_digest and channel != Channel.NONE:
        channel = Channel.DIGEST
    if channel == Channel.DIGEST and reader.digest == Frequency.NEVER:
        channel = Channel.NONE if only_digest else Channel.INBOX
    if channel == Channel.NONE:
        return None
    waits = mail.quiet_end(reader, now or timezone.now()) if channel == Channel.EMAIL else None
    return Told(member, kind, channel, in_inbox=not only_digest, not_before=waits)


def _reachable(told: Told, *, is_paused: bool) -> Told:
    """Put into the inbox what an address that takes no mail would not get."""
    return Told(told.member, told.kind, Channel.INBOX, in_inbox=True) if is_paused else told
