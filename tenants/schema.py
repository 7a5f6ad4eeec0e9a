"""Makes a network's schema from one SQL script, computed from the migrations once per release.

Running the stock migrations takes seconds a network and grows with their number; the script is the same statements,
collected once, and runs in one transaction. A test compares the result with a migrated schema. Cloning a schema is not
used: it loses the names of constraints, and a later migration then fails.
"""

import hashlib
import inspect
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.db import connection, transaction
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import RunPython, SeparateDatabaseAndState
from django.db.migrations.operations.base import Operation
from django.db.migrations.recorder import MigrationRecorder
from django_tenants.utils import quote_schema_name

from tenants.context import PUBLIC_SCHEMA, Place, entered
from tenants.enums import Kind
from tenants.models import SchemaScript
from tenants.roles import narrow

_SCRATCH = "sbm_script"
_TABLES_OF = """
SELECT c.relname, pg_total_relation_size(c.oid) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %s AND c.relkind = 'r'
"""

Name = tuple[str, str]  # of a migration: its app and its own


class UnscriptableMigrationError(Exception):
    """A migration of a network's app does what one transaction of SQL cannot; write it otherwise or as a job."""


def make_schema(schema_name: str) -> None:
    """Create the schema if it is not there; on a Citus, on one of its nodes."""
    with transaction.atomic(), connection.cursor() as cursor:
        if settings.CITUS:
            cursor.execute("SET LOCAL citus.enable_schema_based_sharding TO on")
        cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {quote_schema_name(schema_name)}")


def drop_schema(schema_name: str) -> None:
    """Drop the schema and everything in it."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {quote_schema_name(schema_name)} CASCADE")


def has_tables(schema_name: str) -> bool:
    """Return whether the script has run there; it is one transaction, so it ran whole or not at all."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [f"{quote_schema_name(schema_name)}.django_migrations"])
        return cursor.fetchone()[0]


def contents(schema_name: str) -> dict[str, int]:
    """Return how many tables and rows a schema has, and how many bytes they take."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES_OF, [schema_name])
        sizes = dict(cursor.fetchall())
        counts = [f"SELECT count(*) FROM {quote_schema_name(schema_name)}.{quote_schema_name(each)}" for each in sizes]  # noqa: S608 - names that PostgreSQL gave
        cursor.execute(" UNION ALL ".join(counts) or "SELECT 0")
        rows = sum(count for (count,) in cursor.fetchall())
    return {"tables": len(sizes), "rows": rows, "table_bytes": sum(sizes.values())}


def make_tables(schema_name: str, only: Collection[Name] | None = None) -> bool:
    """Run the script in the schema, in one transaction, and return whether it did: it runs once.

    `only` are the migrations of an earlier release, as `is_earlier` knows them.
    """
    if has_tables(schema_name):
        return False
    script = network_script() if only is None else compute_script(only)
    there = entered(Place(schema_name, tenant_type=Kind.NETWORK))
    with there, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(script)
        if only is None:  # an earlier release's are brought to this one first
            narrow(schema_name, Kind.NETWORK)
    return True


def network_script() -> str:
    """Return this release's script, computing and keeping it when it is not there yet."""
    fingerprint = migrations_fingerprint()
    kept = SchemaScript.objects.filter(fingerprint=fingerprint).values_list("sql", flat=True).first()
    if kept is None:
        kept = compute_script()
        SchemaScript.objects.get_or_create(fingerprint=fingerprint, defaults={"sql": kept})
    return kept


def on_schema_migrated(*, schema_name: str, **_: Any) -> None:
    """Compute the script as soon as public is migrated, so that no onboarding has to."""
    if schema_name == PUBLIC_SCHEMA:
        network_script()


def migrations_fingerprint() -> str:
    """Return a hash over all that shapes the script: the migrations' text, Django, which apps networks have, and us."""
    apps = settings.TENANT_TYPES[Kind.NETWORK]["APPS"]
    digest = hashlib.sha256(f"{django.get_version()} {apps}".encode())
    for name in ("schema.py", "routers.py"):
        digest.update(Path(__file__).with_name(name).read_bytes())
    for migration in network_migrations():
        digest.update(f"{migration.app_label}.{migration.name}\n".encode())
        digest.update(Path(inspect.getfile(type(migration))).read_bytes())
    return digest.hexdigest()


def release_migrations() -> list[tuple[str, str]]:
    """Return this release's migrations as (app, name), sorted; a schema that records them all is up to date."""
    return sorted((migration.app_label, migration.name) for migration in network_migrations())


