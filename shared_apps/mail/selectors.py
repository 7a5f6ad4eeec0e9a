"""Reads of stored messages, of addresses that take none, and of when people want mail."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from itertools import chain
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from shared_apps.mail.enums import DigestState, Frequency
from shared_apps.mail.models import Address, AnyMessage, Digest, Message, PlatformMessage, Recipient
from tenants.context import current_kind
from tenants.enums import Kind


def messages_of_host(host: str, *, to: str = "", limit: int = 200) -> list[AnyMessage]:
    """Return the latest messages that a host has sent: those of the current schema and the platform's for this host."""
    found = chain.from_iterable(query[:limit] for query in _queries(host, to))
    return sorted(found, key=lambda message: message.id, reverse=True)[:limit]


def get_message_of_host(host: str, message_id: UUID) -> AnyMessage | None:
    """Return one of them, or None."""
    return next((found for query in _queries(host) if (found := query.filter(id=message_id).first())), None)


def paused_addresses(addresses: Iterable[str]) -> dict[str, str]:
    """Return which of these addresses get no mail, each with the reason, in one query."""
    wanted = {address.lower() for address in addresses}
    return dict(Address.objects.filter(address__in=wanted, paused_at__isnull=False).values_list("address", "reason"))


def recipient_of(account_id: UUID) -> Recipient:
    """Return when a person wants mail; who never said so has the defaults."""
    return Recipient.objects.filter(account_id=account_id).first() or Recipient(account_id=account_id)


def recipients(account_ids: Iterable[UUID]) -> dict[UUID, Recipient]:
    """Return when each of these people wants mail, in one query."""
    wanted = set(account_ids)
    saved = {each.account_id: each for each in Recipient.objects.filter(account_id__in=wanted)}
    return {each: saved.get(each) or Recipient(account_id=each) for each in wanted}


def quiet_end(recipient: Recipient, now: datetime) -> datetime | None:
    """Return when a person's quiet hours end, if it is quiet for them now; they may go over midnight."""
    begins, ends = recipient.quiet_from, recipient.quiet_until
    if begins is None or ends is None or begins == ends:
        return None
    local = timezone.localtime(now)
    is_quiet = begins <= local.hour < ends if begins < ends else not ends <= local.hour < begins
    if not is_quiet:
        return None
    day = local.date() + timedelta(days=int(local.hour >= ends))
    return timezone.make_aware(datetime.combine(day, time(ends)))


def last_slot(recipient: Recipient, now: datetime) -> datetime | None:
    """Return the latest time a person's digest was due, or None for who wants none."""
    if recipient.digest == Frequency.NEVER:
        return None
    local = timezone.localtime(now)
    day = local.date() - timedelta(days=int(local.hour < recipient.digest_hour))
    if recipient.digest == Frequency.WEEKLY:
        day -= timedelta(days=(day.weekday() - recipient.digest_weekday) % 7)
    return timezone.make_aware(datetime.combine(day, time(recipient.digest_hour)))


def begun_digests(before: datetime) -> list[UUID]:
    """Return the digests due before a time whose sending began and did not end."""
    return list(Digest.objects.filter(state=DigestState.SENDING, slot_at__lt=before).values_list("id", flat=True))


def count_doubtful_digests() -> int:
    """Return how many digests of the last two months may not have been sent."""
    return Digest.objects.filter(state=DigestState.DOUBTFUL).count()


def _queries(host: str, to: str = "") -> list[QuerySet[Any]]:
    queries: list[QuerySet[Any]] = [PlatformMessage.objects.filter(host=host)]
    if current_kind() != Kind.PUBLIC:
        queries.append(Message.objects.all())
    return [query.filter(to_address__icontains=to) if to else query for query in queries]
