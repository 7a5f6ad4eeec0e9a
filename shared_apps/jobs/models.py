"""What the worker keeps beside django_tasks_db's rows: who is working, and which turns of a schedule were taken."""

from django.db import models

from tenants.ids import new_id


class Worker(models.Model):
    """A running worker; a heartbeat that has stopped means that its job must be given to another."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    host = models.CharField(max_length=255)
    pid = models.PositiveIntegerField()
    job_id = models.UUIDField(null=True)  # the row it is working on
    started_at = models.DateTimeField()
    heartbeat_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "jobs_worker"

    def __str__(self) -> str:
        return f"{self.host}:{self.pid}"


class ScheduleSlot(models.Model):
    """One turn of a schedule, for one network or (null) for the platform; unique, so that one worker takes it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=100)
    slot = models.CharField(max_length=32)
    network_id = models.UUIDField(null=True)
    taken_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        db_table = "jobs_schedule_slot"
        constraints = (
            models.UniqueConstraint(
                fields=["name", "slot", "network_id"], name="jobs_slot_taken_once", nulls_distinct=False
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.slot}"
