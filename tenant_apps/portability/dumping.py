"""Rows as lines of JSON and back, made and read by PostgreSQL itself, so that every type comes back as it was.

It goes over the models of a network, so that a table nobody thought of travels too.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import batched
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from psycopg2.sql import SQL, Identifier

from tenant_apps.portability.adapters import Mask, Travel
from tenants.enums import Kind
from tenants.models import SchemaBoundModel

Row = dict[str, Any]

AT_ONCE = 500
_QUOTED_ID = re.compile(r'"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"')


@contextmanager
def one_moment() -> Iterator[None]:
    """Read everything as it was at one moment, and write nothing; no other transaction may be open."""
    with transaction.atomic(durable=True):
        if len(connection.atomic_blocks) == 1:  # otherwise a test's own has begun, which says nothing of moments
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def network_models() -> list[type[models.Model]]:
    """Return the models whose tables are in every network, by label."""
    labels = {app.rsplit(".", 1)[-1] for app in settings.TENANT_TYPES[Kind.NETWORK]["APPS"]}
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in labels and issubclass(model, SchemaBoundModel) and model._meta.managed
    ]
    return sorted(found, key=lambda model: model._meta.label)


def columns_of(table: str) -> dict[str, str]:
    """Return the types of a table's columns that are written, by name, in the table's order; of no other schema's."""
    query = (
        "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
        " WHERE attrelid = to_regclass(quote_ident(current_schema()) || '.' || %s)"
        " AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [connection.ops.quote_name(table)])
        return dict(cursor.fetchall())


def dump(model: type[models.Model], travel: Travel, *, full: bool = True) -> Iterator[str]:
    """Yield a table's rows, each as JSON in one line, in the order of their keys; private ones if it is to be full."""
    table = model._meta.db_table
    instead = dict(travel.columns) if full else {**travel.columns, **travel.private_columns}
    private = SQL("FALSE" if full or not travel.private else travel.private)
    chosen = [
        SQL("{} AS {}").format(SQL(instead[name]), Identifier(name)) if name in instead else Identifier(name)
        for name in columns_of(table)
    ]
    keys = [Identifier(field.column) for field in model._meta.pk_fields]
    query = SQL("SELECT row_to_json(x)::text FROM (SELECT {} FROM {} t WHERE NOT ({}) ORDER BY {}) x").format(
        SQL(", ").join(chosen), Identifier(table), private, SQL(", ").join(keys)
    )
    with connection.chunked_cursor() as cursor:
        cursor.execute(query)
        for (line,) in cursor:
            yield line


def rows_where(model: type[models.Model], column: str, values: Iterable[str], also: str = "TRUE") -> dict[str, Row]:
    """Return the rows of which a column holds one of these ids and `also`, an SQL condition, is true, by their ids."""
    names = SQL(", ").join(map(Identifier, columns_of(model._meta.db_table)))
    query = SQL(
        "SELECT row_to_json(x)::text FROM (SELECT {} FROM {} WHERE {} = ANY(%s::uuid[]) AND ({}) ORDER BY id) x"
    ).format(names, Identifier(model._meta.db_table), Identifier(column), SQL(also))
    with connection.cursor() as cursor:
        cursor.execute(query, [list(values)])
        return {row["id"]: row for row in (json.loads(line) for (line,) in cursor.fetchall())}


def add_missing(model: type[models.Model], rows: Iterable[Row]) -> set[str]:
    """Insert rows, but for those that a constraint of another row's leaves no place, and return the ids inserted."""
    table, lines = Identifier(model._meta.db_table), [json.dumps(row) for row in rows]
    names = SQL(", ").join(map(Identifier, columns_of(model._meta.db_table)))
    query = SQL(
        "INSERT INTO {table} ({names}) SELECT {names} FROM json_populate_recordset(NULL::{table}, %s)"
        " ON CONFLICT DO NOTHING RETURNING id::text"
    ).format(table=table, names=names)
    added: set[str] = set()
    with connection.cursor() as cursor:
        for some in batched(lines, AT_ONCE):
            cursor.execute(query, [f"[{','.join(some)}]"])
            added.update(key for (key,) in cursor.fetchall())
    return added


def write_columns(model: type[models.Model], row_id: str, values: Row) -> None:
    """Give some columns of a row other values, as `row_to_json` writes them."""
    table = Identifier(model._meta.db_table)
    given = [SQL("{name} = (json_populate_record(NULL::{table}, %(row)s)).{name}") for _ in values]
    pairs = [each.format(name=Identifier(name), table=table) for each, name in zip(given, values, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(
            SQL("UPDATE {} SET {} WHERE id = %(id)s").format(table, SQL(", ").join(pairs)),
            {"row": json.dumps(values), "id": row_id},
        )


def load(table: str, columns: Iterable[str], lines: Iterable[str]) -> int:
    """Insert rows from lines of JSON and return how many; constraints are checked when the transaction ends."""
    names = SQL(", ").join(map(Identifier, columns))
    query = SQL("INSERT INTO {table} ({names}) SELECT {names} FROM json_populate_recordset(NULL::{table}, %s)").format(
        table=Identifier(table), names=names
    )
    count = 0
    with connection.cursor() as cursor:
        for some in batched(lines, AT_ONCE):
            cursor.execute(query, [f"[{','.join(some)}]"])
            count += cursor.rowcount
    return count


def masking(masks: Iterable[Mask], nobody: UUID) -> Callable[[str], str]:
    """Return what puts nobody in the place of who wrote without their name, in every row that could tell who it was."""
    authors = {f'"{thing}"': f'"{mask.member_id}"' for mask in masks for thing in mask.things}

    def masked(line: str) -> str:
        for thing in authors.keys() & set(_QUOTED_ID.findall(line)):
            line = line.replace(authors[thing], f'"{nobody}"')
        return line

    return masked if authors else lambda line: line


def swapping(ids: Mapping[UUID, UUID]) -> Callable[[str], str]:
    """Return what puts ids in the places of others, wherever in a row they are a value of their own."""
    changed = {f'"{old}"': f'"{new}"' for old, new in ids.items() if old != new}
    if not changed:
        return lambda line: line
    return lambda line: _QUOTED_ID.sub(lambda found: changed.get(found[0], found[0]), line)
