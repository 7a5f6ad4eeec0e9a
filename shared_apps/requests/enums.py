"""How a request for a network stands."""

from django.db.models import TextChoices


class RequestState(TextChoices):
    """How far it is; operators see it once its address is confirmed."""

    UNCONFIRMED = "unconfirmed", "Address not confirmed"
    WAITING = "waiting", "Waiting for an answer"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"


DECIDED = (RequestState.ACCEPTED, RequestState.DECLINED)
