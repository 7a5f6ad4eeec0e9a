"""Whether this process can serve: what /readyz asks, and which schemas wait for migrations."""

from collections.abc import Iterable
from functools import cache

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils.module_loading import import_string
from psycopg2.sql import SQL, Identifier, Literal

REQUIRED_SCHEMAS = frozenset({"public", "collective"})


class NotReadyError(Exception):
    """A readiness check found something missing; the message says what."""


def failures() -> dict[str, str]:
    """Return what is wrong by the name of the check; nothing when the process is ready."""
    wrong = {}
    for name, path in settings.READINESS_CHECKS.items():
        try:
            import_string(path)()
        except NotReadyError as error:
            wrong[name] = str(error)
        except Exception as error:  # noqa: BLE001 - whatever a check meets, the answer is "not ready", never a 500
            wrong[name] = type(error).__name__
    return wrong


def check_database() -> None:
    """Raise when the database does not answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def check_migrations() -> None:
    """Raise NotReadyError while the platform or the Collective waits for migrations; networks may lag by one."""
    if not _schemas_are_current():
        raise NotReadyError("Migrations are pending.")


def pending_schemas(schemas: Iterable[str] | None = None) -> list[str]:
    """Return the schemas (by default all) that lack a migration of this release, asked in one query."""
    wanted = frozenset(schemas or _schemas_with_migrations() | REQUIRED_SCHEMAS)
    there = wanted & _schemas_with_migrations()
    return sorted((wanted - there) | _behind(there))


def expected_migrations() -> list[str]:
    """Return this release's migrations as app.name."""
    return sorted(f"{app}.{name}" for app, name in MigrationLoader(None).graph.nodes)


_current: set[bool] = set()


def _schemas_are_current() -> bool:
    """Remember a yes: a process's own migrations never change, and those of the database only grow."""
    if not _current and not pending_schemas(REQUIRED_SCHEMAS):
        _current.add(True)
    return bool(_current)


@cache
def _expected() -> list[str]:
    return expected_migrations()


def _schemas_with_migrations() -> frozenset[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nspname FROM pg_class JOIN pg_namespace ON relnamespace = pg_namespace.oid"
            " WHERE relname = 'django_migrations' AND relkind = 'r'"
        )
        return frozenset(name for (name,) in cursor.fetchall())


def _behind(schemas: frozenset[str]) -> set[str]:
    if not schemas:
        return set()
    parts = [
        SQL(
            "SELECT {} WHERE (SELECT count(DISTINCT (app, name)) FROM {}.django_migrations"
            " WHERE app || '.' || name = ANY(%(expected)s)) < %(count)s"
        ).format(Literal(schema), Identifier(schema))
        for schema in sorted(schemas)
    ]
    with connection.cursor() as cursor:
        query = SQL(" UNION ALL ").join(parts)
        cursor.execute(query, {"expected": _expected(), "count": len(_expected())})
        return {name for (name,) in cursor.fetchall()}
