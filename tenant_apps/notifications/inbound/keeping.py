"""Reads of stored email: what waits for an organiser, and what a post said as it came."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from shared_apps.mail.enums import InboundState
from shared_apps.mail.models import InboundMessage
from shared_apps.mail.reading import read_message

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