def is_earlier(names: Collection[Name]) -> bool:
    """Whether these may be all the migrations of an earlier release: some of ours, each with those it is built on."""
    ours = {(each.app_label, each.name): each for each in network_migrations()}
    return all(key in ours and all(each in names for each in _built_on(ours[key]) if each in ours) for key in names)


def tables_at(names: Collection[Name]) -> dict[str, str]:
    """Return the tables of a network by the labels of their models, as an earlier release had them."""
    state = MigrationExecutor(None)._create_project_state()
    for migration in _chosen(network_migrations(), names):
        state = migration.mutate_state(state, preserve=False)
    return {
        f"{app}.{model.name}": model.options.get("db_table") or f"{app}_{name}"
        for (app, name), model in state.models.items()
        if _is_of_networks(app)
    }


@cache
def current_release() -> str:
    """Return the name of this release's migrations, which a network carries once its schema has them all."""
    text = "\n".join(f"{app}.{name}" for app, name in release_migrations())
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def compute_script(only: Collection[Name] | None = None) -> str:
    """Return the SQL that makes every table of a network, or those of some migrations, and records them as applied."""
    with entered(Place(_SCRATCH, tenant_type=Kind.NETWORK)):
        statements = [*_recorder_statements(), *_migration_statements(only)]
    return "\n".join(statement if statement.rstrip().endswith(";") else statement + ";" for statement in statements)


def _recorder_statements() -> list[str]:
    with connection.schema_editor(collect_sql=True) as editor:
        editor.create_model(MigrationRecorder(connection).Migration)
    return editor.collected_sql


def _migration_statements(only: Collection[Name] | None) -> Iterator[str]:
    executor = MigrationExecutor(connection)
    state = executor._create_project_state()
    planned = network_migrations(executor)
    planned = planned if only is None else _chosen(planned, only)
    for migration in planned:
        refuse_unscriptable(migration)
    for migration in planned:
        if not _makes_tables(migration):
            state = migration.mutate_state(state, preserve=False)
            yield record_statement(migration)
            continue
        with connection.schema_editor(collect_sql=True, atomic=migration.atomic) as editor:
            state = migration.apply(state, editor, collect_sql=True)
        yield from (line for line in editor.collected_sql if not line.startswith("--"))
        yield record_statement(migration)


def network_migrations(executor: MigrationExecutor | None = None) -> list[Migration]:
    """Every migration in order, of all apps: those not installed in a network make nothing there but state.

    These come first, as no platform's table depends on a network's: models are only drawn for what makes tables.
    """
    executor = executor or MigrationExecutor(None)
    graph = executor.loader.graph
    plan: dict[tuple[str, str], None] = {}
    for target in sorted(graph.leaf_nodes()):
        plan.update(dict.fromkeys(graph.forwards_plan(target)))
    return sorted((graph.nodes[key] for key in plan), key=_makes_tables)


def refuse_unscriptable(migration: Migration) -> None:
    """Raise UnscriptableMigrationError for what SQL in one transaction cannot do."""
    if not _makes_tables(migration):
        return
    if any(_runs_python(operation) for operation in migration.operations):
        raise UnscriptableMigrationError(f"{migration.app_label}.{migration.name} runs Python.")
    if not migration.atomic:
        raise UnscriptableMigrationError(f"{migration.app_label}.{migration.name} cannot run in a transaction.")


def _chosen(planned: list[Migration], names: Collection[Name]) -> list[Migration]:
    return [migration for migration in planned if (migration.app_label, migration.name) in names]


def _built_on(migration: Migration) -> list[Name]:
    return [(app, name) for app, name in migration.dependencies if not name.startswith("__")]


def _makes_tables(migration: Migration) -> bool:
    """Whether its app is installed in a network."""
    return _is_of_networks(migration.app_label)


def _is_of_networks(app_label: str) -> bool:
    return app_label in {app.rsplit(".", 1)[-1] for app in settings.TENANT_TYPES[Kind.NETWORK]["APPS"]}


def _runs_python(operation: Operation) -> bool:
    if isinstance(operation, SeparateDatabaseAndState):
        return any(map(_runs_python, operation.database_operations))
    return isinstance(operation, RunPython)


def record_statement(migration: Migration) -> str:
    """Return the SQL that records a migration as applied."""
    app, name = migration.app_label, migration.name
    return f"INSERT INTO django_migrations (app, name, applied) VALUES ('{app}', '{name}', now());"  # noqa: S608 - our own migrations' names
