"""Reads about suppliers; a list and a page each take a fixed number of queries."""

from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Lower

from collective.publications import selectors as publications
from collective.publications.models import Publication
from tenant_apps.members.models import Member, Posting
from tenant_apps.members.permissions import is_active
from tenant_apps.sharing.drafting import supplier_key
from tenant_apps.suppliers.enums import ListOrder, RecommendationView
from tenant_apps.suppliers.matching import is_alike
from tenant_apps.suppliers.models import Recommendation, ServiceNote, Supplier, SupplierCategory, SupplierListing
from tenants.context import current_network, in_collective

MOST_ALIKE = 5
_ORDERS = {
    ListOrder.RECOMMENDED: ("-again_count", "-recommendation_count", "name", "id"),
    ListOrder.NAME: (Lower("name"), "id"),
    ListOrder.NEWEST: ("-created_at", "-id"),
}


def categories() -> list[SupplierCategory]:
    """Return the categories in their order."""
    return list(SupplierCategory.objects.all())


def suppliers(
    *, search: str = "", category: str = "", order: str = ListOrder.RECOMMENDED, archived: bool = False
) -> QuerySet[Supplier]:
    """Return suppliers with their categories; every word of `search` is in a name, a description or a category."""
    found = Supplier.objects.filter(is_archived=archived).prefetch_related("categories")
    if category:
        found = found.filter(_in_category(Q(category__name__iexact=category)))
    for word in search.split()[:10]:
        named = _in_category(Q(category__name__icontains=word))
        found = found.filter(Q(name__icontains=word) | Q(description__icontains=word) | named)
    return found.order_by(*_ORDERS.get(order, _ORDERS[ListOrder.RECOMMENDED]))


def count_archived() -> int:
    """Return how many suppliers are out of the list."""
    return Supplier.objects.filter(is_archived=True).count()


def get_supplier(supplier_id: UUID) -> Supplier | None:
    """Return one supplier with its categories, archived or not, or None."""
    return Supplier.objects.filter(id=supplier_id).prefetch_related("categories").first()


def same_supplier(name: str, host: str, *, except_id: UUID | None = None) -> Supplier | None:
    """Return the supplier that stands here under this name or this website, or None."""
    same = Q(lower_name=Lower(Value(name)))
    if host:
        same |= Q(website_host=host)
    found = Supplier.objects.annotate(lower_name=Lower("name")).filter(same)
    return found.exclude(id=except_id).first()


def suppliers_alike(name: str) -> list[Supplier]:
    """Return the suppliers whose names may mean the same company, at most five."""
    known = Supplier.objects.order_by("name").values_list("id", "name")
    alike = [supplier_id for supplier_id, other in known if is_alike(name, other)][:MOST_ALIKE]
    return list(Supplier.objects.filter(id__in=alike).prefetch_related("categories")) if alike else []


def recommendations(supplier: Supplier, *, show: str = RecommendationView.ALL, phase: str = "") -> QuerySet:
    """Return what members say of a supplier, newest first, with the authors; `phase` is of the reader's school."""
    found = Recommendation.objects.filter(supplier=supplier).select_related("author").order_by("-created_at", "-id")
    if show == RecommendationView.NOT_AGAIN:
        return found.filter(would_use_again=False)
    return found.filter(phase=phase) if show == RecommendationView.LIKE_YOURS and phase else found


def get_recommendation(recommendation_id: UUID) -> Recommendation | None:
    """Return one recommendation with its supplier and author, or None."""
    return Recommendation.objects.filter(id=recommendation_id).select_related("supplier", "author").first()


def recommendation_by(member: Member, supplier: Supplier) -> Recommendation | None:
    """Return what a member says of a supplier, or None."""
    return Recommendation.objects.filter(supplier=supplier, author=member).first()


def recommendations_elsewhere(supplier: Supplier) -> list[Publication]:
    """Return what other networks share of the same company and this network may see, newest first."""
    network = current_network()
    if network is None:
        return []
    key = supplier_key(supplier.name, supplier.website)
    with in_collective():
        found = publications.recommendations_of(key, network_id=network.id)
    return [each for each in found if each.origin_id != network.id]


def current_postings(member: Member, *, on: date) -> list[Posting]:
    """Return the postings a member holds on a day, the primary one first."""
    held = Q(active_to__isnull=True) | Q(active_to__gt=on)
    return list(member.postings.filter(held, active_from__lte=on).order_by("-is_primary", "-active_from", "-id"))


def notes(member: Member, supplier: Supplier, *, on: date) -> QuerySet[ServiceNote]:
    """Return the notes on a supplier that a member may read on a day, newest first: their own and their school's."""
    return _readable_notes(member, on=on).filter(supplier=supplier).select_related("author")


def get_note(note_id: UUID, member: Member, *, on: date) -> ServiceNote | None:
    """Return one note if this member may read it on this day, or None."""
    return _readable_notes(member, on=on).filter(id=note_id).select_related("author", "supplier").first()


def _readable_notes(member: Member, *, on: date) -> QuerySet[ServiceNote]:
    """The only way to service notes: those of the author, and of the schools they work at now."""
    if not is_active(member):
        return ServiceNote.objects.none()
    held = Q(active_to__isnull=True) | Q(active_to__gt=on)
    here = Posting.objects.filter(held, member=member, active_from__lte=on, school_id__isnull=False)
    return ServiceNote.objects.filter(Q(author=member) | Q(school_id__in=here.values("school_id")))


def _in_category(condition: Q) -> Exists:
    return Exists(SupplierListing.objects.filter(condition, supplier=OuterRef("id")))
