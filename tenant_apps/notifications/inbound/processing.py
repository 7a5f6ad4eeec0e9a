"""Reads one stored email and makes of it what its sender meant: posted, held, ignored or sent back, once."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from shared_apps.audit.enums import Via
from shared_apps.audit.services import Actor
from shared_apps.mail import services as mail
from shared_apps.mail.enums import InboundReason, InboundState
from shared_apps.mail.models import InboundMessage, Message
from shared_apps.mail.reading import MailAttachment, MailMessage, read_message
from shared_apps.mail.trimming import trim_message
from tenant_apps.members.models import Member
from tenant_apps.notifications.inbound import sending_back
from tenant_apps.notifications.inbound.addresses import member_of_address, reply_address_of
from tenant_apps.notifications.inbound.destinations import Incoming, Place, RefusedError, place_named, take
from tenant_apps.notifications.inbound.threads import looks_like_answer, place_answered
from tenants.context import this_network
from tenants.permissions import is_read_only_here
from tenants.selectors import first_host_of

MOST_IN_AN_HOUR = 60
MOST_ATTEMPTS = 5
_SMALL_PICTURE = 20 * 1024  # a logo under somebody's name, not something they meant to send


def read(inbound_id: UUID) -> None:
    """Read a message; after it has failed too often it is held, so that a person sees it.

    In a network that is read-only it stays as it came, and is read when the network can be written again.
    """
    if is_read_only_here():
        return
    try:
        with transaction.atomic():
            row = _claimed(inbound_id)
            if row is not None:
                _decide(row, read_message(bytes(row.raw)))
    except Exception:
        _note_attempt(inbound_id)
        raise


def _claimed(inbound_id: UUID) -> InboundMessage | None:
    """Return the message if it waits, locked together with its copies to other addresses: one of them is posted."""
    row = InboundMessage.objects.filter(id=inbound_id, state=InboundState.RECEIVED).first()
    if row is None:
        return None
    copies = InboundMessage.objects.filter(message_id=row.message_id, from_address=row.from_address)
    list(copies.select_for_update().order_by("id").values_list("id"))
    return InboundMessage.objects.filter(id=inbound_id, state=InboundState.RECEIVED).first()


def _decide(row: InboundMessage, message: MailMessage) -> None:
    reason = next((reason for reason, holds in _IGNORED if holds(row, message)), None)
    if reason == InboundReason.BOUNCE:
        _take_bounces(row, message)
    if reason is not None:
        mail.settle(row, state=InboundState.IGNORED, reason=reason)
        return
    sender, reply_address = member_of_address(row.from_address), reply_address_of(_local_part(row))
    if sender is None:
        mail.settle(row, state=InboundState.HELD, reason=InboundReason.UNKNOWN_SENDER)
    elif _is_forged(row, message):
        mail.settle(row, state=InboundState.HELD, reason=InboundReason.UNPROVEN)
    elif reply_address is not None and reply_address.member_id != sender.id:
        mail.settle(row, state=InboundState.HELD, reason=InboundReason.NOT_THEIR_ADDRESS, member_id=sender.id)
    elif reply_address is not None:
        _post(row, message, sender, Place(reply_address.kind, reply_address.object_id))
    else:
        _post(row, message, sender, _place_of(row, message, sender))


def _is_forged(row: InboundMessage, message: MailMessage) -> bool:
    """Whether our mail server found the sender's own servers to disown it (DMARC), and no organiser has let it in."""
    found = message.headers.get("authentication-results", "").lower()
    return row.reason != InboundReason.UNPROVEN and bool(re.search(r"\bdmarc\s*=\s*fail\b", found))


def _place_of(row: InboundMessage, message: MailMessage, sender: Member) -> Place | None:
    named = place_named(_local_part(row))
    if named is not None and not looks_like_answer(message.subject):
        return named
    return place_answered(message, sender) or named


