"""Handing a stored message to the mail server once, and forgetting it after its time."""

import logging
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, mailers
from django.db import transaction
from django.utils import timezone

from shared_apps.mail import tasks
from shared_apps.mail.enums import State
from shared_apps.mail.models import AnyMessage, Message, PlatformMessage
from shared_apps.mail.rendering import clean_subject, sender_of
from shared_apps.mail.services.addresses import take_bounce
from shared_apps.monitoring.enums import MailOutcome
from shared_apps.monitoring.services import count_mail
from tenants.context import current_kind
from tenants.enums import Kind

_LONGEST_NAME = 64  # Python takes the quotes off a longer one when it folds the line
_NOT_IN_A_NAME = str.maketrans("", "", '\\"<>')

logger = logging.getLogger("sbm.mail")


class DeliveryError(Exception):
    """The mail server did not take a message; the job tries again."""


def send_message(message_id: UUID) -> None:
    """Send a message of the current schema if it is still queued; raises DeliveryError when it must be tried again.

    The row is locked until the server has taken the message, so two workers never send it both.
    """
    with transaction.atomic():
        message = _lock_queued(message_id)
        if message is None:
            return
        reason = deliver(email_of(message))
        _note(message, reason)
    logger.info("mail kind=%s id=%s state=%s attempt=%d", message.kind, message.id, message.state, message.attempts)
    if message.state == State.QUEUED:
        raise DeliveryError(message.error)


def email_of(message: AnyMessage) -> EmailMultiAlternatives:
    """Return the message as Django sends it."""
    headers = dict(message.headers)
    reply_to = headers.pop("Reply-To", None)
    email = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        from_email=from_header(message.from_name or sender_of(message.host).name),
        to=[message.to_address],
        reply_to=[reply_to] if reply_to else None,
        headers=headers,
    )
    email.attach_alternative(message.html, "text/html")
    return email


def deliver(email: EmailMultiAlternatives) -> SMTPException | OSError | None:
    """Hand a message to the mail server, and return why it was not taken, or None."""
    try:
        mailers.default.send_messages([email])
    except (SMTPException, OSError) as error:
        return error
    return None


def from_header(name: str) -> str:
    """Return the From header: a name that cannot end its quotes, and the one address everything comes from."""
    short = clean_subject(name).translate(_NOT_IN_A_NAME)[:_LONGEST_NAME].rstrip()
    return f'"{short}" <{settings.EMAIL_FROM_ADDRESS}>'


def is_final(reason: SMTPException | OSError) -> bool:
    """Whether the server refused the address for good."""
    return 500 <= (_code(reason) or 0) < 600 and isinstance(reason, SMTPRecipientsRefused)


def describe(reason: SMTPException | OSError | None) -> str:
    """Return the class of a failure and the server's code, never its words."""
    code = _code(reason)
    return "" if reason is None else f"{type(reason).__name__} {code}".strip() if code else type(reason).__name__


def prune_messages() -> int:
    """Delete the messages of the current schema whose time is over, sent or not, and return how many."""
    return current_model().objects.filter(delete_after__lt=timezone.now()).delete()[0]


def current_model() -> type[AnyMessage]:
    """Return the table of messages of the current schema."""
    return PlatformMessage if current_kind() == Kind.PUBLIC else Message


def _lock_queued(message_id: UUID) -> AnyMessage | None:
    waiting = current_model().objects.select_for_update().filter(id=message_id, state=State.QUEUED)
    return waiting.first()


def _note(message: AnyMessage, reason: SMTPException | OSError | None) -> None:
    message.attempts += 1
    message.error = describe(reason)
    if reason is None:
        message.state, message.sent_at = State.SENT, timezone.now()
    elif is_final(reason):
        message.state = State.FAILED
        take_bounce(message.to_address, is_hard=True)
    elif message.attempts >= tasks.MAX_ATTEMPTS:
        message.state = State.FAILED
    message.save(update_fields=["attempts", "error", "state", "sent_at"])
    if reason is None:
        count_mail(MailOutcome.SENT)


def _code(reason: SMTPException | OSError | None) -> int | None:
    if isinstance(reason, SMTPRecipientsRefused):
        return next(iter(reason.recipients.values()))[0]
    return reason.smtp_code if isinstance(reason, SMTPResponseException) else None
