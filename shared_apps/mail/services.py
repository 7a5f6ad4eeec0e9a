"""Queueing a message in the caller's transaction, sending it, and forgetting it after its time."""

import logging
from datetime import timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, mailers
from django.db import IntegrityError, transaction
from django.utils import timezone

from shared_apps.mail import tasks
from shared_apps.mail.enums import State
from shared_apps.mail.models import AnyMessage, Message, PlatformMessage
from shared_apps.mail.rendering import Sender, build_headers, clean_address, clean_subject, render, sender_of
from tenants.context import current_kind
from tenants.enums import Kind

KEPT = timedelta(days=90)

_NOT_IN_A_NAME = str.maketrans("", "", '\\"<>')

logger = logging.getLogger("sbm.mail")


class DeliveryError(Exception):
    """The mail server did not take a message; the job tries again."""


def queue_message(
    *,
    to: str,
    subject: str,
    template: str,
    context: dict[str, Any],
    kind: str,
    host: str | None = None,
    thread_key: str | None = None,
    unsubscribe_url: str | None = None,
    dedupe_key: str | None = None,
    reply_to: str | None = None,
    to_account_id: UUID | None = None,
    keep: timedelta = KEPT,
) -> AnyMessage:
    """Render a message, store it in the current schema and enqueue its sending, all in the caller's transaction.

    `template` names `templates/mail/<template>.txt` and `.html`; addresses in `context` are absolute. `host` is the
    host it speaks for, by default the current schema's. A `dedupe_key` seen before returns the first message and sends
    nothing. A thread keeps the subject of its first message. Give `keep` for what must not lie about, such as codes.
    """
    model = _current_model()
    existing = model.objects.filter(dedupe_key=dedupe_key).first() if dedupe_key else None
    if existing is not None:
        return existing
    sender = sender_of(host)
    message = model(
        kind=kind,
        host=sender.host,
        to_address=clean_address(to),
        to_account_id=to_account_id,
        thread_key=thread_key or "",
        dedupe_key=dedupe_key,
        delete_after=timezone.now() + keep,
    )
    message.headers = build_headers(message, unsubscribe_url=unsubscribe_url, reply_to=reply_to)
    message.subject = _subject_of_thread(message) or clean_subject(subject)
    values = {**context, "subject": message.subject, "sender": sender, "unsubscribe_url": unsubscribe_url}
    message.text, message.html = render(template, values)
    return _store(message)


def send_message(message_id: UUID) -> None:
    """Send a message of the current schema if it is still queued; raises DeliveryError when it must be tried again.

    The row is locked until the server has taken the message, so two workers never send it both.
    """
    with transaction.atomic():
        message = _lock_queued(message_id)
        if message is None:
            return
        reason = _deliver(message)
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
        from_email=_from(sender_of(message.host)),
        to=[message.to_address],
        reply_to=[reply_to] if reply_to else None,
        headers=headers,
    )
    email.attach_alternative(message.html, "text/html")
    return email


def forget_queued(*, kind: str, to: str) -> int:
    """Delete messages of the current schema that wait to be sent, because what they say no longer holds."""
    waiting = _current_model().objects.filter(state=State.QUEUED, kind=kind, to_address=clean_address(to))
    return waiting.delete()[0]


def prune_messages() -> int:
    """Delete the messages of the current schema whose time is over, sent or not, and return how many."""
    return _current_model().objects.filter(delete_after__lt=timezone.now()).delete()[0]


def _current_model() -> type[AnyMessage]:
    return PlatformMessage if current_kind() == Kind.PUBLIC else Message


def _subject_of_thread(message: AnyMessage) -> str | None:
    if not message.thread_key:
        return None
    thread = type(message).objects.filter(to_address=message.to_address, thread_key=message.thread_key)
    return thread.order_by("id").values_list("subject", flat=True).first()


def _store(message: AnyMessage) -> AnyMessage:
    try:
        with transaction.atomic():
            message.save(force_insert=True)
            tasks.SEND[current_kind()].enqueue(message_id=message.id)
    except IntegrityError:
        if message.dedupe_key is None:
            raise
        return type(message).objects.get(dedupe_key=message.dedupe_key)
    return message


def _lock_queued(message_id: UUID) -> AnyMessage | None:
    waiting = _current_model().objects.select_for_update().filter(id=message_id, state=State.QUEUED)
    return waiting.first()


def _deliver(message: AnyMessage) -> SMTPException | OSError | None:
    try:
        mailers.default.send_messages([email_of(message)])
    except (SMTPException, OSError) as error:
        return error
    return None


def _note(message: AnyMessage, reason: SMTPException | OSError | None) -> None:
    message.attempts += 1
    message.error = _describe(reason)
    if reason is None:
        message.state, message.sent_at = State.SENT, timezone.now()
    elif _is_final(reason) or message.attempts >= tasks.MAX_ATTEMPTS:
        message.state = State.FAILED
    message.save(update_fields=["attempts", "error", "state", "sent_at"])


def _describe(reason: SMTPException | OSError | None) -> str:
    code = _code(reason)
    return "" if reason is None else f"{type(reason).__name__} {code}".strip() if code else type(reason).__name__


def _is_final(reason: SMTPException | OSError) -> bool:
    return 500 <= (_code(reason) or 0) < 600 and isinstance(reason, SMTPRecipientsRefused)


def _code(reason: SMTPException | OSError | None) -> int | None:
    if isinstance(reason, SMTPRecipientsRefused):
        return next(iter(reason.recipients.values()))[0]
    return reason.smtp_code if isinstance(reason, SMTPResponseException) else None


def _from(sender: Sender) -> str:
    name = clean_subject(sender.name).translate(_NOT_IN_A_NAME)
    return f'"{name}" <{settings.EMAIL_FROM_ADDRESS}>'
