"""How far an owner's archive has come."""

from django.db.models import TextChoices


class ExportState(TextChoices):
    """Where an archive is: asked for, being written, there, or why not."""

    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Being written"
    READY = "ready", "Ready"
    FAILED = "failed", "Not written"
    GONE = "gone", "Removed"
