"""The states of an outgoing message."""

from django.db.models import TextChoices


class State(TextChoices):
    """Where a message is on its way."""

    QUEUED = "queued", "Queued"
    SENT = "sent", "Sent"
    FAILED = "failed", "Failed"
