"""Which domain a network claims, and how it stands."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from shared_apps.domains.enums import ANSWERING, DomainState, Finding
from tenants.ids import new_id
from tenants.models import Network


class OwnDomain(models.Model):
    """A domain that a network's owners say is theirs. Several networks may say so of one; only one can prove it.

    `token` is what the DNS record has to say: random, and so worth something for this network and this host alone.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    network = models.OneToOneField(Network, on_delete=models.CASCADE, related_name="+")
    host = models.CharField(max_length=253)
    token = models.CharField(max_length=43)
    state = models.CharField(max_length=7, choices=DomainState, default=DomainState.WAITING)
    finding = models.CharField(max_length=9, choices=Finding, blank=True, default=Finding.NO_PROOF)
    claimed_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)  # while somebody waits for a look at its records
    checked_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)  # when its name servers last answered
    live_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="own_domain_of_one_network", fields=["host"], condition=Q(state__in=ANSWERING)
            ),
            models.CheckConstraint(name="own_domain_lower", condition=Q(host=Lower("host"))),
            models.CheckConstraint(
                name="own_domain_fails_since",
                condition=Q(state=DomainState.FAILING, failing_since__isnull=False)
                | (~Q(state=DomainState.FAILING) & Q(failing_since=None)),
            ),
        )

    def __str__(self) -> str:
        return f"{self.host}: {self.state}"

    @property
    def is_answering(self) -> bool:
        """Whether the network answers on it."""
        return self.state in ANSWERING
