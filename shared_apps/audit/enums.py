"""The ways in which something can be done."""

from django.db.models import TextChoices


class Via(TextChoices):
    """How the act reached the service that did it."""

    PAGE = "page", "Page"
    API = "api", "API"
    COMMAND = "command", "Command"
    JOB = "job", "Job"
    SYSTEM = "system", "System"
