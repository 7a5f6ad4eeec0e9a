"""Kinds of publication and the levels of identity a person can share under."""

from django.db.models import TextChoices


class PublicationKind(TextChoices):
    """What was shared."""

    QUESTION = "question", "Question"
    DISCUSSION = "discussion", "Discussion"
    RECOMMENDATION = "recommendation", "Recommendation"


class Identity(TextChoices):
    """How much of the author leaves with what they wrote."""

    NAMED = "named", "Your name"
    ROLE = "role", "Role and area"
    ANONYMOUS = "anonymous", "Anonymous"
