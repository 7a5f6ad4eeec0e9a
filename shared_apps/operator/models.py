"""How far an onboarding came, for the page that watches it; and what restore drills found."""

from django.db import models
from django.utils import timezone

from shared_apps.operator.enums import DrillState
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


class Drill(models.Model):
    """A restore drill that a job holds: names of tables and figures, never what a table holds."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    state = models.CharField(max_length=10, choices=DrillState, default=DrillState.UNDER_WAY)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    tables = models.PositiveIntegerField(default=0)
    rows = models.PositiveBigIntegerField(default=0)
    inserted = models.PositiveIntegerField(default=0)
    unproved = models.JSONField(default=list)
    wrong = models.JSONField(default=list)

    class Meta:
        ordering = ("-asked_at", "-id")
        constraints = (
            models.UniqueConstraint(
                name="one_drill_at_a_time", fields=["state"], condition=models.Q(state=DrillState.UNDER_WAY)
            ),
            models.CheckConstraint(
                name="drill_ended",
                condition=models.Q(state=DrillState.UNDER_WAY, ended_at=None)
                | ~models.Q(state=DrillState.UNDER_WAY) & models.Q(ended_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d %H:%M}: {self.get_state_display()}"
