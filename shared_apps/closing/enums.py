"""The choices of closing."""

from django.db.models import TextChoices


class ClosingState(TextChoices):
    """How far a closing is."""

    NOTICE = "notice", "Announced"
    READ_ONLY = "read_only", "Only read"
    DELETING = "deleting", "Being deleted"
    DELETED = "deleted", "Deleted"
    CALLED_OFF = "called_off", "Taken back"


class AskedBy(TextChoices):
    """In which role somebody asked for it."""

    OWNER = "owner", "an owner of the network"
    OPERATOR = "operator", "an operator of the platform"


class Event(TextChoices):
    """What people are told of a closing."""

    ANNOUNCED = "announced", "It was announced"
    CALLED_OFF = "called_off", "It was taken back"
    READ_ONLY = "read_only", "The closing day has come"
    WEEK_LEFT = "week_left", "A week is left"
    DAY_LEFT = "day_left", "A day is left"


class Customer(TextChoices):
    """What became of a network as a customer of the payment service, if it was one."""

    ERASED = "erased", "Deleted there"
    REMAINS = "remains", "Still there"


STOPPABLE = (ClosingState.NOTICE, ClosingState.READ_ONLY)
OPEN = (*STOPPABLE, ClosingState.DELETING)
