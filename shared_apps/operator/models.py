"""How far an onboarding came, for the page that watches it."""

from django.db import models
from django.utils import timezone

from tenants.ids import new_id
from tenants.models import Network


class StepRun(models.Model):
    """One step of one network's onboarding: when it began, and how long it took or why it failed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="step_runs")
    name = models.CharField(max_length=60)
    started_at = models.DateTimeField(default=timezone.now)
    seconds = models.FloatField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(name="step_run_once", fields=["network", "name"]),)

    def __str__(self) -> str:
        return f"{self.network}: {self.name}"
