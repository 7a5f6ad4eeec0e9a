"""Every table is where its app belongs, and nowhere else."""

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

from tenants.context import in_collective, in_network, in_public
from tenants.enums import Kind
from tenants.models import SchemaBoundModel

BESIDE_MODELS = {"django_migrations"}
PLATFORM_ONLY = {"django_cache"}


def tables_of(schema: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema])
        return {name for (name,) in cursor.fetchall()}


def expected_tables(kind: Kind) -> set[str]:
    installed = settings.TENANT_TYPES[kind]["APPS"]
    models = [
        model
        for model in apps.get_models(include_auto_created=True)
        if apps.get_app_config(model._meta.app_label).name in installed and model._meta.managed
    ]
    fitting = [model for model in models if issubclass(model, SchemaBoundModel) != (kind == Kind.PUBLIC)]
    return {model._meta.db_table for model in fitting} | BESIDE_MODELS


def test_networks_have_their_tables_and_no_others(alder, birch):
    assert tables_of("n_alder") == tables_of("n_birch") == expected_tables(Kind.NETWORK)


def test_collective_has_its_tables_and_no_others(db):
    assert tables_of("collective") == expected_tables(Kind.COLLECTIVE)


def test_public_has_its_tables_and_no_others(db):
    assert tables_of("public") == expected_tables(Kind.PUBLIC) | PLATFORM_ONLY


@pytest.mark.parametrize(
    ("app", "model", "public", "network", "collective"),
    [
        ("tenants", "network", True, False, False),
        ("accounts", "user", True, False, False),
        ("members", "member", False, True, False),
        ("publications", "publication", False, False, True),
        ("audit", "platformevent", True, False, False),
        ("audit", "event", False, True, True),
        ("mail", "message", False, True, True),
    ],
)
def test_allow_migrate_knows_each_model_its_place(alder, app, model, public, network, collective):
    def allowed(place) -> bool:
        with place:
            return settings_router().allow_migrate("default", app, model) is not False

    assert (allowed(in_public()), allowed(in_network(alder)), allowed(in_collective())) == (public, network, collective)


def settings_router():
    from tenants.routers import SchemaRouter

    return SchemaRouter()


def test_allow_migrate_is_for_the_one_database(db):
    assert settings_router().allow_migrate("replica", "tenants", "network") is False
