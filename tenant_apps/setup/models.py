"""What the owners decided about the set-up list; what is on it is worked out."""

from django.db import models
from django.db.models import Q

from tenants.models import SchemaBoundModel


class Checklist(SchemaBoundModel):
    """One row, from the first time anybody changes something here; it is also what two who do so at once wait for."""

    is_only = models.BooleanField(default=True, unique=True, editable=False)
    hidden_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.CheckConstraint(name="checklist_is_only", condition=Q(is_only=True)),)

    def __str__(self) -> str:
        return "Hidden" if self.hidden_at else "Shown"
