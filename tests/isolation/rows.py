"""What the tables hold, and what a piece of work wrote to them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection
from psycopg2.sql import SQL, Identifier

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY tablename"
_WRITTEN = """
SELECT schemaname || '.' || relname, n_tup_ins + n_tup_upd + n_tup_del
FROM pg_stat_xact_user_tables WHERE n_tup_ins + n_tup_upd + n_tup_del > 0
"""


@dataclass
class Writes:
    """How many rows each table, as schema.table, had inserted, updated or deleted."""

    tables: dict[str, int] = field(default_factory=dict)

    def beside(self, *names: str) -> dict[str, int]:
        """Return the writes to tables that are not named; a name without a schema stands for every schema."""
        return {
            table: count
            for table, count in self.tables.items()
            if table not in names and table.partition(".")[2] not in names
        }


@contextmanager
def watching() -> Iterator[Writes]:
    """Count what is written inside the current transaction: the server's own figures, so nothing can hide from them."""
    seen, before = Writes(), _written()
    yield seen
    seen.tables = {table: count - before.get(table, 0) for table, count in _written().items()}
    seen.tables = {table: count for table, count in seen.tables.items() if count}


def tables(schema: str) -> list[str]:
    """Return the names of a schema's tables; a schema without any is a mistake of the test."""
    found = [name for (name,) in _query(_TABLES, [schema])]
    assert found, schema
    return found


def texts(schema: str, table: str) -> list[str]:
    """Return every row of a table as one text."""
    query = SQL("SELECT row::text FROM {}.{} AS row").format(Identifier(schema), Identifier(table))
    return [text for (text,) in _query(query)]


def column(schema: str, table: str, name: str) -> list[str]:
    """Return the values of a column as texts."""
    query = SQL("SELECT {}::text FROM {}.{}").format(Identifier(name), Identifier(schema), Identifier(table))
    return [text or "" for (text,) in _query(query)]


def ids(schema: str) -> set[str]:
    """Return the primary keys of a schema's rows that are UUIDs."""
    found = set()
    for table in tables(schema):
        if "id" in columns(schema, table):
            found.update(column(schema, table, "id"))
    return {each for each in found if len(each) == 36}


def columns(schema: str, table: str) -> list[str]:
    """Return the names of a table's columns."""
    query = "SELECT column_name FROM information_schema.columns WHERE table_schema = %s AND table_name = %s"
    return [name for (name,) in _query(query, [schema, table])]


def _written() -> dict[str, int]:
    return dict(_query(_WRITTEN))


def _query(sql: str | SQL, values: list[str] | None = None) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
