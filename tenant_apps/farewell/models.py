"""What an owner says to the members when the network closes."""

from django.db import models

from tenants.models import SchemaBoundModel

LONGEST = 1_000


class Farewell(SchemaBoundModel):
    """A word to the members, beside one closing, whose row is in `shared_apps/closing`."""

    closing_id = models.UUIDField(unique=True)
    words = models.TextField(max_length=LONGEST)

    def __str__(self) -> str:
        return str(self.closing_id)
