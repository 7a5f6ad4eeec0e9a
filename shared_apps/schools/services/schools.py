"""Finds what differs between a file and the register, reports it line by line, and makes the register agree."""

# ruff: noqa: S608 - names of tables and columns come from this package; what the files say travels as parameters

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from shared_apps.schools import matching
from shared_apps.schools.enums import ImportedFile, RowChange, SchoolStatus
from shared_apps.schools.gias import Row, SchoolsFile
from shared_apps.schools.models import LocalAuthority, RegisterImport, Trust
from shared_apps.schools.services.staging import OnRows, Table, drop_repeats, execute, fetch, stage
from tenants.ids import new_id

_TABLE = "staged_schools"
_NO_AUTHORITY = ("", "000")  # DfE's "Does not apply": schools overseas and offshore
_SQL_TYPES = {
    "urn": "integer",
    "status": "smallint",
    "pupils": "integer",
    "easting": "integer",
    "northing": "integer",
    "opened_date": "date",
    "closed_date": "date",
    "last_changed_date": "date",
}
# What the file says of schools that the register keeps in tables of their own.
_ELSEWHERE = {"la_code", "la_name", "trust_uid", "trust_name"}
_CHANGE = f"""
    CASE WHEN staged.status = {SchoolStatus.CLOSED:d} AND school.status <> {SchoolStatus.CLOSED:d}
            THEN '{RowChange.CLOSED:s}'
        WHEN staged.status IN ({SchoolStatus.OPEN:d}, {SchoolStatus.OPEN_PROPOSED_TO_CLOSE:d})
            AND school.status = {SchoolStatus.CLOSED:d} THEN '{RowChange.REOPENED:s}'
        ELSE '{RowChange.CHANGED:s}' END
"""
_SEARCH = ("search_name", "search_place", "search_numbers", "search_more")


def read_schools(run: RegisterImport, file: SchoolsFile, on_rows: OnRows) -> None:
    """Stage the file's rows and report those that cannot be read."""
    table = _table(file)
    run.unreadable = stage(run, file, table, on_rows)
    run.unreadable += drop_repeats(run, table, "urn", "'URN ' || urn || ' is already in line ' || first_line")


def apply_schools(run: RegisterImport, file: SchoolsFile) -> list[UUID]:
    """Make the register agree with what is staged, count into `run`, and return the ids of known schools that changed.

    A school whose authority or trust has another name now is among them.
    """
    renamed_authorities = _bring_up_to_date(LocalAuthority, "code", "la_code", "la_name")
    renamed_trusts = _bring_up_to_date(Trust, "uid", "trust_uid", "trust_name") if "trust_uid" in file.fields else []
    _find_schools(file)
    facts = _facts(file)
    _find_changes(facts, renamed_authorities, renamed_trusts)
    _update_schools(facts)
    _add_schools(facts)
    _report(run)
    _count(run)
    return _changed_ids()


def _table(file: SchoolsFile) -> Table:
    columns = {"line": "integer", "id": "uuid", "report_id": "uuid"}
    columns |= {field: _SQL_TYPES.get(field, "text") for field in file.fields}
    columns |= dict.fromkeys(_SEARCH, "text")
    return Table(_TABLE, ImportedFile.SCHOOLS, columns, _values(file.fields))


def _values(fields: Sequence[str]) -> Callable[[Row], Sequence[Any]]:
    def values_of(row: Row) -> Sequence[Any]:
        given = dict(zip(fields, row.values, strict=True))
        return (row.line, new_id(), new_id(), *row.values, *_search_texts(given))

    return values_of


def _search_texts(given: dict[str, Any]) -> tuple[str, str, str, str]:
    """Return the four texts that the search index is made of, strongest first."""
    authority = given["la_name"] if given["la_code"] not in _NO_AUTHORITY else ""
    return (
        matching.normal_form(given["name"])[:300],
        matching.normal_form(given["town"], given.get("locality", ""), given.get("address3", "")),
        matching.numbers(
            urn=given["urn"],
            ukprn=given.get("ukprn", ""),
            la_code=given["la_code"],
            establishment_number=given.get("establishment_number", ""),
            postcode=given["postcode"],
        ),
        matching.normal_form(authority, given.get("county", ""), given.get("street", "")),
    )


def _bring_up_to_date[Named: (LocalAuthority, Trust)](model: type[Named], key: str, code: str, name: str) -> list[str]:
    """Add and rename authorities or trusts as the file has them; return the codes of the renamed ones.

    Where rows disagree about a name, the commonest counts, so that the next run of the same file changes nothing.
    """
    named: dict[str, str] = dict(
        fetch(
            f"SELECT {code}, mode() WITHIN GROUP (ORDER BY {name}) FROM {_TABLE}"
            f" WHERE {code} <> ALL(%s) AND {name} <> '' GROUP BY {code}",
            [list(_NO_AUTHORITY)],
        )
    )
    known = dict(model.objects.values_list(key, "name"))
    renamed = [given for given, called in named.items() if given in known and known[given] != called]
    new_or_renamed = [
        model(**{key: given}, name=called) for given, called in named.items() if known.get(given) != called
    ]
    model.objects.bulk_create(
        new_or_renamed, update_conflicts=True, unique_fields=[key], update_fields=["name"], batch_size=1_000
    )
    return renamed


