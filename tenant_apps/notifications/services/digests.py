"""Digests: whose is due, and what each says, gathered network by network and kept nowhere.

A notification is claimed for a digest before anything is sent, and a digest begins to be sent once: so nothing is in
two digests, and a worker killed anywhere sends none twice. What a digest held of which nobody knows whether it arrived
goes into the inbox, so that nothing is lost either.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from shared_apps.mail import selectors as mail_selectors
from shared_apps.mail import services as mail
from shared_apps.mail.enums import DigestState
from shared_apps.mail.models import Digest
from shared_apps.mail.rendering import sender_of
from tenant_apps.members import services as members
from tenant_apps.members.enums import MemberState
from tenant_apps.members.models import Member
from tenant_apps.members.selectors import member_of_account, person_of_account
from tenant_apps.notifications import tasks
from tenant_apps.notifications.adapters import reply_addresses
from tenant_apps.notifications.enums import Channel
from tenant_apps.notifications.models import News, Notification
from tenant_apps.notifications.services.following import DIGEST_WISH, unsubscribe_url
from tenants.context import each_network, in_network, this_network
from tenants.enums import NetworkState
from tenants.models import Network
from tenants.selectors import first_host_of, network_url

_DOUBTED_AFTER = timedelta(hours=6)  # far longer than any sending takes, also after a night without a worker
_HOLDING = (NetworkState.LIVE, NetworkState.SUSPENDED)  # where something may be claimed that is to be given back
_MOST = 40  # what a network's section says; the rest is counted


@dataclass(slots=True)
class Item:
    """A thing and what was said of it, in the order it was said."""

    title: str
    url: str
    reply_to: str = ""
    lines: list[tuple[str, str]] = field(default_factory=list)  # who did what, the words


@dataclass(frozen=True, slots=True)
class Section:
    """What one network has for a person; only ever in memory."""

    network: Network
    inbox_url: str
    unsubscribe_url: str
    preferences_url: str
    items: list[Item]
    more: int

    @property
    def name(self) -> str:
        """The network's name."""
        return self.network.name

    @property
    def count(self) -> int:
        """How much there is, said or counted."""
        return sum(len(item.lines) for item in self.items) + self.more


def plan_digests(now: datetime | None = None) -> int:
    """Have every digest sent that is due and has something to say; return how many. Runs in public."""
    now = now or timezone.now()
    earliest = _waiting()
    readers = mail_selectors.recipients(earliest)
    slots = {account_id: mail_selectors.last_slot(reader, now) for account_id, reader in readers.items()}
    due = [(account_id, slot) for account_id, slot in slots.items() if slot and earliest[account_id] < slot]
    with transaction.atomic():
        planned = mail.plan_digests(due)
        tasks.send_digest.enqueue_many([{"digest_id": digest.id} for digest in planned])
    return len(planned)


def keep_doubtful(now: datetime | None = None) -> int:
    """Put into inboxes what digests held that did not or may not arrive; return how many these were. Runs in public.

    They are not sent again. Killed half-way, it goes on: what is in an inbox is passed by.
    """
    before = (now or timezone.now()) - _DOUBTED_AFTER
    mail.stop_digests(before)
    digest_ids = mail_selectors.begun_digests(before)
    for _network in each_network(*_HOLDING) if digest_ids else ():
        _put_into_inboxes(digest_ids)
    return mail.doubt_digests(digest_ids)


def send_digest(digest_id: UUID) -> None:
    """Gather what a person's networks have for them and send it, once. Runs in public, outside a transaction."""
    digest = Digest.objects.filter(id=digest_id, state=DigestState.PLANNED).first()
    person = person_of_account(digest.account_id) if digest else None
    if digest is None:
        return
    if person is None or mail_selectors.paused_addresses([person.email]):
        _give_back(digest)
        return
    sections = [section for network in person.networks if (section := _section(network, digest))]
    if not sections:
        _give_back(digest)
        return
    _send(digest, person.email, sections)


