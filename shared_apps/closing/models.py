"""Which networks leave, when, and what was left of those that left."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from shared_apps.closing.enums import OPEN, STOPPABLE, AskedBy, ClosingState
from tenants.ids import random_id


class Closing(models.Model):
    """A network's way out. It outlives the network, as the certificate of its deletion, and names no person then.

    The id is random, because whoever has it reads the certificate. What the owner says to the members is in their
    network; `reason` is an operator's words. `owner_ids` are the accounts to which the certificate is sent.
    """

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    network_id = models.UUIDField()
    name = models.CharField(max_length=80)
    host = models.CharField(max_length=253)
    state = models.CharField(max_length=10, choices=ClosingState, default=ClosingState.NOTICE)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=8, choices=AskedBy)
    asked_by_id = models.UUIDField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    keeps_publications = models.BooleanField()
    closes_at = models.DateTimeField()
    deletes_at = models.DateTimeField()
    days_told = models.PositiveSmallIntegerField(null=True)  # how many were left when owners were last reminded
    called_off_at = models.DateTimeField(null=True)
    owner_ids = ArrayField(models.UUIDField(), default=list)
    found = models.JSONField(default=dict)  # counts of what there was, taken before anything is deleted
    deleted_at = models.DateTimeField(null=True)
    certificate = models.TextField(blank=True)

    class Meta:
        ordering = ("-asked_at", "-id")
        constraints = (
            models.UniqueConstraint(name="closing_one_open", fields=["network_id"], condition=Q(state__in=OPEN)),
            models.CheckConstraint(name="closing_in_order", condition=Q(deletes_at__gte=F("closes_at"))),
            models.CheckConstraint(
                name="closing_deleted_is_certified_and_names_nobody",
                condition=~Q(state=ClosingState.DELETED)
                | (Q(deleted_at__isnull=False, asked_by_id=None, reason="", owner_ids=[]) & ~Q(certificate="")),
            ),
        )
        indexes = (models.Index(fields=["state"], name="closing_by_state"),)

    def __str__(self) -> str:
        return f"{self.name}: {self.state}"

    @property
    def is_stoppable(self) -> bool:
        """Whether it can be taken back."""
        return self.state in STOPPABLE

    def has_come(self, now: datetime) -> bool:
        """Whether its closing day has come."""
        return self.closes_at <= now
