"""Suppliers, what schools say of them, and private notes."""

from datetime import date
from typing import Any

from collective.publications.enums import Identity
from tenant_apps.members.models import Member
from tenant_apps.sharing.services import Choice, share_item
from tenant_apps.suppliers import services
from tenant_apps.suppliers.enums import SHARE_KIND
from tenant_apps.suppliers.models import Recommendation, ServiceNote, Supplier, SupplierCategory

SAID = {
    "response": 5,
    "quality": 4,
    "value": 3,
    "would_use_again": True,
    "text": "They turned up the same day when the fridge failed.",
}


def make_supplier(
    by: Member,
    *,
    name: str = "Greenfield Kitchens",
    website: str = "",
    description: str = "",
    categories: tuple[str, ...] = ("Catering",),
) -> Supplier:
    """Return a supplier of the current network."""
    chosen = list(SupplierCategory.objects.filter(name__in=categories))
    return services.add_supplier(name=name, website=website, description=description, categories=chosen, by=by)


def make_recommendation(supplier: Supplier, by: Member, **said: Any) -> Recommendation:
    """Return what a member says of a supplier."""
    return services.recommend(supplier, **(SAID | said), by=by)


def share(
    recommendation: Recommendation, by: Member, *, identity: str = Identity.NAMED, redactions: list[str] | None = None
) -> Recommendation:
    """Share a recommendation of the current network and return it as it is now."""
    choice = Choice(identity=Identity(identity), redactions=redactions or [])
    share_item(SHARE_KIND, recommendation.id, choice, by=by)
    recommendation.refresh_from_db()
    return recommendation


def make_note(
    supplier: Supplier, by: Member, *, text: str = "Late for the third time.", day: date | None = None
) -> ServiceNote:
    """Return a private note of the current network."""
    return services.add_note(supplier, happened_on=day or date(2026, 9, 22), text=text, by=by)
