"""What follows where a supplier, or what was said of it, came back from a restored copy; nobody is told of it."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from shared_apps.audit.services import Actor
from tenant_apps.sharing import services as sharing
from tenant_apps.suppliers.enums import SHARE_KIND
from tenant_apps.suppliers.models import Recommendation, Supplier
from tenant_apps.suppliers.services.recommendations import settle_figures


def hold_for_return(supplier_id: UUID) -> None:
    """Lock a supplier and what is shared of it, as whoever changes it does; also one that is gone."""
    for source_id in _said_of(supplier_id):
        sharing.hold(source_id)
    list(Supplier.objects.select_for_update().filter(id=supplier_id).values_list("id"))


@transaction.atomic
def settle_returned(supplier_id: UUID, touched: Mapping[str, set[UUID]], by: Actor) -> None:
    """Count anew, make it found as it is, and let its publications follow."""
    settle_figures(Supplier.objects.select_for_update().get(id=supplier_id))
    for source_id in _said_of(supplier_id):
        sharing.follow_return(SHARE_KIND, source_id, by=by)


def _said_of(supplier_id: UUID) -> list[UUID]:
    found = Recommendation.objects.filter(supplier_id=supplier_id)
    return list(found.order_by("id").values_list("id", flat=True))
