"""Mailing lists that were brought in, and what each of their messages became."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from tenant_apps.discussions.enums import ArchiveState
from tenant_apps.discussions.models.talk import Category, Discussion, Reply
from tenant_apps.members.models import Member
from tenants.models import SchemaBoundModel


class Archive(SchemaBoundModel):
    """A mailing list's archive that is brought into a category, and can be taken out again.

    `path` is where the uploaded file waits in the network's folder, with its plan beside it; it is empty when the
    file is not kept. `report` is what the plan says will become of the messages, and what became of them.
    """

    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")
    imported_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=12, choices=ArchiveState, default=ArchiveState.PLANNING)
    path = models.CharField(max_length=64, blank=True)
    problem = models.CharField(max_length=300, blank=True)
    report = models.JSONField(default=dict)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (models.CheckConstraint(name="archive_state_known", condition=Q(state__in=ArchiveState.values)),)

    def __str__(self) -> str:
        return self.name


class ArchivedMessage(SchemaBoundModel):
    """A message of an archive and what it became, so that bringing the archive again adds nothing."""

    archive = models.ForeignKey(Archive, on_delete=models.CASCADE, related_name="messages")
    message_id = models.CharField(max_length=255, unique=True)
    discussion = models.ForeignKey(Discussion, on_delete=models.CASCADE, related_name="+")
    reply = models.ForeignKey(Reply, null=True, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return self.message_id
