"""When a person wants their mail, and what the platform knows of it."""

from typing import Any
from uuid import UUID

from shared_apps.mail.models import Address, Digest, PlatformMessage, Recipient


def save_recipient(account_id: UUID, **wishes: Any) -> Recipient:
    """Write when a person wants their digest, and when it is quiet; on every network alike."""
    saved, _ = Recipient.objects.update_or_create(account_id=account_id, defaults=wishes)
    return saved


def forget_person(account_id: UUID, *, address: str) -> None:
    """Delete the platform's messages to somebody, when they wanted mail, and how their address takes it."""
    PlatformMessage.objects.filter(to_address=address).delete()
    Address.objects.filter(address=address).delete()
    Digest.objects.filter(account_id=account_id).delete()
    Recipient.objects.filter(account_id=account_id).delete()
