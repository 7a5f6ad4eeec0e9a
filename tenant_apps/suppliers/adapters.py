"""Makes a recommendation shareable. Service notes have no adapter, and nothing of them is in what this returns."""

from uuid import UUID

from django.urls import reverse

from collective.publications.enums import PublicationKind
from tenant_apps.sharing.adapters import Source
from tenant_apps.sharing.permissions import may_leave
from tenant_apps.sharing.selectors import get_policy
from tenant_apps.suppliers import selectors, services
from tenant_apps.suppliers.enums import SHARE_KIND
from tenant_apps.suppliers.models import Recommendation, Supplier


class RecommendationAdapter:
    """What leaves is what the author says, with the supplier's name, website and one of its categories."""

    kind = SHARE_KIND
    plural = "recommendations"

    def load(self, source_id: UUID) -> Source | None:
        """Return the recommendation, or None when it is gone."""
        found = Recommendation.objects.select_related("supplier").prefetch_related("supplier__categories")
        recommendation = found.filter(id=source_id).first()
        return _source(recommendation) if recommendation else None

    def set_publication(self, source_id: UUID, publication_id: UUID | None, *, received: int = 0) -> None:
        """Write the recommendation's own mark."""
        services.set_publication(source_id, publication_id)

    def path(self, source_id: UUID) -> str:
        """Return the path that leads to it on its supplier's page."""
        return reverse("suppliers:recommendation_detail", args=[source_id], urlconf="config.urls.network")

    def categories(self) -> list[str]:
        """Return the names of this network's supplier categories."""
        return [category.name for category in selectors.categories()]


def _source(recommendation: Recommendation) -> Source:
    supplier = recommendation.supplier
    return Source(
        source_id=recommendation.id,
        kind=PublicationKind.RECOMMENDATION,
        author_id=recommendation.author_id,
        title=_title(supplier.name, would_use_again=recommendation.would_use_again),
        body=recommendation.text,
        created_at=recommendation.created_at,
        category=_category(supplier),
        phase=recommendation.phase,
        size=recommendation.size,
        supplier_name=supplier.name,
        supplier_website=supplier.website,
        response=recommendation.response,
        quality=recommendation.quality,
        value=recommendation.value,
        would_use_again=recommendation.would_use_again,
        stays="Your school’s service notes, and what other members say of this supplier.",
    )


def _title(name: str, *, would_use_again: bool) -> str:
    """Return a title that reads well in search and holds no school's name."""
    return f"{name}: would {'use' if would_use_again else 'not use'} again"


def _category(supplier: Supplier) -> str:
    """Return the first category; where the network keeps any of them to itself, that one, so that nothing leaves."""
    names = [category.name for category in supplier.categories.all()]
    policy = get_policy()
    kept = [name for name in names if not may_leave(policy, name)]
    return (kept or names or [""])[0]
