"""An example in a new network's directory, with what people who do not exist say of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tenant_apps.members.models import Member
from tenant_apps.suppliers import selectors
from tenant_apps.suppliers.models import Recommendation, ServiceNote, Supplier, SupplierCategory
from tenant_apps.suppliers.services.recommendations import settle_figures
from tenant_apps.suppliers.signals import supplier_removed


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleRecommendation:
    """What one of the people who do not exist said; `by` is their place among them."""

    by: int
    response: int
    quality: int
    value: int
    would_use_again: bool
    text: str


@dataclass(frozen=True, slots=True)
class ExampleSupplier:
    """A company that there is not, in the first of these categories that the network has, or in the last."""

    name: str
    description: str
    categories: tuple[str, ...]
    said: tuple[ExampleRecommendation, ...]


@transaction.atomic
def add_examples(examples: Sequence[ExampleSupplier], people: Sequence[Member], *, until: datetime) -> None:
    """Add these, all of it said at `until`, when nobody was here yet."""
    for example in examples:
        made = Supplier.objects.create(
            name=example.name, description=example.description, created_by=people[0], created_at=until
        )
        made.categories.set(_category(example.categories))
        Recommendation.objects.bulk_create(
            Recommendation(
                supplier=made,
                author=people[said.by],
                response=said.response,
                quality=said.quality,
                value=said.value,
                would_use_again=said.would_use_again,
                text=said.text,
                created_at=until,
            )
            for said in example.said
        )
        settle_figures(made)


@transaction.atomic
def remove_examples(*, with_members: bool) -> int:
    """Remove the examples, those of which members said something only `with_members`; return how many are left."""
    held = set(selectors.examples().select_for_update(of=["self"]).values_list("id", flat=True))
    kept = set() if with_members else set(selectors.used_examples().values_list("id", flat=True))
    gone = held - kept
    ServiceNote.objects.filter(supplier_id__in=gone).delete()
    Recommendation.objects.filter(supplier_id__in=gone).delete()
    Supplier.objects.filter(id__in=gone).delete()
    for supplier_id in gone:
        supplier_removed.send(Supplier, supplier_id=supplier_id)
    return len(kept)


def _category(names: Sequence[str]) -> list[SupplierCategory]:
    """Return one category, or none where the network has none."""
    here = {each.name: each for each in SupplierCategory.objects.all()}
    return [here[name] for name in names if name in here][:1] or list(here.values())[-1:]
