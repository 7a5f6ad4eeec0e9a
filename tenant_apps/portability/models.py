"""The archives that owners asked for."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from tenant_apps.members.models import Member
from tenant_apps.portability.enums import ExportState
from tenants.models import SchemaBoundModel


class Export(SchemaBoundModel):
    """An archive that an owner asked for; its bytes are in the network's folder until it expires."""

    asked_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=ExportState, default=ExportState.WAITING)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    size = models.BigIntegerField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("-asked_at", "-id")
        constraints = (
            models.UniqueConstraint(
                name="export_one_at_a_time", fields=["state"], condition=Q(state__in=("waiting", "running"))
            ),
            models.CheckConstraint(
                name="export_ready_is_whole",
                condition=~Q(state="ready") | Q(ready_at__isnull=False, expires_at__isnull=False, size__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.asked_at:%d %B %Y}: {self.state}"
