"""What somebody wrote who wants a network, and what became of it."""

from django.db import models
from django.db.models import Q

from shared_apps.requests.enums import DECIDED, RequestState
from tenants.ids import new_id
from tenants.models import Network


class NetworkRequest(models.Model):
    """A request to start a network: a stranger's words, forgotten some weeks after it was decided."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=80)
    subdomain = models.CharField(max_length=30)
    region = models.CharField(max_length=40, blank=True)
    members = models.PositiveIntegerField()
    person = models.CharField(max_length=120)
    email = models.EmailField(max_length=254)
    organisation = models.CharField(max_length=200)
    words = models.TextField(max_length=2000, blank=True)
    state = models.CharField(max_length=12, choices=RequestState, default=RequestState.UNCONFIRMED)
    token_hash = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    answer = models.TextField(max_length=2000, blank=True)
    network = models.ForeignKey(Network, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("confirmed_at", "id")
        constraints = (
            models.CheckConstraint(
                name="request_seen_is_confirmed",
                condition=Q(state=RequestState.UNCONFIRMED) | Q(confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="request_decided_has_its_time", condition=~Q(state__in=DECIDED) | Q(decided_at__isnull=False)
            ),
        )
        indexes = (models.Index(fields=["state", "confirmed_at"], name="request_queue"),)

    def __str__(self) -> str:
        return f"{self.subdomain}: {self.state}"
