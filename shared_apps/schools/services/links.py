"""Imports DfE's links between schools: which follows which, which were merged or split."""

# ruff: noqa: S608 - names of tables and columns come from this package; what the files say travels as parameters

from collections.abc import Callable, Sequence
from typing import Any

from shared_apps.schools.enums import ImportedFile, LinkKind
from shared_apps.schools.gias import LinksFile, Row
from shared_apps.schools.models import RegisterImport
from shared_apps.schools.services.staging import OnRows, Table, drop_repeats, execute, fetch, stage
from tenants.ids import new_id

_TABLE = "staged_links"
_COLUMNS = {
    "line": "integer",
    "id": "uuid",
    "report_id": "uuid",
    "urn": "integer",
    "linked_urn": "integer",
    "kind": "text",
    "link_type": "text",
    "established_date": "date",
}
_BETWEEN = (
    f"{_TABLE} staged JOIN schools_school school ON school.urn = staged.urn"
    " JOIN schools_school linked ON linked.urn = staged.linked_urn"
)
_IS_KNOWN = "link.school_id = school.id AND link.linked_id = linked.id AND link.link_type = staged.link_type"


def import_links(run: RegisterImport, file: LinksFile, on_rows: OnRows) -> None:
    """Import the file and count into `run`; links of schools that the register does not have are counted and left."""
    table = Table(_TABLE, ImportedFile.LINKS, _COLUMNS, _values(file.fields))
    run.links_unreadable = stage(run, file, table, on_rows)
    run.links_unreadable += drop_repeats(
        run, table, "urn, linked_urn, link_type", "'The same link is already in line ' || first_line"
    )
    ((known, total),) = fetch(f"SELECT (SELECT count(*) FROM {_BETWEEN}), (SELECT count(*) FROM {_TABLE})")
    run.links_unknown_school = total - known
    run.links_changed = _update_links("established_date" in file.fields)
    run.links_added = _add_links()
    run.links_unchanged = known - run.links_added - run.links_changed


def _values(fields: Sequence[str]) -> Callable[[Row], Sequence[Any]]:
    def values_of(row: Row) -> Sequence[Any]:
        given = dict(zip(fields, row.values, strict=True))
        link_type = given["link_type"]
        established = given.get("established_date")
        return (
            row.line,
            new_id(),
            new_id(),
            given["urn"],
            given["linked_urn"],
            _kind(link_type),
            link_type,
            established,
        )

    return values_of


def _kind(link_type: str) -> LinkKind:
    """Return what the linked school is; amalgamations and sixth forms are named the same from both sides."""
    start = link_type.lower().split(" ")[0]
    return LinkKind(start) if start in (LinkKind.SUCCESSOR, LinkKind.PREDECESSOR) else LinkKind.OTHER


def _update_links(dates_given: bool) -> int:
    if not dates_given:
        return 0
    return execute(
        f"""
        UPDATE schools_schoollink link SET established_date = staged.established_date
        FROM {_BETWEEN}
        WHERE {_IS_KNOWN} AND link.established_date IS DISTINCT FROM staged.established_date
        """
    )


def _add_links() -> int:
    return execute(
        f"""
        INSERT INTO schools_schoollink (id, school_id, linked_id, kind, link_type, established_date)
        SELECT staged.id, school.id, linked.id, staged.kind, staged.link_type, staged.established_date FROM {_BETWEEN}
        WHERE NOT EXISTS (SELECT FROM schools_schoollink link WHERE {_IS_KNOWN})
        """
    )
