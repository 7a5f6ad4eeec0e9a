"""What organisers do about email that could not simply be posted, and the reading of it."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from shared_apps.audit.services import record
from shared_apps.mail import services as mail
from shared_apps.mail.enums import InboundReason, InboundState
from shared_apps.mail.models import InboundMessage
from tenant_apps.members.models import Member
from tenant_apps.members.permissions import is_active, is_organiser, refusal
from tenant_apps.notifications import tasks
from tenant_apps.notifications.inbound import processing
from tenant_apps.notifications.models import MemberAddress

_MAY_GO_BACK = (InboundState.DISCARDED, InboundState.IGNORED)


class EmailError(Exception):
    """The act is not possible; the message says why."""


def read_inbound(inbound_id: UUID) -> None:
    """Make of a stored email what its sender meant; called by a job."""
    processing.read(inbound_id)


def read_waiting() -> None:
    """Have every email that nobody has read yet read by a job of its own; what is read already is left alone."""
    waiting = InboundMessage.objects.filter(state=InboundState.RECEIVED).order_by("id").values_list("id", flat=True)
    tasks.read_inbound.enqueue_many([{"inbound_id": each} for each in waiting])


@transaction.atomic
def give_address(inbound_id: UUID, member: Member, *, by: Member) -> None:
    """Say that the sender of a held email is this member, from now on, and read what is held of them again."""
    row = _locked(inbound_id, InboundState.HELD, by=by)
    if row.reason != InboundReason.UNKNOWN_SENDER or not is_active(member):
        raise EmailError("This email cannot be given to that member.")
    try:
        validate_email(row.from_address)
        with transaction.atomic():
            MemberAddress.objects.create(member=member, address=row.from_address, added_by=by)
    except (ValidationError, IntegrityError) as error:
        raise EmailError("This address cannot be given to a member.") from error
    record("notifications.address.given", by=by.actor, target=member, inbound_id=row.id)
    read_held_of(row.from_address)


@transaction.atomic
def discard_email(inbound_id: UUID, *, by: Member) -> None:
    """Put a held email away; it can be taken back for 30 days."""
    row = _locked(inbound_id, InboundState.HELD, by=by)
    mail.settle(row, state=InboundState.DISCARDED, reason=InboundReason(row.reason))
    record("notifications.email.discarded", by=by.actor, target_kind="inbound", target_id=row.id)


@transaction.atomic
def restore_email(inbound_id: UUID, *, by: Member) -> None:
    """Hold an email again that was discarded or ignored."""
    row = _locked(inbound_id, *_MAY_GO_BACK, by=by)
    mail.settle(row, state=InboundState.HELD, reason=InboundReason(row.reason))
    record("notifications.email.restored", by=by.actor, target_kind="inbound", target_id=row.id)


@transaction.atomic
def retry_email(inbound_id: UUID, *, by: Member) -> None:
    """Read a held email again."""
    row = _locked(inbound_id, InboundState.HELD, by=by)
    mail.read_again(row)
    record("notifications.email.read_again", by=by.actor, target_kind="inbound", target_id=row.id)


def read_held_of(address: str) -> None:
    """Read again what is held of a sender who is known now."""
    held = InboundMessage.objects.filter(
        from_address=address.lower(), state=InboundState.HELD, reason=InboundReason.UNKNOWN_SENDER
    )
    for row in held.defer("raw").order_by("received_at", "id"):
        mail.read_again(row)


def _locked(inbound_id: UUID, *states: InboundState, by: Member) -> InboundMessage:
    if not is_organiser(by):
        raise EmailError(refusal())
    found = InboundMessage.objects.select_for_update().defer("raw").filter(id=inbound_id, state__in=states)
    row = found.first()
    if row is None:
        raise EmailError("Somebody has dealt with this email already.")
    return row
