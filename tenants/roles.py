"""Two roles of PostgreSQL: the app, as which web servers and jobs work, and the owner, who makes and removes tables.

The app owns nothing. It reads and writes rows, and a table may allow it less by naming `app_privileges` in its model:
what was done is written once, and what the owner runs is never written by the app. `as_owner` is the only door to the
other role. Without DATABASE_OWNER_URL there is one role, which owns everything, and nothing here does anything.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Warning, register  # noqa: A004 - Django's name
from django.core.checks import Tags as CheckTags
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.backends.postgresql.base import DatabaseWrapper
from psycopg2.sql import SQL, Composed, Identifier, Literal

from tenants.context import COLLECTIVE_SCHEMA, PUBLIC_SCHEMA, refuse_open_transaction, stay_in
from tenants.enums import Kind
from tenants.models import Network, SchemaBoundModel

ROWS = ("SELECT", "INSERT", "UPDATE", "DELETE")
UPKEEP = "MAINTAIN"  # from PostgreSQL 17 on: to count rows anew for the planner, as after an import
UPKEEP_SINCE = 170_000
NUMBERS = ("USAGE", "SELECT")
_ALL = (*ROWS, "TRUNCATE", "REFERENCES", "TRIGGER")


class _Here(threading.local):
    is_owner = False


_here = _Here()


@contextmanager
def as_owner() -> Iterator[None]:
    """Work as the owner, in the schema where we are; raises OpenTransactionError inside a transaction.

    This thread's connection is another one meanwhile, so transactions, locks and schemas are as everywhere.
    """
    if settings.DATABASE_OWNER is None or _here.is_owner:
        yield
        return
    refuse_open_transaction("The owner's role")
    _here.is_owner = True
    try:
        with connected_as_owner():
            yield
    finally:
        _here.is_owner = False


@contextmanager
def connected_as_owner() -> Iterator[None]:
    """Put a connection of the owner's in the place of this thread's own, and close it afterwards."""
    own: Any = connections[DEFAULT_DB_ALIAS]
    owner = type(own)({**own.settings_dict, **(settings.DATABASE_OWNER or {})}, DEFAULT_DB_ALIAS)
    owner.execute_wrappers = own.execute_wrappers  # whoever counts this thread's statements goes on
    connections[DEFAULT_DB_ALIAS] = owner
    try:
        stay_in(own.tenant)
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = own  # first: whatever fails after it, this thread is not the owner any more
        owner.close()
        stay_in(own.tenant)


# What the app may do


def prepare() -> bool:
    """Give the app what it may have, unless that was done before; return whether it had to be.

    Whatever the owner makes from then on is the app's to use, and `narrow` takes the exceptions back.
    """
    if settings.DATABASE_OWNER is None or _is_prepared():
        return False
    grant_all()
    return True


def grant_all() -> int:
    """Give the app what it may have of every schema; return how many schemas there are. Needs the owner."""
    schemas = _schemas()
    for schema_name, kind in schemas:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_named(_EVERYTHING, schema_name))
            cursor.execute(narrowing(schema_name, kind))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_named(_FROM_NOW_ON))  # last: it says that all of it was done
    return len(schemas)


def narrow(schema_name: str, kind: Kind) -> None:
    """Take from the app what the tables of this schema do not allow it, in the caller's transaction."""
    if settings.DATABASE_OWNER is not None:
        with connection.cursor() as cursor:
            cursor.execute(narrowing(schema_name, kind))


def narrowing(schema_name: str, kind: Kind) -> Composed | str:
    """Return the SQL that does so; it is right however often it runs."""
    app = Identifier(settings.DATABASE_APP_ROLE)
    return SQL("\n").join(
        SQL("REVOKE ALL ON {table} FROM {app}; GRANT {some} ON {table} TO {app};").format(
            table=Identifier(schema_name, table), app=app, some=SQL(", ").join(map(SQL, allowed))
        )
        for table, allowed in sorted(narrowed_tables(kind).items())
    )


def narrowed_tables(kind: Kind) -> dict[str, tuple[str, ...]]:
    """Return the tables of a kind of schema where the app may do less than with others, with what it may."""
    found: dict[str, tuple[str, ...]] = {"django_migrations": ("SELECT",)}
    for model in apps.get_models():
        allowed = getattr(model, "app_privileges", None)
        if allowed and issubclass(model, SchemaBoundModel) != (kind == Kind.PUBLIC) and _is_installed(model, kind):
            found[model._meta.db_table] = allowed
    return found


def on_schema_migration_begins(**_: Any) -> None:
    """Tables that a migration makes are the app's to use from their first moment."""
    prepare()


def on_schema_migrated(*, schema_name: str, **_: Any) -> None:
    """Keep what is narrower so, whoever migrated the schema."""
    kinds = {PUBLIC_SCHEMA: Kind.PUBLIC, COLLECTIVE_SCHEMA: Kind.COLLECTIVE}
    narrow(schema_name, kinds.get(schema_name, Kind.NETWORK))


# Whether it is so


