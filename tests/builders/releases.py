"""A release that brings a migration more, and many networks that are cheap because only what it touches is there."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.db.migrations import AddField, Migration
from django.db.migrations.operations.base import Operation
from django.db.models import CharField

from tenants import schema
from tenants.enums import NetworkState
from tenants.models import Network
from tenants.roles import as_owner
from tests.isolation import rows

TABLE = "suppliers_suppliercategory"
ONE_COLUMN = AddField("suppliercategory", "added", CharField(max_length=20, default="new"))


@contextmanager
def release_with(*operations: Operation, app: str = "suppliers", name: str = "9999_added") -> Iterator[Migration]:
    """Let this process be of a release that has one migration more than its files."""
    real = schema.network_migrations

    class Added(Migration):
        pass

    added = Added(name, app)
    added.operations = list(operations)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schema, "network_migrations", lambda *args: [*real(*args), added])
        schema.current_release.cache_clear()
        yield added
    schema.current_release.cache_clear()


def make_slim_networks(names: list[str], *, like: Network, **fields: Any) -> list[Network]:
    """Make live networks with two tables: the migrations they have, and TABLE with one row."""
    made = [
        Network(
            name=name, subdomain=name, schema_name=f"n_{name}", state=NetworkState.LIVE, release=like.release, **fields
        )
        for name in names
    ]
    Network.objects.bulk_create(made)
    with as_owner(), connection.cursor() as cursor:
        for network in made:
            cursor.execute(_SLIM.format(here=network.schema_name, there=like.schema_name, table=TABLE))
    return made


def columns(network: Network, table: str = TABLE) -> list[str]:
    """Return the names of a table's columns in a network's schema."""
    return rows.columns(network.schema_name, table)


_SLIM = """
CREATE SCHEMA {here};
CREATE TABLE {here}.django_migrations (LIKE {there}.django_migrations INCLUDING ALL);
INSERT INTO {here}.django_migrations (app, name, applied) SELECT app, name, applied FROM {there}.django_migrations;
CREATE TABLE {here}.audit_event (LIKE {there}.audit_event INCLUDING ALL);
CREATE TABLE {here}.{table} (LIKE {there}.{table} INCLUDING ALL);
INSERT INTO {here}.{table} SELECT * FROM {there}.{table} LIMIT 1;
"""
