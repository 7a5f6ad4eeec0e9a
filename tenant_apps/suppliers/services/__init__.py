"""What people do with suppliers, recommendations and service notes; only these change rows."""

from tenant_apps.suppliers.services.errors import (
    AlreadyListedError,
    AlreadyRecommendedError,
    NotAllowedError,
    SupplierError,
)
from tenant_apps.suppliers.services.examples import (
    ExampleRecommendation,
    ExampleSupplier,
    add_examples,
    remove_examples,
)
from tenant_apps.suppliers.services.notes import add_note, edit_note, remove_note
from tenant_apps.suppliers.services.recommendations import (
    edit_recommendation,
    hide_recommendation,
    recommend,
    remove_recommendation,
    set_publication,
    show_recommendation,
)
from tenant_apps.suppliers.services.returning import hold_for_return, settle_returned
from tenant_apps.suppliers.services.suppliers import (
    add_supplier,
    archive_supplier,
    edit_supplier,
    hide_description,
    seed_categories,
)

__all__ = [
    "AlreadyListedError",
    "AlreadyRecommendedError",
    "ExampleRecommendation",
    "ExampleSupplier",
    "NotAllowedError",
    "SupplierError",
    "add_examples",
    "add_note",
    "add_supplier",
    "archive_supplier",
    "edit_note",
    "edit_recommendation",
    "edit_supplier",
    "hide_description",
    "hide_recommendation",
    "hold_for_return",
    "recommend",
    "remove_examples",
    "remove_note",
    "remove_recommendation",
    "seed_categories",
    "set_publication",
    "settle_returned",
    "show_recommendation",
]
