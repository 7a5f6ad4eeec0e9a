"""Makes recommendations shareable, and them and suppliers reportable.

Service notes have no adapter, and nothing of them is in what these return.
"""

from uuid import UUID

from django.urls import reverse

from collective.publications.enums import PublicationKind
from tenant_apps.members.models import Member
from tenant_apps.moderation.adapters import Reportable
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
        """Return the recommendation, or None when it is gone, or is of a supplier that there is not."""
        found = Recommendation.objects.select_related("supplier__created_by").prefetch_related("supplier__categories")
        recommendation = found.filter(id=source_id, hidden_at=None).first()
        return _source(recommendation) if recommendation and not recommendation.supplier.is_example else None

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


class ReportableRecommendation:
    """What a school says of a supplier; a hidden one is not shared and does not count."""

    kind = noun = SHARE_KIND

    def load(self, object_id: UUID) -> Reportable | None:
        """Return the recommendation, or None when it is gone."""
        found = selectors.get_recommendation(object_id)
        return self._reportable(found) if found else None

    def hide(self, object_id: UUID, *, reason: str, by: Member) -> None:
        """Hide it, taking it back from the Collective first."""
        services.hide_recommendation(Recommendation.objects.get(id=object_id), by=by)

    def show(self, object_id: UUID, *, by: Member) -> None:
        """Let it be seen again."""
        services.show_recommendation(Recommendation.objects.get(id=object_id), by=by)

    def recent_of(self, author_id: UUID) -> list[Reportable]:
        """Return the newest few of a member."""
        found = Recommendation.objects.filter(author_id=author_id).select_related("supplier", "author")
        return [self._reportable(each) for each in found.order_by("-created_at", "-id")[:5]]

    def count_standing(self, author_id: UUID) -> int:
        """Return how many of a member are to be seen."""
        return Recommendation.objects.filter(author_id=author_id, hidden_at=None).count()

    def _reportable(self, recommendation: Recommendation) -> Reportable:
        return Reportable(
            kind=self.kind,
            object_id=recommendation.id,
            title=f"Recommendation of {recommendation.supplier.name}",
            text=recommendation.text,
            author_id=recommendation.author_id,
            author_name=recommendation.author.shown_name,
            written_at=recommendation.created_at,
            path=reverse("suppliers:recommendation_detail", args=[recommendation.id], urlconf="config.urls.network"),
            is_hidden=recommendation.hidden_at is not None,
        )


class ReportableSupplier:
    """What a supplier's entry says of it; hiding it leaves the name and what schools say."""

    kind = noun = "supplier"

    def load(self, object_id: UUID) -> Reportable | None:
        """Return the entry, or None where there is nothing to read in it."""
        found = Supplier.objects.filter(id=object_id).select_related("created_by").first()
        return self._reportable(found) if found else None

    def hide(self, object_id: UUID, *, reason: str, by: Member) -> None:
        """Hide the description."""
        services.hide_description(Supplier.objects.get(id=object_id), is_hidden=True, by=by)

    def show(self, object_id: UUID, *, by: Member) -> None:
        """Let the description be seen again."""
        services.hide_description(Supplier.objects.get(id=object_id), is_hidden=False, by=by)

    def recent_of(self, author_id: UUID) -> list[Reportable]:
        """Return nothing: an entry belongs to everybody who corrects it."""
        return []

    def count_standing(self, author_id: UUID) -> int:
        """Return how many suppliers a member added."""
        return Supplier.objects.filter(created_by_id=author_id, hidden_at=None).count()

    def _reportable(self, supplier: Supplier) -> Reportable:
        return Reportable(
            kind=self.kind,
            object_id=supplier.id,
            title=supplier.name,
            text=supplier.description,
            author_id=supplier.created_by_id,
            author_name=supplier.created_by.shown_name,
            written_at=supplier.created_at,
            path=reverse("suppliers:supplier_detail", args=[supplier.id], urlconf="config.urls.network"),
            is_hidden=supplier.hidden_at is not None,
        )
