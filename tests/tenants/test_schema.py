"""A schema made by the script is the schema that the stock migrations make, to the last constraint's name."""

from contextlib import closing
from io import StringIO

import psycopg2
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, migrations, models, transaction
from django.db.migrations import Migration
from django.test.utils import CaptureQueriesContext

from tenants import schema
from tenants.context import Place, entered, in_network
from tenants.enums import Kind
from tenants.models import Network, SchemaScript
from tenants.roles import as_owner
from tenants.schema import UnscriptableMigrationError
from tests.builders.at_once import at_once

COLUMNS = """
SELECT c.relname, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
       a.attgenerated, coalesce(pg_get_expr(d.adbin, d.adrelid), ''), coalesce(o.collname, '')
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
LEFT JOIN pg_collation o ON o.oid = a.attcollation
WHERE c.relnamespace = %s::regnamespace AND c.relkind IN ('r', 'v', 'm', 'p')
"""
RELATIONS = """
SELECT relname, relkind, relpersistence, relrowsecurity, coalesce(reloptions::text, '') FROM pg_class
WHERE relnamespace = %s::regnamespace
"""
CONSTRAINTS = """
SELECT conrelid::regclass::text, conname, contype, condeferrable, condeferred, convalidated, pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = %s::regnamespace
"""
INDEXES = "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = %s"
SEQUENCES = """
SELECT sequencename, data_type::text, start_value, min_value, max_value, increment_by, cycle, cache_size
FROM pg_sequences WHERE schemaname = %s
"""
TRIGGERS = """
SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(t.oid)
FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid WHERE NOT tgisinternal AND c.relnamespace = %s::regnamespace
"""
FUNCTIONS = "SELECT proname, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = %s::regnamespace"
TYPES = "SELECT typname, typtype FROM pg_type WHERE typnamespace = %s::regnamespace AND typtype NOT IN ('c', 'b')"
COMMENTS = """
SELECT c.relname, objsubid, description FROM pg_description JOIN pg_class c ON c.oid = objoid
WHERE c.relnamespace = %s::regnamespace
"""
CATALOGUE = {
    "relations": RELATIONS,
    "columns": COLUMNS,
    "constraints": CONSTRAINTS,
    "indexes": INDEXES,
    "sequences": SEQUENCES,
    "triggers": TRIGGERS,
    "functions": FUNCTIONS,
    "types": TYPES,
    "comments": COMMENTS,
}


def described(name: str) -> dict[str, list[tuple]]:
    """Return everything the catalogue knows of a schema, with the schema's own name taken out."""
    found = {}
    with connection.cursor() as cursor:
        for title, sql in CATALOGUE.items():
            cursor.execute(sql, [name])
            found[title] = sorted(tuple(str(value).replace(name, "S") for value in row) for row in cursor.fetchall())
    return found


def applied(name: str) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT app, name FROM "{name}".django_migrations ORDER BY 1, 2')
        return cursor.fetchall()


def migrate(name: str) -> None:
    """Make a schema with Django's own migrations, as django-tenants does."""
    Network.objects.create(name="Stock", subdomain=name.removeprefix("n_"), schema_name=name)
    with as_owner():
        schema.make_schema(name)
        call_command("migrate_schemas", schema_name=name, interactive=False, verbosity=0, stdout=StringIO())


def script(name: str) -> None:
    with as_owner():
        schema.make_schema(name)
        schema.make_tables(name)


@pytest.mark.parametrize("is_citus", [False, True])
def test_schema_is_put_on_a_node_where_there_is_a_citus(as_owner, settings, is_citus):
    """The setting means nothing to a server that is none."""
    settings.CITUS = is_citus

    with CaptureQueriesContext(connection) as queries:
        schema.make_schema("n_spread")

    put = [query["sql"] for query in queries if "citus" in query["sql"]]
    assert put == ["SET LOCAL citus.enable_schema_based_sharding TO on"] * is_citus


