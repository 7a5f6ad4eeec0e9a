"""How a network's own domain stands, and what was found when its DNS records were looked at."""

from django.db.models import TextChoices


class DomainState(TextChoices):
    """Only one that is in use or failing answers, and belongs to its network alone."""

    WAITING = "waiting", "Waiting for its DNS records"
    LIVE = "live", "In use"
    FAILING = "failing", "Its DNS records are wrong"


class Finding(TextChoices):
    """What is wrong with the DNS records; nothing is wrong with an empty one."""

    GOOD = "", "Both records are right"
    NO_PROOF = "no_proof", "The TXT record is not there yet, or says something else"
    ELSEWHERE = "elsewhere", "The TXT record is right, but the domain does not lead here"
    NO_ANSWER = "no_answer", "The domain’s name servers did not answer"
    TAKEN = "taken", "This domain is in use here already"


class Change(TextChoices):
    """What owners are told of."""

    LIVE = "live"
    FAILING = "failing"
    RECOVERED = "recovered"
    LOST = "lost"
    REMOVED = "removed"


ANSWERING = (DomainState.LIVE, DomainState.FAILING)