def findings() -> list[str]:
    """Return where the app has more or less than it should, each as a line; none when all is well, or with one role."""
    if settings.DATABASE_OWNER is None:
        return []
    wanted = {schema_name: narrowed_tables(kind) for schema_name, kind in _schemas()}
    with connection.cursor() as cursor:
        cursor.execute(_named(_TABLES), [[*_ALL, *_upkeep()], list(wanted)])
        wrong = [
            f"{schema_name}.{table}: {', '.join(has) or 'nothing'}, not {', '.join(should)}"
            for schema_name, table, has in cursor.fetchall()
            if set(has) != set(should := wanted[schema_name].get(table, _all_rows()))
        ]
        cursor.execute(_named(_ELSEWHERE), [list(wanted)])
        return wrong + [line for (line,) in cursor.fetchall()]


@register(CheckTags.database, deploy=True)
def check_roles(**options: Any) -> list[CheckMessage]:
    """Warn where whoever gets into a web server could also drop tables and rewrite what was done."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_schema_privilege('public', 'CREATE')")
        makes_tables = cursor.fetchone()[0]
    if not makes_tables:
        return []
    hint = "RUNBOOK.md, “Two roles”, says how to go on with DATABASE_OWNER_URL."
    return [Warning("The role of DATABASE_URL may make and drop tables.", hint=hint, id="tenants.W001")]


def _is_installed(model: Any, kind: Kind) -> bool:
    return model._meta.app_config.name in settings.TENANT_TYPES[kind]["APPS"]


def _is_prepared() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_named(_PREPARED))
        return cursor.fetchone()[0]


def _schemas() -> list[tuple[str, Kind]]:
    """Return the schemas that have tables: public, before there are any, alone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nspname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace"
            " WHERE relname = 'django_migrations' AND relkind = 'r'"
        )
        there = {name for (name,) in cursor.fetchall()}
    known: dict[str, Kind] = {PUBLIC_SCHEMA: Kind.PUBLIC}
    if PUBLIC_SCHEMA in there:
        known |= {network.schema_name: Kind(network.type) for network in Network.objects.only("schema_name", "type")}
    return [(name, kind) for name, kind in known.items() if name in there]


def _upkeep() -> tuple[str, ...]:
    return (UPKEEP,) if cast("DatabaseWrapper", connection).pg_version >= UPKEEP_SINCE else ()


def _all_rows() -> tuple[str, ...]:
    return (*ROWS, *_upkeep())


def _named(statement: str, schema_name: str = PUBLIC_SCHEMA) -> Composed:
    return SQL(statement).format(
        app=Identifier(settings.DATABASE_APP_ROLE),
        app_name=Literal(settings.DATABASE_APP_ROLE),
        schema=Identifier(schema_name),
        rows=SQL(", ".join(_all_rows())),
        numbers=SQL(", ".join(NUMBERS)),
        database=Identifier(connection.settings_dict["NAME"]),
    )


_EVERYTHING = """
REVOKE ALL ON SCHEMA {schema} FROM {app};
REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {app};
GRANT USAGE ON SCHEMA {schema} TO {app};
GRANT {rows} ON ALL TABLES IN SCHEMA {schema} TO {app};
GRANT {numbers} ON ALL SEQUENCES IN SCHEMA {schema} TO {app};
"""

_FROM_NOW_ON = """
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO {app};
GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {app};
ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO {app};
ALTER DEFAULT PRIVILEGES GRANT {numbers} ON SEQUENCES TO {app};
ALTER DEFAULT PRIVILEGES GRANT {rows} ON TABLES TO {app};
"""

_PREPARED = """
SELECT has_database_privilege({app_name}, current_database(), 'TEMPORARY') AND EXISTS (
    SELECT FROM pg_default_acl CROSS JOIN aclexplode(defaclacl)
    WHERE defaclrole = quote_ident(current_user)::regrole AND defaclnamespace = 0 AND defaclobjtype = 'r'
      AND grantee = quote_ident({app_name})::regrole AND privilege_type = 'DELETE'
)
"""

_TABLES = """
SELECT nspname, relname, array(
    SELECT privilege FROM unnest(%s) AS privilege WHERE has_table_privilege({app_name}, pg_class.oid, privilege)
)
FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE relkind IN ('r', 'p') AND nspname = ANY(%s) ORDER BY nspname, relname
"""

_ELSEWHERE = """
SELECT 'schema ' || nspname || ': makes tables there' FROM pg_namespace
WHERE has_schema_privilege({app_name}, oid, 'CREATE') AND nspname NOT LIKE 'pg\\_temp%%'
UNION ALL
SELECT 'schema ' || nspname || ': sees nothing of it' FROM pg_namespace
WHERE nspname = ANY(%s) AND NOT has_schema_privilege({app_name}, oid, 'USAGE')
UNION ALL
SELECT 'database: makes schemas there' WHERE has_database_privilege({app_name}, current_database(), 'CREATE')
UNION ALL
SELECT 'owns ' || pg_describe_object(classid, objid, objsubid) FROM pg_shdepend
WHERE refobjid = quote_ident({app_name})::regrole AND deptype = 'o'
  AND dbid IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
UNION ALL
SELECT 'is more than a role that signs in' FROM pg_roles
WHERE rolname = {app_name} AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls)
UNION ALL
SELECT 'is a member of ' || roleid::regrole FROM pg_auth_members WHERE member = quote_ident({app_name})::regrole
ORDER BY 1
"""
