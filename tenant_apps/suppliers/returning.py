"""What of a supplier comes back from a restored copy, and what a person compares; notes are counted."""

from tenant_apps.portability.adapters import Branch, Compared, Tree
from tenant_apps.suppliers import services

_SUPPLIER = "suppliers.Supplier"

RETURNING = Tree(
    kind="supplier",
    folder="suppliers",
    hold=services.hold_for_return,
    settle=services.settle_returned,
    branches=(
        Branch(
            _SUPPLIER,
            ("supplier", "suppliers"),
            text="description",
            compared=(
                Compared("name", "Name"),
                Compared("website", "Website", along=("website_host",)),
                Compared("description", "About"),
                Compared("is_archived", "Taken out of the list", is_offered=False),
                Compared("hidden_at", "Description hidden since", is_offered=False),
            ),
        ),
        Branch(
            "suppliers.SupplierListing",
            ("category it stands in", "categories it stands in"),
            column="supplier_id",
            of=(_SUPPLIER,),
            with_parent=True,
        ),
        Branch(
            "suppliers.Recommendation",
            ("recommendation", "recommendations"),
            column="supplier_id",
            of=(_SUPPLIER,),
            text="text",
            compared=(
                Compared("text", "Text", edited="edited_at"),
                Compared("response", "Response", edited="edited_at"),
                Compared("quality", "Quality", edited="edited_at"),
                Compared("value", "Value", edited="edited_at"),
                Compared("would_use_again", "Would use again", edited="edited_at"),
                Compared("hidden_at", "Hidden since", is_offered=False),
            ),
        ),
        Branch("suppliers.ServiceNote", ("note of a school", "notes of schools"), "supplier_id", (_SUPPLIER,)),
    ),
)
