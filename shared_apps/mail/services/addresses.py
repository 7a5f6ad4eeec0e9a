"""What comes back: an address that refuses mail, or whose owner complains, gets no more until its owner asks again."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from shared_apps.audit.services import Actor, record
from shared_apps.mail.enums import PauseReason
from shared_apps.mail.models import Address
from shared_apps.monitoring.enums import MailOutcome
from shared_apps.monitoring.services import count_mail

SOFT_LIMIT = 5
_SOFT_COUNTS_FOR = timedelta(days=30)


@transaction.atomic
def take_bounce(address: str, *, is_hard: bool) -> None:
    """Note that mail to an address came back: at once for good (`is_hard`), otherwise when it does so again and again.

    For whoever learns of it: the mail server's refusal, a bounce that was read, a provider's webhook.
    """
    row = _held(address)
    now = timezone.now()
    recent = row.bounced_at is not None and row.bounced_at > now - _SOFT_COUNTS_FOR
    row.soft_count = 0 if is_hard else (row.soft_count if recent else 0) + 1
    row.bounced_at = now
    row.save(update_fields=["soft_count", "bounced_at"])
    if is_hard or row.soft_count >= SOFT_LIMIT:
        _pause(row, PauseReason.BOUNCE)
    count_mail(MailOutcome.BOUNCED)


@transaction.atomic
def take_complaint(address: str) -> None:
    """Note that somebody reported our mail as unwanted."""
    _pause(_held(address), PauseReason.COMPLAINT)
    count_mail(MailOutcome.COMPLAINED)


@transaction.atomic
def resume_address(address: str, *, by: Actor) -> None:
    """Send to an address again, because its owner says that it works."""
    row = _held(address)
    row.paused_at, row.reason, row.soft_count = None, "", 0
    row.save(update_fields=["paused_at", "reason", "soft_count"])
    record("mail.address.resumed", by=by, target=row)


def _held(address: str) -> Address:
    key = address.strip().lower()
    Address.objects.bulk_create([Address(address=key)], ignore_conflicts=True)
    return Address.objects.select_for_update().get(address=key)


def _pause(row: Address, reason: PauseReason) -> None:
    if row.paused_at is None:
        row.paused_at, row.reason = timezone.now(), reason
        row.save(update_fields=["paused_at", "reason"])
        record("mail.address.paused", by=Actor.system(), target=row, reason=reason)
