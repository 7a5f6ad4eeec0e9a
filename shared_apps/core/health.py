"""Whether this process can serve: what /readyz asks, which schemas wait for migrations, and a database that is away."""

from collections.abc import Iterable
from functools import cache

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.utils.module_loading import import_string
from psycopg2.sql import SQL, Identifier, Literal

from tenants import schema

DATABASE_AWAY = (OperationalError, InterfaceError)  # also what a lock or a limit ends: see `has_lost_database`
BACK_AFTER, BACK_SOON = "5", "The database does not answer at this moment. Send the same again in some seconds."
REQUIRED_SCHEMAS = frozenset({"public", "collective"})


def failures() -> dict[str, str]:
    """Return what is wrong by the name of the check (settings.READINESS_CHECKS); nothing when all is well."""
    answers = {name: _ask(path) for name, path in settings.READINESS_CHECKS.items()}
    return {name: answer for name, answer in answers.items() if answer}


def has_lost_database(error: BaseException | None) -> bool:
    """Return whether something broke off because the server ended the connection, or takes none: soon it will."""
    server = connection.connection
    return isinstance(error, DATABASE_AWAY) and (server is None or bool(server.closed))


def is_database_there() -> bool:
    """Return whether the database answers; it raises when it does not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def are_migrations_applied() -> bool:
    """Return whether the platform and the Collective have this release's tables; networks may lag by one."""
    if not _applied and not pending_schemas(REQUIRED_SCHEMAS):
        _applied.add(True)  # for good: a process's migrations never change, and the database's only grow
    return bool(_applied)


def pending_schemas(schemas: Iterable[str] | None = None) -> list[str]:
    """Return the schemas (by default all) that lack a migration of this release, in two queries."""
    migrated = _schemas_with_migrations()
    wanted = frozenset(schemas or migrated | REQUIRED_SCHEMAS)
    return sorted((wanted - migrated) | _behind(wanted & migrated))


_applied: set[bool] = set()


def _ask(path: str) -> str:
    try:
        return "" if import_string(path)() else "not so"
    except Exception as error:  # noqa: BLE001 - whatever a check meets, the answer is "not ready", never a 500
        return type(error).__name__


@cache
def _expected() -> list[str]:
    return [f"{app}.{name}" for app, name in schema.release_migrations()]


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
