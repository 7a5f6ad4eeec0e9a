"""Who of the platform may look into which network, why and until when."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from shared_apps.accounts.models import User
from shared_apps.grants.enums import OPEN, GrantState, Minutes
from tenants.ids import new_id
from tenants.models import Network


class SupportGrant(models.Model):
    """An operator's request to look into a network, and what became of it. The reason is the operator's words.

    It lives beside the accounts, because whether somebody may enter a host is asked before that host's schema is.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    minutes = models.PositiveSmallIntegerField(choices=Minutes)
    state = models.CharField(max_length=8, choices=GrantState, default=GrantState.ASKED)
    asked_at = models.DateTimeField()
    decided_by_id = models.UUIDField(null=True)  # an owner's account
    decided_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-asked_at", "-id")
        constraints = (
            models.UniqueConstraint(
                name="support_one_open_per_operator", fields=["network", "account"], condition=Q(state__in=OPEN)
            ),
            models.CheckConstraint(name="support_length_known", condition=Q(minutes__in=Minutes.values)),
            models.CheckConstraint(
                name="support_allowed_has_an_end",
                condition=~Q(state=GrantState.ALLOWED)
                | Q(decided_by_id__isnull=False, decided_at__isnull=False, ends_at__gt=F("decided_at")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.account_id} in {self.network_id}: {self.state}"

    def is_running(self, now: datetime) -> bool:
        """Whether the operator may look in now."""
        return self.state == GrantState.ALLOWED and self.ends_at is not None and self.ends_at > now
