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


class ReportReason(TextChoices):
    """Why somebody reports something, in a network or in the Collective."""

    WRONG = "wrong", "It is wrong or misleading"
    RUDE = "rude", "It is rude or an attack on somebody"
    PERSONAL = "personal", "It gives away personal or confidential facts"
    ADVERTISING = "advertising", "It is advertising"
    MISPLACED = "misplaced", "It does not belong here"
    OTHER = "other", "Something else"


class Decision(TextChoices):
    """What the platform does about something that a closed network left; the values are those of moderators' acts."""

    LEFT = "left", "Leave it"
    HIDDEN = "hidden", "Take it down"