@pytest.mark.django_db(transaction=True)
def test_script_makes_what_the_migrations_make():
    migrate("n_stock")

    script("n_script")

    stock, ours = described("n_stock"), described("n_script")
    for part in CATALOGUE:
        assert ours[part] == stock[part], part
    assert applied("n_script") == applied("n_stock")
    assert len(stock["columns"]) > 100
    assert len(stock["constraints"]) > 50


@pytest.mark.django_db(transaction=True)
def test_comparison_would_see_a_difference():
    """Every kind of difference a migration can make shows in `described`."""
    script("n_larch")
    script("n_maple")
    assert described("n_larch") == described("n_maple")

    for statement, part in (
        ("ALTER TABLE n_maple.members_member RENAME CONSTRAINT members_member_pkey TO other", "constraints"),
        ("ALTER TABLE n_maple.members_member ALTER name SET DEFAULT 'x'", "columns"),
        ("ALTER TABLE n_maple.members_member ALTER name DROP NOT NULL", "columns"),
        ("CREATE INDEX other_index ON n_maple.members_member (name)", "indexes"),
        ("CREATE SEQUENCE n_maple.other_sequence", "sequences"),
        ("ALTER TABLE n_maple.members_member ADD CONSTRAINT other_check CHECK (name <> 'x')", "constraints"),
        ("CREATE VIEW n_maple.other_view AS SELECT 1 AS one", "relations"),
    ):
        with as_owner(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            assert described("n_larch")[part] != described("n_maple")[part], statement
            transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_stock_migrations_find_nothing_left_to_do(alder):
    with as_owner():
        call_command("migrate_schemas", schema_name="n_alder", interactive=False, verbosity=0, stdout=StringIO())
    out = StringIO()

    with in_network(alder):
        call_command("showmigrations", plan=True, stdout=out)

    assert "[ ]" not in out.getvalue()


def test_make_tables_again_does_nothing(alder):
    before = described("n_alder")

    schema.make_tables("n_alder")

    assert described("n_alder") == before


@pytest.mark.django_db(transaction=True)
def test_make_tables_is_whole_or_nothing(monkeypatch):
    broken = schema.network_script() + "\nSELECT 1 / 0;"
    monkeypatch.setattr(schema, "network_script", lambda: broken)

    with pytest.raises(Exception, match="division by zero"):
        script("n_broken")

    assert described("n_broken")["relations"] == []
    assert not schema.has_tables("n_broken")


def test_script_is_kept_once(as_owner):
    SchemaScript.objects.all().delete()

    first, second = schema.network_script(), schema.network_script()

    assert first == second == SchemaScript.objects.get().sql


def test_script_touches_no_schema_by_name(db):
    """It is run with the network's schema first in the search path, so it must name none."""
    text = schema.network_script()

    assert "public." not in text
    assert "n_alder" not in text
    assert "sbm_script" not in text


def change_a_migration(monkeypatch, *operations) -> Migration:
    """Give discussions one migration more than its files say."""
    real = schema.network_migrations

    class Added(Migration):
        pass

    added = Added("9999_added", "discussions")
    added.operations = list(operations)
    monkeypatch.setattr(schema, "network_migrations", lambda *args: [*real(*args), added])
    return added


def test_script_is_computed_anew_when_a_migration_is_added(as_owner, monkeypatch):
    before = schema.migrations_fingerprint()
    old = schema.network_script()
    change_a_migration(monkeypatch, migrations.RunSQL("CREATE TABLE added (id int)"))

    new = schema.network_script()

    assert schema.migrations_fingerprint() != before
    assert "CREATE TABLE added (id int)" in new
    assert "'9999_added'" in new
    assert "9999_added" not in old
    assert SchemaScript.objects.count() == 2


def test_script_is_computed_anew_when_a_migrations_text_changes(db, monkeypatch, tmp_path):
    before = schema.migrations_fingerprint()
    real = schema.inspect.getfile
    changed = tmp_path / "0001_initial.py"
    changed.write_text("# changed")
    monkeypatch.setattr(
        schema.inspect, "getfile", lambda kind: str(changed) if "discussions" in kind.__module__ else real(kind)
    )

    assert schema.migrations_fingerprint() != before


@pytest.mark.parametrize(
    "change",
    [
        lambda settings: settings.TENANT_TYPES["network"]["APPS"].append("shared_apps.schools"),
        lambda settings: setattr(schema.django, "get_version", lambda: "6.1.4"),
    ],
    ids=["apps", "Django"],
)
def test_script_is_computed_anew_when_something_else_shapes_it(db, settings, monkeypatch, change):
    before = schema.migrations_fingerprint()
    monkeypatch.setattr(schema.django, "get_version", schema.django.get_version)
    monkeypatch.setitem(settings.TENANT_TYPES["network"], "APPS", [*settings.TENANT_TYPES["network"]["APPS"]])

    change(settings)

    assert schema.migrations_fingerprint() != before


def test_migrations_come_after_what_they_depend_on():
    planned = schema.network_migrations()
    place = {(each.app_label, each.name): number for number, each in enumerate(planned)}

    late = [
        (each.app_label, each.name, needed)
        for each in planned
        for needed in each.dependencies
        if needed in place and place[needed] > place[each.app_label, each.name]
    ]

    assert late == []


def no_op(*_args: object) -> None:
    """What a data migration would run."""


@pytest.mark.parametrize(
    "operation",
    [
        migrations.RunPython(no_op),
        migrations.SeparateDatabaseAndState(database_operations=[migrations.RunPython(no_op)]),
    ],
)
def test_script_refuses_python(db, monkeypatch, operation):
    change_a_migration(monkeypatch, operation)

    with pytest.raises(UnscriptableMigrationError, match=r"^discussions\.9999_added runs Python\.$"):
        schema.compute_script()


def test_script_refuses_what_needs_no_transaction(db, monkeypatch):
    added = change_a_migration(monkeypatch, migrations.RunSQL("CREATE INDEX CONCURRENTLY x ON discussions_reply (id)"))
    added.atomic = False

    with pytest.raises(UnscriptableMigrationError, match=r"^discussions\.9999_added cannot run in a transaction\.$"):
        schema.compute_script()


def test_script_takes_python_of_the_platform(db, monkeypatch):
    """A data migration of a public table is nothing to a network."""
    added = change_a_migration(monkeypatch, migrations.RunPython(no_op))
    added.app_label = "schools"

    assert "'9999_added'" in schema.compute_script()


def test_computing_changes_nothing(db):
    before = described("public")

    schema.compute_script()

    assert described("public") == before
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname = 'sbm_script'")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db(transaction=True)
def test_two_processes_compute_it_at_once():
    """Both find no script, both compute one, and one row is kept."""
    with as_owner():
        SchemaScript.objects.all().delete()

    assert at_once(lambda: script("n_first"), lambda: script("n_second")) == [None, None]
    assert SchemaScript.objects.count() == 1
    assert described("n_first") == described("n_second")


@pytest.mark.django_db(transaction=True)
def test_has_tables_sees_nothing_of_a_transaction_that_is_under_way():
    """A killed run's transaction may still be open when the next begins: it must not count as done."""
    with as_owner():
        schema.make_schema("n_half")
        parameters = connection.get_connection_params()
    with closing(psycopg2.connect(**parameters)) as other, other.cursor() as cursor:
        cursor.execute("CREATE TABLE n_half.django_migrations (id int)")

        assert not schema.has_tables("n_half")


def test_every_network_model_is_in_the_script(db):
    text = schema.network_script()
    with entered(Place("sbm_none", tenant_type=Kind.NETWORK)):
        tables = [model._meta.db_table for model in network_models()]

    assert [table for table in tables if f'CREATE TABLE "{table}"' not in text] == []
    assert len(tables) > 15


def network_models() -> list[type[models.Model]]:
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("tenant_apps.") and model._meta.managed
    ]
