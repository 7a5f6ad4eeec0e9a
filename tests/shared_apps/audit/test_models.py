"""Audit events cannot be changed or deleted, in a network or on the platform."""

from collections.abc import Callable

import pytest
from django.db import connection

from shared_apps.audit.models import AppendOnlyError, Event, PlatformEvent
from shared_apps.audit.services import Actor, record
from tenants import context
from tenants.context import WrongSchemaError


def save(event) -> None:
    event.name = "tests.changed"
    event.save()


WAYS: dict[str, Callable] = {
    "save": save,
    "save_fields": lambda event: event.save(update_fields=["name"]),
    "delete": lambda event: event.delete(),
    "update": lambda event: type(event).objects.update(name="tests.changed"),
    "filter_update": lambda event: type(event).objects.filter(pk=event.pk).update(name="tests.changed"),
    "queryset_delete": lambda event: type(event).objects.all().delete(),
    "raw_delete": lambda event: type(event).objects.all()._raw_delete("default"),
    "bulk_update": lambda event: type(event).objects.bulk_update([event], ["name"]),
    "update_or_create": lambda event: type(event).objects.update_or_create(pk=event.pk, defaults={"name": "x"}),
    "upsert": lambda event: type(event).objects.bulk_create(
        [event], update_conflicts=True, update_fields=["name"], unique_fields=["id"]
    ),
    "base_manager": lambda event: type(event)._base_manager.filter(pk=event.pk).update(name="tests.changed"),
}


@pytest.mark.parametrize("way", WAYS)
def test_event_is_append_only_in_a_network(in_alder, way):
    record("tests.kept", by=Actor.system())
    event = Event.objects.get(name="tests.kept")

    with pytest.raises(AppendOnlyError):
        WAYS[way](event)

    assert Event.objects.filter(name="tests.kept").count() == 1


@pytest.mark.parametrize("way", WAYS)
def test_event_is_append_only_on_the_platform(db, way):
    record("tests.kept", by=Actor.system())
    event = PlatformEvent.objects.get(name="tests.kept")

    with pytest.raises(AppendOnlyError):
        WAYS[way](event)

    assert PlatformEvent.objects.filter(name="tests.kept").count() == 1


def test_event_tables_are_each_in_their_own_kind_of_schema(alder):
    places = {
        name: tables(schema)
        for name, schema in {"public": "public", "network": alder.schema_name, "collective": "collective"}.items()
    }

    assert places == {
        "public": ["audit_platform_event"],
        "network": ["audit_event"],
        "collective": ["audit_event"],
    }


def test_event_of_one_network_cannot_be_read_in_another(alder, birch):
    with context.in_network(alder):
        query = Event.objects.all()

    with context.in_network(birch), pytest.raises(WrongSchemaError):
        list(query)


def tables(schema: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables "
            "WHERE table_schema = %s AND table_name LIKE 'audit%%' ORDER BY table_name",
            [schema],
        )
        return [row[0] for row in cursor.fetchall()]
