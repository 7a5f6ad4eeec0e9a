"""Suppliers and what members say of them, as an archive shows them; a school's notes are not among it."""

from collections.abc import Iterator

from tenant_apps.portability.adapters import Page, Sheet
from tenant_apps.suppliers.models import Recommendation, Supplier

_AT_ONCE = 100


class ReadableSuppliers:
    """Sheets of suppliers and recommendations, and a page for each supplier."""

    def sheets(self) -> Iterator[Sheet]:
        """Yield suppliers, and recommendations."""
        found = Supplier.objects.prefetch_related("categories").order_by("name", "id")
        yield Sheet(
            "suppliers",
            ["Id", "Name", "Website", "About", "Categories", "Recommendations", "Would use again"],
            map(_line, found.iterator(chunk_size=_AT_ONCE)),
        )
        said = Recommendation.objects.filter(hidden_at=None).select_related("supplier", "author")
        yield Sheet(
            "recommendations",
            ["Id", "Supplier", "By", "Response", "Quality", "Value", "Would use again", "Text", "Written"],
            map(_said, said.order_by("created_at", "id").iterator(chunk_size=_AT_ONCE)),
        )

    def pages(self) -> Iterator[Page]:
        """Yield a page for each supplier, by name."""
        for supplier in Supplier.objects.prefetch_related("categories").order_by("name", "id").iterator(_AT_ONCE):
            said = supplier.recommendations.filter(hidden_at=None).select_related("author")
            yield Page(
                path=f"suppliers/{supplier.id}.html",
                title=supplier.name,
                section="Suppliers",
                template="suppliers/exported.html",
                context={"supplier": supplier, "said": said},
            )


def _line(supplier: Supplier) -> list[object]:
    return [
        supplier.id,
        supplier.name,
        supplier.website,
        supplier.shown_description,
        ", ".join(category.name for category in supplier.categories.all()),
        supplier.recommendation_count,
        supplier.again_count,
    ]


def _said(said: Recommendation) -> list[object]:
    return [
        said.id,
        said.supplier.name,
        said.author.shown_name,
        said.response,
        said.quality,
        said.value,
        "yes" if said.would_use_again else "no",
        said.text,
        said.created_at,
    ]
