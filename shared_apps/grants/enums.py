"""The choices of support access."""

from django.db.models import IntegerChoices, TextChoices


class GrantState(TextChoices):
    """How far a request for support access is; only one that is allowed opens anything, and only until its end."""

    ASKED = "asked", "Waiting for an answer"
    ALLOWED = "allowed", "Allowed"
    REFUSED = "refused", "Refused"
    ENDED = "ended", "Ended"
    EXPIRED = "expired", "Ran out"


class Minutes(IntegerChoices):
    """For how long an operator may ask to look in, in minutes."""

    HALF_AN_HOUR = 30, "30 minutes"
    AN_HOUR = 60, "1 hour"
    FOUR_HOURS = 240, "4 hours"
    EIGHT_HOURS = 480, "8 hours"
    A_DAY = 1440, "24 hours"


OPEN = (GrantState.ASKED, GrantState.ALLOWED)
