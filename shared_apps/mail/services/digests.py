"""Digests: one email per person and time, with a section for each network, sent at most once and stored nowhere.

What it says is gathered network by network when it is sent, and lives in memory only; `Digest` remembers that it was
sent. A worker killed before the mail server was asked begins again; one killed while it was asked does not, because
the message may have gone.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import timezone

from shared_apps.mail.enums import DigestState, State
from shared_apps.mail.models import Digest, Message
from shared_apps.mail.rendering import AUTOMATIC, Sender, clean_address, clean_subject, list_headers, render, sender_of
from shared_apps.mail.services.addresses import take_bounce
from shared_apps.mail.services.sending import DeliveryError, deliver, describe, from_header, is_final
from shared_apps.monitoring.enums import MailOutcome
from shared_apps.monitoring.services import count_mail

_KEPT = timedelta(days=60)


@transaction.atomic
def plan_digests(due: Iterable[tuple[UUID, datetime]]) -> list[Digest]:
    """Write that these people's digests of these times are to be sent; return those nobody planned before."""
    wanted = [Digest(account_id=account_id, slot_at=slot_at) for account_id, slot_at in due]
    Digest.objects.bulk_create(wanted, ignore_conflicts=True, batch_size=500)
    return list(Digest.objects.filter(id__in=[each.id for each in wanted]))


def set_digest(digest: Digest, state: DigestState, *, was: DigestState) -> bool:
    """Move a digest from one state to another, and return whether this process did it."""
    moved = Digest.objects.filter(id=digest.id, state=was).update(state=state, sent_at=_sent_at(state))
    return bool(moved)


def send_digest(
    digest: Digest, *, to: str, sender: Sender, subject: str, context: dict[str, Any], unsubscribe_url: str
) -> None:
    """Render and send a digest, once; raises DeliveryError when the server did not take it and it may be tried again.

    Call it outside a transaction, in public.
    """
    values = {**context, "subject": clean_subject(subject), "sender": sender, "unsubscribe_url": unsubscribe_url}
    text, html = render("digest", values)
    email = EmailMultiAlternatives(
        subject=values["subject"],
        body=text,
        from_email=from_header(sender.name),
        to=[clean_address(to)],
        headers={
            "Message-ID": f"<digest.{digest.id}@{sender.host}>",
            **AUTOMATIC,
            **list_headers(unsubscribe_url, host=sender.host, kind="digest"),
        },
    )
    email.attach_alternative(html, "text/html")
    if set_digest(digest, DigestState.SENDING, was=DigestState.PLANNED):
        _hand_over(digest, email, to)


def keep_part(digest: Digest, *, to: str, subject: str, context: dict[str, Any], unsubscribe_url: str) -> None:
    """Store what the current network had in a digest that was sent: in development, for reading at /dev/mail/.

    Elsewhere nothing of a digest is stored, and never in public, where it would hold several networks' words.
    """
    sender, now = sender_of(None), timezone.now()
    values = {**context, "subject": clean_subject(subject), "sender": sender, "unsubscribe_url": unsubscribe_url}
    text, html = render("digest", values)
    Message.objects.create(
        kind="digest",
        host=sender.host,
        to_address=to,
        to_account_id=digest.account_id,
        subject=values["subject"],
        text=text,
        html=html,
        headers={**AUTOMATIC, **list_headers(unsubscribe_url, host=sender.host, kind="digest")},
        state=State.SENT,
        sent_at=now,
        delete_after=now + _KEPT,
    )


def stop_digests(before: datetime) -> int:
    """Have nobody send what was due before a time and was never taken by the mail server; return how many that was.

    These count as begun from now on, so that what became of them is settled as for those that broke off.
    """
    untaken = Digest.objects.filter(state__in=(DigestState.PLANNED, DigestState.FAILED), slot_at__lt=before)
    return untaken.update(state=DigestState.SENDING)


def doubt_digests(digest_ids: Iterable[UUID]) -> int:
    """Write that nobody will ever know whether these were sent; return how many that was."""
    begun = Digest.objects.filter(id__in=list(digest_ids), state=DigestState.SENDING)
    return begun.update(state=DigestState.DOUBTFUL)


def prune_digests() -> int:
    """Forget the digests of two months ago."""
    return Digest.objects.filter(slot_at__lt=timezone.now() - _KEPT).delete()[0]


def _hand_over(digest: Digest, email: EmailMultiAlternatives, to: str) -> None:
    reason = deliver(email)
    if reason is None:
        set_digest(digest, DigestState.SENT, was=DigestState.SENDING)
        count_mail(MailOutcome.SENT)
    elif is_final(reason):
        set_digest(digest, DigestState.FAILED, was=DigestState.SENDING)
        take_bounce(to, is_hard=True)
    else:
        set_digest(digest, DigestState.PLANNED, was=DigestState.SENDING)
        raise DeliveryError(describe(reason))


def _sent_at(state: DigestState) -> datetime | None:
    return timezone.now() if state == DigestState.SENT else None
