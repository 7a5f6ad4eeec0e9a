"""Figures of each network, in public: numbers beside its id, so that the operator's pages enter no network."""

from django.db import models
from django.db.models import Q

from tenants.ids import new_id
from tenants.models import Network


class NetworkDay(models.Model):
    """What happened on one day in one network, or (null) on the platform itself."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    network = models.ForeignKey(Network, null=True, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    was_used = models.BooleanField(default=False)  # by anybody who is a member
    mail_sent = models.PositiveIntegerField(default=0)
    mail_bounced = models.PositiveIntegerField(default=0)
    mail_complained = models.PositiveIntegerField(default=0)
    mail_held = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["day", "network"], name="monitoring_day_once", nulls_distinct=False),
            models.CheckConstraint(
                name="monitoring_platform_is_not_used", condition=Q(network__isnull=False) | Q(was_used=False)
            ),
        )

    def __str__(self) -> str:
        return f"{self.network_id} {self.day}"


class NetworkSize(models.Model):
    """How much room a network takes, as measured last night."""

    network = models.OneToOneField(Network, primary_key=True, on_delete=models.CASCADE, related_name="size")
    file_bytes = models.PositiveBigIntegerField()
    table_bytes = models.PositiveBigIntegerField()
    measured_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.network_id)
