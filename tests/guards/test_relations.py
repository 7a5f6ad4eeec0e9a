"""No foreign key crosses a schema, and no table has the same name in public and in a network or the Collective."""

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models

from tenants.enums import Kind
from tenants.models import SchemaBoundModel
from tests.cluster import PACKAGES


def kinds_of(model) -> frozenset[Kind]:
    """The kinds of schema that have the model's table; Django's and allauth's are public."""
    module = apps.get_app_config(model._meta.app_label).name
    kinds = {Kind(kind) for kind, parts in settings.TENANT_TYPES.items() if module in parts["APPS"]}
    return frozenset(kinds - {Kind.PUBLIC} if issubclass(model, SchemaBoundModel) else kinds & {Kind.PUBLIC})


def all_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]


def relations():
    for model in all_models():
        for field in model._meta.get_fields():
            if field.is_relation and field.concrete:
                yield model, field


def test_models_each_has_a_schema():
    assert [model._meta.label for model in all_models() if not kinds_of(model)] == []


def test_relations_none_crosses_a_schema():
    crossing = [
        f"{model._meta.label}.{field.name} to {field.related_model._meta.label}"
        for model, field in relations()
        if not kinds_of(model) <= kinds_of(field.related_model)
    ]

    assert crossing == []


def test_relations_are_seen():
    assert len(list(relations())) > 5


def test_relations_none_is_generic():
    generic = [f.name for model in all_models() for f in model._meta.private_fields if f.is_relation]

    assert generic == []


def test_tables_have_one_name_in_public_and_another_elsewhere():
    tables = {kind: {m._meta.db_table for m in all_models() if kind in kinds_of(m)} for kind in Kind}

    assert tables[Kind.PUBLIC] & (tables[Kind.NETWORK] | tables[Kind.COLLECTIVE]) == set()


def test_tables_of_the_database_have_one_name_in_public_and_another_elsewhere(alder):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace"
            " WHERE relkind IN ('r', 'v', 'm', 'p') AND nspname !~ '^(pg_|information_schema)'"
            " GROUP BY relname HAVING bool_or(nspname = 'public') AND bool_or(nspname <> 'public')"
        )
        both = [name for (name,) in cursor.fetchall()]

    assert both == ["django_migrations"]


def test_foreign_keys_of_the_database_stay_in_their_schema(alder):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE own.relnamespace <> other.relnamespace) FROM pg_constraint"
            " JOIN pg_class own ON own.oid = conrelid JOIN pg_class other ON other.oid = confrelid WHERE contype = 'f'"
        )
        keys, crossing = cursor.fetchone()

    assert keys > 0
    assert crossing == 0


def test_primary_keys_of_the_product_are_not_counted():
    own = [model for model in all_models() if model.__module__.split(".")[0] in PACKAGES]

    assert [model._meta.label for model in own if isinstance(model._meta.pk, models.AutoField)] == []


CITUS_REFUSES = {  # in a schema that is put on a node: deploy/citus/README.md
    "triggers": "SELECT tgrelid::regclass::text FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid"
    " WHERE NOT tgisinternal AND relnamespace = %s::regnamespace",
    "identity columns": "SELECT relname FROM pg_attribute JOIN pg_class c ON c.oid = attrelid"
    " WHERE attidentity <> '' AND relkind = 'r' AND relnamespace = %s::regnamespace",
    "tables without a primary key": "SELECT relname FROM pg_class c WHERE relkind = 'r' AND"
    " relnamespace = %s::regnamespace AND NOT EXISTS (SELECT FROM pg_index WHERE indrelid = c.oid AND indisprimary)",
    "functions": "SELECT proname FROM pg_proc WHERE pronamespace = %s::regnamespace",
}
NOT_OURS = {"identity columns": ["django_migrations"]}  # its numbers mean nothing; an archive does not hold them


@pytest.mark.parametrize("what", CITUS_REFUSES)
def test_networks_hold_nothing_that_keeps_them_on_one_machine(alder, what):
    with connection.cursor() as cursor:
        cursor.execute(CITUS_REFUSES[what], [alder.schema_name])
        found = sorted(name for (name,) in cursor.fetchall())

    assert found == NOT_OURS.get(what, [])


@pytest.mark.parametrize("what", CITUS_REFUSES)
def test_networks_what_keeps_them_on_one_machine_is_seen(as_owner, in_alder, what):
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE strange (n int GENERATED ALWAYS AS IDENTITY);"
            "CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
            "CREATE TRIGGER strange BEFORE INSERT ON strange FOR EACH ROW EXECUTE FUNCTION stop()"
        )
        cursor.execute(CITUS_REFUSES[what], [in_alder.schema_name])
        found = {name for (name,) in cursor.fetchall()}

    assert found & {"strange", "stop"}