def _post(row: InboundMessage, message: MailMessage, sender: Member, place: Place | None) -> None:
    text = trim_message(message).shown
    if place is None:
        _send_back(row, sender, InboundReason.NO_PLACE, "What it answers is not in this network any more.", text)
        return
    try:
        with transaction.atomic():
            became = take(place, _incoming(message, sender, text))
    except RefusedError as error:
        _send_back(row, sender, InboundReason.REFUSED, str(error), text or message.text)
        return
    mail.settle(
        row,
        state=InboundState.POSTED,
        member_id=sender.id,
        became=(became.kind, became.id),
        thread_key=became.thread_key,
    )
    if became.left_out:
        sending_back.tell_of_files(row, sender, became.left_out)


def _incoming(message: MailMessage, sender: Member, text: str) -> Incoming:
    files = tuple(each for each in message.attachments if not _is_ornament(each))
    by = sender.acting_as(Actor(account_id=sender.account_id, label=sender.name, via=Via.JOB))
    incoming = Incoming(subject=message.subject, text=text, attachments=files, by=by)
    if not text.strip() and files:
        return replace(incoming, text="Attached: " + ", ".join(each.name for each in files))
    return incoming


def _is_ornament(file: MailAttachment) -> bool:
    return file.is_inline and file.content_type.startswith("image/") and len(file.content) < _SMALL_PICTURE


def _send_back(row: InboundMessage, sender: Member, reason: InboundReason, why: str, text: str) -> None:
    mail.settle(row, state=InboundState.FAILED, reason=reason, member_id=sender.id)
    sending_back.tell_not_posted(row, sender, why=why, text=text)


# What is for nobody to read ------------------------------------------------------------------------------------------


def _is_loop(row: InboundMessage, message: MailMessage) -> bool:
    return (
        row.message_id.partition("@")[2] == first_host_of(this_network())
        or first_host_of(this_network()) in message.headers.get("x-loop", "").lower()
    )


def _is_bounce(row: InboundMessage, message: MailMessage) -> bool:
    return message.is_bounce


def _is_automatic(row: InboundMessage, message: MailMessage) -> bool:
    return message.is_auto or not row.mail_from


def _is_another_copy(row: InboundMessage, message: MailMessage) -> bool:
    copies = InboundMessage.objects.filter(message_id=row.message_id, from_address=row.from_address)
    return copies.filter(state=InboundState.POSTED).exists()


def _is_flood(row: InboundMessage, message: MailMessage) -> bool:
    since = timezone.now() - timedelta(hours=1)
    from_them = InboundMessage.objects.filter(from_address=row.from_address, received_at__gte=since)
    return from_them.filter(received_at__lte=row.received_at).count() > MOST_IN_AN_HOUR


_IGNORED: tuple[tuple[InboundReason, Callable[[InboundMessage, MailMessage], bool]], ...] = (
    (InboundReason.BOUNCE, _is_bounce),
    (InboundReason.LOOP, _is_loop),
    (InboundReason.AUTOMATIC, _is_automatic),
    (InboundReason.SAME_MESSAGE, _is_another_copy),
    (InboundReason.TOO_MANY, _is_flood),
)


def _take_bounces(row: InboundMessage, message: MailMessage) -> None:
    """Believe a bounce only about a message that we did send to that address."""
    sent = Message.objects.filter(id__in=mail.our_ids(bytes(row.raw)))
    for address, is_permanent in message.bounced:
        if sent.filter(to_address__iexact=address).exists():
            mail.take_bounce(address, is_hard=is_permanent)


def _note_attempt(inbound_id: UUID) -> None:
    with transaction.atomic():
        row = InboundMessage.objects.select_for_update().filter(id=inbound_id, state=InboundState.RECEIVED).first()
        if row is None:
            return
        InboundMessage.objects.filter(id=row.id).update(attempts=F("attempts") + 1)
        if row.attempts + 1 >= MOST_ATTEMPTS:
            mail.settle(row, state=InboundState.HELD, reason=InboundReason.UNREADABLE)


def _local_part(row: InboundMessage) -> str:
    return row.to_address.rpartition("@")[0]
