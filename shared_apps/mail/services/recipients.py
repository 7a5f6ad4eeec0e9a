"""When a person wants their mail."""

from typing import Any
from uuid import UUID

from shared_apps.mail.models import Recipient


def save_recipient(account_id: UUID, **wishes: Any) -> Recipient:
    """Write when a person wants their digest, and when it is quiet; on every network alike."""
    saved, _ = Recipient.objects.update_or_create(account_id=account_id, defaults=wishes)
    return saved
