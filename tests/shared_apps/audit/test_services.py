"""Writing audit events: where they land, what they hold and what they refuse."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction
from django.utils import timezone

from shared_apps.audit import services
from shared_apps.audit.models import Event, PlatformEvent
from shared_apps.audit.services import Actor, PersonalDetailError, record
from tenants import context
from tenants.ids import new_id

PERSON = UUID("019a0000-0000-7000-8000-000000000001")


@pytest.fixture
def priya() -> Actor:
    return Actor(account_id=PERSON, label="Priya Raman", via="page", address="192.0.2.7")


def test_record_keeps_who_what_when_and_from_where(in_alder, priya):
    target = new_id()

    record(
        "tests.thing.changed",
        by=priya,
        target_kind="tests.thing",
        target_id=target,
        fields={"title", "body"},
        school_id=PERSON,
        state="locked",
        places=3,
    )

    event = ours(Event).values().get()
    assert event.pop("at") is not None
    assert event.pop("id") is not None
    assert event == {
        "name": "tests.thing.changed",
        "actor_id": PERSON,
        "actor_label": "",
        "via": "page",
        "address": "192.0.2.7",
        "target_kind": "tests.thing",
        "target_id": target,
        "fields": ["body", "title"],
        "details": {"school_id": str(PERSON), "state": "locked", "places": 3},
    }


def test_record_names_a_target_by_its_model(alder, priya):
    record("tests.network.renamed", by=priya, target=alder)

    event = ours(PlatformEvent).get()
    assert (event.target_kind, event.target_id) == ("tenants.network", alder.id)


def test_record_labels_what_is_not_a_person(in_alder):
    record("tests.thing.tidied", by=Actor.system("job", label="reconciler"))

    event = ours(Event).get()
    assert (event.actor_id, event.actor_label, event.via, event.address) == (None, "reconciler", "job", None)


def test_record_writes_where_it_happens(alder, birch, priya):
    with context.in_network(alder):
        record("tests.canary.alder", by=priya)
    with context.in_collective():
        record("tests.canary.collective", by=priya)
    record("tests.canary.platform", by=priya)

    with context.in_network(alder):
        assert names(Event) == ["tests.canary.alder"]
    with context.in_network(birch):
        assert names(Event) == []
    with context.in_collective():
        assert names(Event) == ["tests.canary.collective"]
    assert names(PlatformEvent) == ["tests.canary.platform"]


def test_record_is_undone_with_the_callers_transaction(in_alder, priya):
    def change_and_fail() -> None:
        with transaction.atomic():
            record("tests.thing.changed", by=priya)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change_and_fail()

    assert names(Event) == []


@pytest.mark.parametrize("value", ["priya@alder.example", "x" * 101, 1.5, {"a": 1}, ["ok", "priya@alder.example"]])
def test_record_refuses_details_that_may_be_personal(in_alder, priya, value):
    with pytest.raises(PersonalDetailError, match="detail “note” is not"):
        record("tests.thing.changed", by=priya, note=value)

    assert names(Event) == []


def test_forget_addresses_clears_the_old_ones_of_this_schema_only(as_owner, alder, birch, priya):
    for network in (alder, birch):
        with context.in_network(network):
            record("tests.thing.changed", by=priya)

    with context.in_network(alder):
        young = services.forget_addresses(before=timezone.now() - timedelta(days=1))
        old = services.forget_addresses(before=timezone.now() + timedelta(seconds=1))
        kept = set(ours(Event).values_list("actor_id", "address"))

    assert (young, kept) == (0, {(PERSON, None)})
    assert old >= 1
    with context.in_network(birch):
        assert set(ours(Event).values_list("address", flat=True)) == {"192.0.2.7"}


def ours(model):
    """The events of this test; onboarding has left others."""
    return model.objects.filter(name__startswith="tests.")


def names(model) -> list[str]:
    return list(ours(model).values_list("name", flat=True))
