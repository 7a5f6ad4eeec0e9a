"""What can be found."""

from django.db.models import TextChoices


class EntryKind(TextChoices):
    """The kind of a thing that is found."""

    QUESTION = "question"
    DISCUSSION = "discussion"
    MEMBER = "member"
    SUPPLIER = "supplier"