def _find_schools(file: SchoolsFile) -> None:
    execute(
        f"ALTER TABLE {_TABLE} ADD school_id uuid, ADD local_authority_id uuid, ADD trust_id uuid,"
        " ADD change text, ADD detail text NOT NULL DEFAULT ''"
    )
    trust = "staged.trust_uid" if "trust_uid" in file.fields else "NULL"
    execute(
        f"""
        UPDATE {_TABLE} target
        SET school_id = school.id, local_authority_id = authority.id, trust_id = trust.id
        FROM {_TABLE} staged
        LEFT JOIN schools_school school ON school.urn = staged.urn
        LEFT JOIN schools_localauthority authority ON authority.code = staged.la_code
        LEFT JOIN schools_trust trust ON trust.uid = {trust}
        WHERE staged.line = target.line
        """
    )
    execute(f"UPDATE {_TABLE} SET change = %s WHERE school_id IS NULL", [RowChange.ADDED])
    execute(f"ANALYZE {_TABLE}")


def _facts(file: SchoolsFile) -> list[str]:
    """Return the columns that the file has a say in; what it does not mention stays as it is."""
    facts = [field for field in file.fields if field not in _ELSEWHERE]
    facts.append("local_authority_id")
    if "trust_uid" in file.fields:
        facts.append("trust_id")
    return facts


def _find_changes(facts: list[str], renamed_authorities: list[str], renamed_trusts: list[str]) -> None:
    """Mark each staged row whose school differs from it, with what has happened and which facts differ."""
    tests = {fact: f"school.{fact} IS DISTINCT FROM staged.{fact}" for fact in facts}
    tests["local_authority_name"] = "staged.la_code = ANY(%(authorities)s)"
    if "trust_id" in facts:
        tests["trust_name"] = "staged.trust_uid = ANY(%(trusts)s)"
    details = ", ".join(f"CASE WHEN {test} THEN '{_in_words(fact)}' END" for fact, test in tests.items())
    execute(
        f"""
        UPDATE {_TABLE} staged SET change = {_CHANGE}, detail = concat_ws(', ', {details})
        FROM schools_school school
        WHERE school.id = staged.school_id AND ({" OR ".join(tests.values())})
        """,
        {"authorities": renamed_authorities, "trusts": renamed_trusts},
    )


def _in_words(fact: str) -> str:
    return fact.removesuffix("_id").replace("_", " ")


def _update_schools(facts: list[str]) -> None:
    """Write what changed; a search text that a newer release words differently is no change of the school."""
    columns = [*facts, *_SEARCH]
    reworded = " OR ".join(f"school.{text} <> staged.{text}" for text in _SEARCH)
    execute(
        f"""
        UPDATE schools_school school SET {", ".join(f"{column} = staged.{column}" for column in columns)}
        FROM {_TABLE} staged
        WHERE staged.school_id = school.id AND (staged.change IS NOT NULL OR {reworded})
        """
    )


def _add_schools(facts: list[str]) -> None:
    blank = [field for field in _OPTIONAL_TEXTS if field not in facts]
    columns = ["id", *facts, *_SEARCH]
    execute(
        f"""
        INSERT INTO schools_school ({", ".join([*columns, *blank])})
        SELECT {", ".join([*columns, *("''" for _ in blank)])} FROM {_TABLE} WHERE change = %s ORDER BY line
        """,
        [RowChange.ADDED],
    )


_OPTIONAL_TEXTS = (
    "type_code",
    "type_name",
    "phase_code",
    "phase_name",
    "ukprn",
    "establishment_number",
    "street",
    "locality",
    "address3",
    "county",
)


def _report(run: RegisterImport) -> None:
    execute(
        f"""
        INSERT INTO schools_registerimportrow (id, register_import_id, file, line, change, school_id, detail)
        SELECT report_id, %s, %s, line, change, coalesce(school_id, id), detail FROM {_TABLE} WHERE change IS NOT NULL
        """,
        [run.id, ImportedFile.SCHOOLS],
    )


def _count(run: RegisterImport) -> None:
    counts = dict(fetch(f"SELECT change, count(*) FROM {_TABLE} GROUP BY change"))
    run.unchanged = counts.get(None, 0)
    run.added = counts.get(RowChange.ADDED, 0)
    run.changed = counts.get(RowChange.CHANGED, 0)
    run.closed = counts.get(RowChange.CLOSED, 0)
    run.reopened = counts.get(RowChange.REOPENED, 0)


def _changed_ids() -> list[UUID]:
    rows = fetch(f"SELECT school_id FROM {_TABLE} WHERE change <> %s ORDER BY line", [RowChange.ADDED])
    return [school_id for (school_id,) in rows]
