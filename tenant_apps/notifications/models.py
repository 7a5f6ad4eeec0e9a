"""Who follows what."""

from django.db import models
from django.utils import timezone

from tenant_apps.members.models import Member
from tenants.models import SchemaBoundModel


class Follow(SchemaBoundModel):
    """A member's wish to hear of what happens in one thing; `kind` names what `object_id` is, such as "discussion"."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    object_id = models.UUIDField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(name="follow_once", fields=["kind", "object_id", "member"]),)

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
