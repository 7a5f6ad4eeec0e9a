"""Reads of the register."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from shared_apps.schools.enums import ImportState, LinkKind, RowChange
from shared_apps.schools.models import RegisterImport, RegisterImportRow, School
from shared_apps.schools.selectors.search import FoundSchool, search_schools

__all__ = [
    "FoundSchool",
    "get_school",
    "ids_of_urns",
    "import_rows",
    "latest_import",
    "predecessors",
    "schools",
    "schools_by_ids",
    "search_schools",
    "successors",
    "urns_of",
]


def get_school(school_id: UUID) -> School:
    """Return a school with its authority and trust; raises School.DoesNotExist."""
    return schools(open_only=False).get(pk=school_id)


def schools(*, open_only: bool = True) -> QuerySet[School]:
    """Return schools with their authorities and trusts, for lists."""
    found = School.objects.select_related("local_authority", "trust")
    return found.filter(is_open=True) if open_only else found


def urns_of(ids: Iterable[UUID]) -> dict[UUID, int]:
    """Return the URNs of schools, which are the same in every installation, by id."""
    return dict(School.objects.filter(id__in=list(ids)).order_by("id").values_list("id", "urn"))


def ids_of_urns(urns: Iterable[int]) -> dict[int, UUID]:
    """Return the ids that schools have here, by URN."""
    return dict(School.objects.filter(urn__in=list(urns)).values_list("urn", "id"))


def schools_by_ids(ids: Iterable[UUID]) -> dict[UUID, School]:
    """Return the schools that exist, by id, with their authorities and trusts, in one query."""
    return schools(open_only=False).in_bulk(list(ids))


def successors(school: School) -> list[School]:
    """Return the schools that follow this one, whichever side of the link the register has."""
    return _linked(school, LinkKind.SUCCESSOR, LinkKind.PREDECESSOR)


def predecessors(school: School) -> list[School]:
    """Return the schools that this one follows, whichever side of the link the register has."""
    return _linked(school, LinkKind.PREDECESSOR, LinkKind.SUCCESSOR)


def latest_import() -> RegisterImport | None:
    """Return the last import that finished."""
    return RegisterImport.objects.filter(state=ImportState.FINISHED).order_by("-started_at").first()


def import_rows(run: RegisterImport, change: RowChange) -> QuerySet[RegisterImportRow]:
    """Return the lines of an import with which it did this, in the order of the files."""
    return run.rows.filter(change=change).select_related("school").order_by("-file", "line")


def _linked(school: School, kind_here: LinkKind, kind_there: LinkKind) -> list[School]:
    said_here = Q(linked_from__school=school, linked_from__kind=kind_here)
    said_there = Q(links__linked=school, links__kind=kind_there)
    linked = School.objects.filter(said_here | said_there).select_related("local_authority")
    return list(linked.distinct().order_by("name", "urn"))
