"""Which migrations a network's schema lacks, and their SQL: recorded where Django runs them, then run in the others.

Stock migrations look the whole catalogue up again and again, in every schema, so their time grows with the square of
the number of networks. Here Django does that in one schema of each group that lacks the same migrations.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState
from psycopg2.sql import SQL, Identifier, Literal

from tenants import schema
from tenants.models import Network

READ_AT_ONCE = 200  # schemas in one query

Pending = tuple[Migration, ...]
Note = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Step:
    """One migration and the SQL that Django ran for it."""

    name: str
    sql: str


Recipe = tuple[Step, ...]


def lacking_of(networks: list[Network]) -> Iterator[tuple[Network, Pending]]:
    """Yield each network that has tables, with the migrations it lacks."""
    plan = schema.network_migrations()
    applied = dict(_applied(networks))
    for network in networks:
        if network.schema_name in applied:
            had = applied[network.schema_name]
            yield network, tuple(each for each in plan if f"{each.app_label}.{each.name}" not in had)


def _applied(networks: list[Network]) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the migrations each schema records, of those that have any, some hundred schemas in a query."""
    names = _migrated_schemas([network.schema_name for network in networks])
    for start in range(0, len(names), READ_AT_ONCE):
        parts = [
            SQL("SELECT {}, array_agg(app || '.' || name) FROM {}.django_migrations").format(
                Literal(name), Identifier(name)
            )
            for name in names[start : start + READ_AT_ONCE]
        ]
        with connection.cursor() as cursor:
            cursor.execute(SQL(" UNION ALL ").join(parts))
            yield from ((name, frozenset(found or ())) for name, found in cursor.fetchall())


def _migrated_schemas(names: list[str]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nspname FROM pg_namespace JOIN pg_class ON relnamespace = pg_namespace.oid"
            " WHERE relname = 'django_migrations' AND relkind = 'r' AND nspname = ANY(%s) ORDER BY nspname",
            [names],
        )
        return [name for (name,) in cursor.fetchall()]


def grouped(lacking: dict[Network, Pending]) -> Iterable[tuple[Pending, list[Network]]]:
    """Return the networks that lack the same migrations together."""
    groups: dict[Pending, list[Network]] = defaultdict(list)
    for network, pending in lacking.items():
        groups[pending].append(network)
    return groups.items()


def migrate(pending: Pending, recipe: list[Step], note: Note) -> None:
    """Let Django migrate the current schema, and put what it ran into `recipe`."""
    recipe.clear()
    executor: Any = MigrationExecutor(None)
    state = executor._create_project_state()
    for migration in schema.network_migrations():
        if migration in pending:
            note(_name(migration))
            state, statements = _applied_to(state, migration)
            recipe.append(Step(_name(migration), ";\n".join([*statements, schema.record_statement(migration)])))
        else:
            state = migration.mutate_state(state, preserve=False)


def _applied_to(state: ProjectState, migration: Migration) -> tuple[ProjectState, list[str]]:
    with _recording() as (editor, statements):
        state = migration.apply(state, editor)
    with connection.cursor() as cursor:
        cursor.execute(schema.record_statement(migration))
    return state, statements


@contextmanager
def _recording() -> Iterator[tuple]:
    """Give a schema editor that runs its statements and writes them down as the server gets them."""
    statements: list[str] = []

    class Recording(connection.SchemaEditorClass):  # type: ignore[name-defined]
        def execute(self, sql: object, params: object = ()) -> None:
            with connection.cursor() as cursor:
                statements.append(cursor.mogrify(str(sql), params).decode())
            super().execute(sql, params)

    with Recording(connection) as editor:
        yield editor, statements


def replay(recipe: Recipe, note: Note) -> None:
    """Run in the current schema what Django ran in another that lacked the same migrations."""
    with connection.cursor() as cursor:
        for step in recipe:
            note(step.name)
            cursor.execute(step.sql)


def _name(migration: Migration) -> str:
    return f"{migration.app_label}.{migration.name}"
