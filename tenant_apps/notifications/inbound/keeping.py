"""Reads of stored email: what waits for an organiser, and what a post said as it came."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from shared_apps.mail.enums import InboundReason, InboundState
from shared_apps.mail.models import InboundMessage
from shared_apps.mail.reading import read_message
from tenant_apps.notifications.inbound.addresses import member_of_address, reply_address_of

SHOWN = {  # the views of the organisers' list
    "": (InboundState.HELD,),
    "ignored": (InboundState.IGNORED,),
    "sent-back": (InboundState.FAILED,),
    "discarded": (InboundState.DISCARDED,),
}


@dataclass(frozen=True, slots=True)
class Original:
    """An email as it came, as text."""

    subject: str
    from_name: str
    from_address: str
    received_at: datetime
    text: str
    files: tuple[str, ...]


def stored_emails(show: str) -> QuerySet[InboundMessage]:
    """Return the emails of a view, newest first, without what they say."""
    return InboundMessage.objects.defer("raw").filter(state__in=SHOWN[show])


def count_held() -> int:
    """Return how many emails wait for an organiser."""
    return InboundMessage.objects.filter(state=InboundState.HELD).count()


def get_email(inbound_id: UUID) -> InboundMessage | None:
    """Return an email that was not posted, or None: what was posted is read where it was posted."""
    states = [state for states in SHOWN.values() for state in states]
    return InboundMessage.objects.filter(id=inbound_id, state__in=states).first()


@dataclass(frozen=True, slots=True)
class Choices:
    """What an organiser can do with an email as it stands."""

    can_be_given: bool
    can_be_read: bool
    can_be_discarded: bool
    can_come_back: bool
    likely_member_id: UUID | None


def choices_of(row: InboundMessage) -> Choices:
    """Return what can be done with an email; who it answered is most likely who answers."""
    is_held, is_unknown = row.state == InboundState.HELD, row.reason == InboundReason.UNKNOWN_SENDER
    knows_sender = is_held and member_of_address(row.from_address) is not None
    answered = reply_address_of(row.to_address.rpartition("@")[0])
    return Choices(
        can_be_given=is_held and is_unknown and not knows_sender and bool(row.from_address),
        can_be_read=is_held and (knows_sender or not is_unknown),
        can_be_discarded=is_held,
        can_come_back=row.state in (InboundState.DISCARDED, InboundState.IGNORED),
        likely_member_id=answered.member_id if answered else None,
    )


def original_of(kind: str, object_id: UUID) -> Original | None:
    """Return the email that became a thing, or None."""
    row = InboundMessage.objects.filter(became_kind=kind, became_id=object_id).first()
    return as_it_came(row) if row else None


def as_it_came(row: InboundMessage) -> Original:
    """Return an email as text, with everything it quotes."""
    message = read_message(bytes(row.raw))
    return Original(
        subject=row.subject,
        from_name=message.from_name,
        from_address=row.from_address,
        received_at=row.received_at,
        text=message.text,
        files=tuple(each.name for each in message.attachments),
    )