def _give_back(digest: Digest) -> None:
    """Say nothing now: what an earlier try claimed waits for the next digest, unless somebody else is sending it."""
    if not mail.set_digest(digest, DigestState.SENDING, was=DigestState.PLANNED):
        return
    for _network in each_network(*_HOLDING):
        Notification.objects.filter(digest_id=digest.id).update(digest_id=None)
    mail.set_digest(digest, DigestState.EMPTY, was=DigestState.SENDING)


def _waiting() -> dict[UUID, datetime]:
    """Return, for everybody for whom a digest has something to say, since when the first of it waits."""
    earliest: dict[UUID, datetime] = {}
    for _network in each_network():
        waiting = Notification.objects.filter(
            channel=Channel.DIGEST, digest_id=None, seen_at=None, member__state=MemberState.ACTIVE
        )
        for account_id, since in waiting.values_list("member__account_id").annotate(Min("created_at")):
            earliest[account_id] = min(since, earliest.get(account_id, since))
    return earliest


@transaction.atomic
def _put_into_inboxes(digest_ids: list[UUID]) -> None:
    held = Notification.objects.filter(digest_id__in=digest_ids, in_inbox=False, seen_at=None)
    rows = dict(held.select_for_update(of=("self",)).values_list("id", "member__account_id"))
    Notification.objects.filter(id__in=rows).update(in_inbox=True)
    members.count_unseen(Counter(rows.values()))


def _section(network: Network, digest: Digest) -> Section | None:
    with in_network(network):
        member = member_of_account(digest.account_id)
        news = _claim(member, digest) if member else []
        if member is None or not news:
            return None
        return Section(
            network=network,
            inbox_url=network_url(network, "/inbox/"),
            unsubscribe_url=unsubscribe_url(member, kind=DIGEST_WISH, object_id=network.id),
            preferences_url=network_url(network, "/notifications/preferences/"),
            items=list(_items(member, news[:_MOST])),
            more=max(len(news) - _MOST, 0),
        )


@transaction.atomic
def _claim(member: Member, digest: Digest) -> list[News]:
    """Take what waits for this digest, and return all that it has, in the order it happened.

    One that was given up meanwhile takes nothing: it has been settled, and what it took later would be lost.
    """
    if not Digest.objects.select_for_update().filter(id=digest.id, state=DigestState.PLANNED).exists():
        return []
    mine = Notification.objects.filter(member_id=member.id)
    waiting = mine.filter(channel=Channel.DIGEST, digest_id=None, seen_at=None, created_at__lt=digest.slot_at)
    waiting.update(digest_id=digest.id)
    claimed = mine.filter(digest_id=digest.id).select_related("news").order_by("created_at", "id")
    return [notification.news for notification in claimed]


def _items(member: Member, news: list[News]) -> Iterator[Item]:
    """Gather what was said of one thing under its title."""
    by_thing: dict[tuple[str, UUID], Item] = {}
    for each in news:
        thing = (each.about_kind, each.about_id or each.id)
        if thing not in by_thing:
            url = network_url(this_network(), each.path)
            answers = reply_addresses([member], each.about_kind, each.about_id)
            by_thing[thing] = Item(each.title, url, answers.get(member.id, ""))
        by_thing[thing].lines.append((each.by_name, each.text))
    yield from by_thing.values()


def _send(digest: Digest, email: str, sections: list[Section]) -> None:
    sender = sender_of(first_host_of(sections[0].network) if len(sections) == 1 else None)
    mail.send_digest(
        digest,
        to=email,
        sender=sender,
        subject=_subject(digest, sum(section.count for section in sections)),
        context={"sections": sections, "several": len(sections) > 1},
        unsubscribe_url=sections[0].unsubscribe_url,
    )
    if settings.DEBUG:
        _keep_for_reading(digest, email, sections)


def _keep_for_reading(digest: Digest, email: str, sections: list[Section]) -> None:
    """Let a developer read on each network's host what this network said, and nothing of the others."""
    for section in sections:
        with in_network(section.network):
            mail.keep_part(
                digest,
                to=email,
                subject=_subject(digest, section.count),
                context={"sections": [section], "several": False},
                unsubscribe_url=section.unsubscribe_url,
            )


def _subject(digest: Digest, count: int) -> str:
    day = timezone.localtime(digest.slot_at)
    return f"Your digest of {day.day} {day:%B}: {count} new"
