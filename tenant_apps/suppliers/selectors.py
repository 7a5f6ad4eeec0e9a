"""Reads about suppliers; a list and a page each take a fixed number of queries."""

from dataclasses import dataclass
from datetime import date, datetime
from statistics import fmean
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Lower

from collective.publications import selectors as publications
from collective.publications.models import Publication
from tenant_apps.members.enums import EXAMPLE_ACCOUNTS
from tenant_apps.members.models import Member, Posting
from tenant_apps.members.permissions import is_active, is_moderator
from tenant_apps.sharing.drafting import supplier_key
from tenant_apps.suppliers.enums import ListOrder, SizeBand
from tenant_apps.suppliers.matching import is_alike
from tenant_apps.suppliers.models import Recommendation, ServiceNote, Supplier, SupplierCategory, SupplierListing
from tenants.context import in_collective, this_network

MOST_ALIKE = 5
_ORDERS = {
    ListOrder.RECOMMENDED: ("-again_count", "-recommendation_count", "name", "id"),
    ListOrder.NAME: (Lower("name"), "id"),
    ListOrder.NEWEST: ("-created_at", "-id"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A recommendation as the page shows it, whether a member of this network or of another wrote it.

    `origin_id` tells networks apart for counting and is never shown; `publication_id` is set for another network's.
    """

    id: UUID
    who: str
    line: str
    text: str
    at: datetime
    response: int
    quality: int
    value: int
    would_use_again: bool
    phase: str
    origin_id: UUID | None = None
    origin_name: str = ""
    origin_colour: str = ""
    publication_id: UUID | None = None
    is_mine: bool = False
    is_edited: bool = False
    is_shared: bool = False
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Figures:
    """What schools say of a supplier, in numbers; `away` counts what other networks share."""

    total: int
    again: int
    networks: int
    away: int
    response: float | None
    quality: float | None
    value: float | None

    @property
    def not_again(self) -> int:
        """How many would not use it again."""
        return self.total - self.again


def categories() -> list[SupplierCategory]:
    """Return the categories in their order."""
    return list(SupplierCategory.objects.all())


def suppliers(
    *, search: str = "", category: str = "", order: str = ListOrder.RECOMMENDED, archived: bool = False
) -> QuerySet[Supplier]:
    """Return suppliers with their categories; every word of `search` is in a name, a description or a category."""
    found = Supplier.objects.filter(is_archived=archived).select_related("created_by").prefetch_related("categories")
    if category:
        found = found.filter(_in_category(Q(category__name__iexact=category)))
    for word in search.split()[:10]:
        named = _in_category(Q(category__name__icontains=word))
        described = Q(description__icontains=word, hidden_at=None)
        found = found.filter(Q(name__icontains=word) | described | named)
    return found.order_by(*_ORDERS[ListOrder(order) if order in ListOrder.values else ListOrder.RECOMMENDED])


def count_archived() -> int:
    """Return how many suppliers are out of the list."""
    return Supplier.objects.filter(is_archived=True).count()


def get_supplier(supplier_id: UUID) -> Supplier | None:
    """Return one supplier with its categories, archived or not, or None."""
    found = Supplier.objects.filter(id=supplier_id).select_related("created_by")
    return found.prefetch_related("categories").first()


def examples() -> QuerySet[Supplier]:
    """Return the suppliers that were made up to show how they look, by name."""
    return Supplier.objects.filter(created_by__account_id__in=EXAMPLE_ACCOUNTS).order_by("name", "id")


def example_writers() -> set[UUID]:
    """Return the ids of the people who do not exist who added a supplier, or said something of one."""
    said = Recommendation.objects.filter(author__account_id__in=EXAMPLE_ACCOUNTS)
    return {*examples().values_list("created_by_id", flat=True), *said.values_list("author_id", flat=True)}


def used_examples() -> QuerySet[Supplier]:
    """Return the examples that members have recommended or keep notes on."""
    by_members = Recommendation.objects.exclude(author__account_id__in=EXAMPLE_ACCOUNTS)
    is_recommended = Exists(by_members.filter(supplier=OuterRef("id")))
    return examples().filter(is_recommended | Exists(ServiceNote.objects.filter(supplier=OuterRef("id"))))


def same_supplier(name: str, host: str, *, except_id: UUID | None = None) -> Supplier | None:
    """Return the supplier that stands here under this name or this website, or None."""
    same = Q(lower_name=Lower(Value(name)))
    if host:
        same |= Q(website_host=host)
    found = Supplier.objects.annotate(lower_name=Lower("name")).filter(same)
    return (found.exclude(id=except_id) if except_id else found).first()


def suppliers_alike(name: str) -> list[Supplier]:
    """Return the suppliers whose names may mean the same company, at most five."""
    known = Supplier.objects.order_by("name").values_list("id", "name")
    alike = [supplier_id for supplier_id, other in known if is_alike(name, other)][:MOST_ALIKE]
    return list(Supplier.objects.filter(id__in=alike).prefetch_related("categories")) if alike else []


def recommendations(supplier: Supplier, reader: Member) -> QuerySet[Recommendation]:
    """Return what members say of a supplier, newest first, with the authors; a hidden one to those it concerns."""
    found = _seen_by(reader).filter(supplier=supplier).select_related("author")
    return found.order_by("-created_at", "-id")


def said_of(supplier: Supplier, member: Member) -> list[Said]:
    """Return what schools say of a supplier, here and what other networks share, newest first."""
    here = [_here(each, member) for each in recommendations(supplier, member)]
    return sorted([*here, *map(_away, _elsewhere(supplier))], key=lambda said: (said.at, str(said.id)), reverse=True)


def collective_key(supplier: Supplier) -> str:
    """Return the key under which the Collective gathers what networks share of this company."""
    return supplier_key(supplier.name, supplier.website)


def figures_of(said: list[Said]) -> Figures:
    """Return the counts and means over what schools say; means are None where nobody says anything."""
    said = [each for each in said if not each.is_hidden]
    return Figures(
        total=len(said),
        again=sum(each.would_use_again for each in said),
        networks=len({each.origin_id for each in said}),
        away=sum(each.origin_id is not None for each in said),
        response=_mean([each.response for each in said]),
        quality=_mean([each.quality for each in said]),
        value=_mean([each.value for each in said]),
    )


def get_recommendation(recommendation_id: UUID, reader: Member | None = None) -> Recommendation | None:
    """Return one recommendation with its supplier and author, or None; for a reader, where they may see it."""
    found = Recommendation.objects.all() if reader is None else _seen_by(reader)
    return found.filter(id=recommendation_id).select_related("supplier", "author").first()


def recommendation_by(member: Member, supplier: Supplier) -> Recommendation | None:
    """Return what a member says of a supplier, or None."""
    return Recommendation.objects.filter(supplier=supplier, author=member).first()


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


def _seen_by(reader: Member) -> QuerySet[Recommendation]:
    """What a moderator hides is seen by its author and by moderators."""
    if is_moderator(reader):
        return Recommendation.objects.all()
    return Recommendation.objects.filter(Q(hidden_at=None) | Q(author=reader))


def _in_category(condition: Q) -> Exists:
    return Exists(SupplierListing.objects.filter(condition, supplier=OuterRef("id")))


def _elsewhere(supplier: Supplier) -> list[Publication]:
    """What other networks share of the same company and this network may see."""
    network, key = this_network(), collective_key(supplier)
    with in_collective():
        found = publications.recommendations_of(key, network_id=network.id)
    return [each for each in found if each.origin_id != network.id]


def _here(recommendation: Recommendation, member: Member) -> Said:
    author = recommendation.author
    return Said(
        id=recommendation.id,
        who=author.shown_name,
        line=_line(author.headline_school, recommendation.phase, recommendation.size),
        text=recommendation.text,
        at=recommendation.created_at,
        response=recommendation.response,
        quality=recommendation.quality,
        value=recommendation.value,
        would_use_again=recommendation.would_use_again,
        phase=recommendation.phase,
        is_mine=recommendation.author_id == member.id,
        is_edited=recommendation.edited_at is not None,
        is_shared=recommendation.is_shared,
        is_hidden=recommendation.hidden_at is not None,
    )


def _away(publication: Publication) -> Said:
    """An anonymous one shows neither the network nor its colour."""
    named = publication.shown_name or publication.shown_role or "A member"
    return Said(
        id=publication.id,
        who=named,
        line=_line(publication.shown_role if publication.shown_name else "", publication.phase, publication.size),
        text=publication.body,
        at=publication.shown_at,
        response=publication.response or 0,
        quality=publication.quality or 0,
        value=publication.value or 0,
        would_use_again=bool(publication.would_use_again),
        phase=publication.phase,
        origin_id=publication.origin_id,
        origin_name=publication.shown_network or publication.shown_region or "another network",
        origin_colour=publication.origin.colour if publication.shown_network else "",
        publication_id=publication.id,
    )


def _line(who: str, phase: str, size: str) -> str:
    """Return "Ladywood Community School, secondary, 421 to 1,000 pupils" from what is known of it."""
    kind = "" if phase.lower() == "not applicable" else phase
    size = SizeBand(size).label if size in SizeBand.values else size
    parts = [part for part in (who, kind, size) if part]
    return ", ".join(part[:1].lower() + part[1:] if number and who else part for number, part in enumerate(parts))


def _mean(marks: list[int]) -> float | None:
    known = [mark for mark in marks if mark]
    return fmean(known) if known else None
