"""Taking a message in: stored as it came, in its network's schema, in the transaction that has it read."""

import hashlib
import re
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from shared_apps.mail.adapters import inbox
from shared_apps.mail.enums import InboundReason, InboundState
from shared_apps.mail.models import InboundMessage, PlatformMessage
from shared_apps.mail.reading import MailMessage, read_message
from shared_apps.mail.rendering import clean_subject
from shared_apps.mail.services.addresses import take_bounce
from shared_apps.monitoring.enums import MailOutcome
from shared_apps.monitoring.services import count_mail
from tenants.context import in_network, in_public
from tenants.enums import NetworkState
from tenants.models import Network
from tenants.selectors import network_of_host

LONGEST = 25 * 1024 * 1024

_OUR_ID = re.compile(rb"<([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})@([a-z0-9.-]{1,255})>")
_KEPT = {  # how long a message stays after something became of it; what was posted stays with the post
    InboundState.RECEIVED: None,
    InboundState.POSTED: None,
    InboundState.HELD: timedelta(days=90),
    InboundState.FAILED: timedelta(days=90),
    InboundState.IGNORED: timedelta(days=30),
    InboundState.DISCARDED: timedelta(days=30),
}


class NotTakenError(Exception):
    """The message is not for us; `reply` is what a mail server is told (RFC 5321, 4.2)."""

    def __init__(self, reply: str) -> None:
        super().__init__(reply)
        self.reply = reply


class UnknownAddressError(NotTakenError):
    """Nobody has this address."""


class TooLargeError(NotTakenError):
    """The message is larger than we take."""


def check_address(to: str) -> None:
    """Raise UnknownAddressError for an address that no network has; our From address is known by what it answers."""
    if not _is_from_address(to):
        _network_taking(to)


def receive(raw: bytes, *, to: str, mail_from: str) -> UUID | None:
    """Store a message for one recipient and have it read; return its id, or None when it concerned no network.

    The same message to the same address is stored once. Called in public; raises NotTakenError.
    """
    if len(raw) > LONGEST:
        raise TooLargeError(f"552 5.3.4 A message may have {LONGEST // 1024**2} MB with its attachments")
    message = read_message(raw)
    if _is_from_address(to):
        network = _network_answered(raw)
        if network is None:
            _take_platform_bounce(raw, message)
            return None
    else:
        network = _network_taking(to)
    with in_network(network), transaction.atomic():
        return _store(message, raw, to=to, mail_from=mail_from)


def settle(
    row: InboundMessage,
    *,
    state: InboundState,
    reason: InboundReason = InboundReason.NONE,
    member_id: UUID | None = None,
    became: tuple[str, UUID] | None = None,
    thread_key: str = "",
) -> None:
    """Write what became of a message; `became` names what it was made into."""
    kept, is_new = _KEPT[state], row.state == InboundState.RECEIVED
    row.state, row.reason, row.thread_key = state, reason, thread_key
    row.member_id = member_id or row.member_id
    row.became_kind, row.became_id = became or ("", None)
    row.delete_after = timezone.now() + kept if kept else None
    row.save(update_fields=["state", "reason", "thread_key", "member_id", "became_kind", "became_id", "delete_after"])
    if state == InboundState.HELD and is_new:  # what was discarded and is held again was counted then
        count_mail(MailOutcome.HELD)


def read_again(row: InboundMessage) -> None:
    """Have a message that was put aside read again; who reads it knows that an unproven one was let in."""
    is_unproven = row.reason == InboundReason.UNPROVEN
    settle(row, state=InboundState.RECEIVED, reason=InboundReason.UNPROVEN if is_unproven else InboundReason.NONE)
    inbox().enqueue(row.id)


def prune_inbound() -> int:
    """Delete the current network's messages whose time is over, and return how many."""
    return InboundMessage.objects.filter(delete_after__lt=timezone.now()).delete()[0]


def _is_from_address(to: str) -> bool:
    return to.strip().lower() == settings.EMAIL_FROM_ADDRESS.lower()


def _network_taking(to: str) -> Network:
    local_part, _, host = to.strip().lower().rpartition("@")
    network = network_of_host(host) if local_part else None
    if network is None:
        raise UnknownAddressError("550 5.1.2 No network receives email at this address")
    if network.state != NetworkState.LIVE:
        raise UnknownAddressError("550 5.2.1 This network is closed and receives no email")
    with in_network(network):
        if not inbox().takes(local_part):
            raise UnknownAddressError("550 5.1.1 Nothing in this network has this address")
    return network


def _network_answered(raw: bytes) -> Network | None:
    """Return the network whose message this answers, by the ids of ours that it names."""
    for host in dict.fromkeys(host.decode() for _, host in _OUR_ID.findall(raw)):
        network = network_of_host(host)
        if network is not None and network.state == NetworkState.LIVE:
            return network
    return None


def our_ids(raw: bytes) -> list[UUID]:
    """Return the ids of messages that might be ours, anywhere in a message."""
    return list(dict.fromkeys(UUID(found.decode()) for found, _ in _OUR_ID.findall(raw)))


def _take_platform_bounce(raw: bytes, message: MailMessage) -> None:
    """Note what came back of the platform's own mail; anything else sent to the From address is for nobody."""
    if not message.is_bounce and not message.is_auto:
        raise UnknownAddressError("550 5.1.1 Nobody reads this address. Please reply to one of our emails")
    with in_public():
        for address, is_permanent in message.bounced:
            if PlatformMessage.objects.filter(id__in=our_ids(raw), to_address__iexact=address).exists():
                take_bounce(address, is_hard=is_permanent)


def _store(message: MailMessage, raw: bytes, *, to: str, mail_from: str) -> UUID:
    row, is_new = InboundMessage.objects.get_or_create(
        message_id=_message_id(message, raw),
        from_address=_storable(message.from_address.lower(), 320),
        to_address=_storable(to.strip().lower(), 320),
        defaults={
            "mail_from": _storable(mail_from.strip("<> "), 320),
            "subject": clean_subject(message.subject),
            "raw": raw,
        },
    )
    if is_new:
        inbox().enqueue(row.id)
    return row.id


def _message_id(message: MailMessage, raw: bytes) -> str:
    found = _storable(message.message_id.strip("<>"), 1000)
    return found if 0 < len(found) <= 255 else f"{hashlib.sha256(found.encode() or raw).hexdigest()}@unnamed"


def _storable(text: str, longest: int) -> str:
    return "".join(char for char in text if char.isprintable())[:longest]
