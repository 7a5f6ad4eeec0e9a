"""Each step may run again, a failing one is remembered and retried, and two processes never work on one network."""

from contextlib import closing, contextmanager

import psycopg2
import pytest
from django.db import connection

from tenants import context, lifecycle, schema
from tenants.enums import NetworkState
from tenants.lifecycle import AlreadyRunningError, Progress, Step, StepFailedError, WrongStateError
from tenants.models import Domain, Network
from tenants.roles import as_owner
from tenants.services import request_network
from tenants.signals import network_changed
from tests import cluster
from tests.builders.at_once import at_once
from tests.tenants.test_schema import applied, described


class BrokenError(Exception):
    """What a step of the test's own raises."""


@pytest.fixture(autouse=True)
def _own_registry(monkeypatch):
    monkeypatch.setattr(lifecycle, "_steps", dict(lifecycle._steps))


@pytest.fixture
def rowan(db) -> Network:
    """A network that was asked for."""
    return request_network(name="Rowan", subdomain="rowan", owner_email="owner@rowan.example")


def broken(_network: Network) -> None:
    raise BrokenError("it broke")


def add_step(name: str, run=lambda _: None, *, reaches: NetworkState = NetworkState.SEEDED, **options) -> None:
    lifecycle.register_step(Step(name, name.capitalize(), reaches, run, **options))


def contents(network: Network) -> tuple:
    """Return what onboarding makes, but for invitations and their mail, which are made anew."""
    again = ("members_invitation", "mail_message", "audit_event")
    with context.in_network(network), connection.cursor() as cursor:
        tables = [table for table in connection.introspection.table_names(cursor) if table not in again]
        cursor.execute(" UNION ALL ".join(f"SELECT '{table}', count(*) FROM \"{table}\"" for table in tables))
        rows = dict(cursor.fetchall())
    return rows, list(Domain.objects.values_list("domain", "tenant__subdomain").order_by("domain"))


def test_advance_brings_a_network_on_line_through_every_state(rowan):
    states = []

    def watch(*, network: Network, **_: object) -> None:
        states.append(network.state)

    network_changed.connect(watch)
    try:
        outcome = lifecycle.advance(rowan)
    finally:
        network_changed.disconnect(watch)

    assert states == ["schema", "migrated", "seeded", "domain", "live"]
    assert (outcome.was_live, outcome.network.state) == (False, "live")
    assert outcome.facts["invitation"].startswith("http://rowan.localhost:8000/join/")


@pytest.mark.parametrize("name", list(lifecycle._steps))
def test_every_step_may_run_again(rowan, name):
    lifecycle.advance(rowan)
    before = contents(rowan), described(rowan.schema_name), applied(rowan.schema_name)
    step = lifecycle._steps[name]

    with as_owner():
        lifecycle._run_where_it_belongs(rowan, step)

    assert (contents(rowan), described(rowan.schema_name), applied(rowan.schema_name)) == before


@pytest.mark.parametrize("state", ["requested", "schema", "migrated", "seeded", "domain"])
def test_advance_goes_on_from_any_state(rowan, state):
    """Also where the work was done and only the state was not recorded."""
    lifecycle.advance(rowan)
    before = contents(rowan)
    lifecycle.set_state(rowan, NetworkState(state))

    lifecycle.advance(rowan)

    assert rowan.state == NetworkState.LIVE
    assert contents(rowan) == before


def test_advance_of_a_live_network_runs_only_what_repeats(alder):
    ran = []
    add_step("once", lambda _: ran.append("once"))
    add_step("always", lambda _: ran.append("always"), repeats=True)

    outcome = lifecycle.advance(alder)

    assert ran == ["always"]
    assert outcome.was_live


def test_steps_run_in_the_order_of_states_and_numbers(rowan):
    ran = []
    for name, reaches, order in (
        ("last", NetworkState.LIVE, 5),
        ("seed-b", NetworkState.SEEDED, 99),
        ("seed-a", NetworkState.SEEDED, 98),
        ("tables-more", NetworkState.MIGRATED, 1),
    ):
        add_step(name, lambda _, name=name: ran.append((name, context.current_schema())), reaches=reaches, order=order)

    lifecycle.advance(rowan)

    assert ran == [("tables-more", "public"), ("seed-a", "n_rowan"), ("seed-b", "n_rowan"), ("last", "n_rowan")]


def test_a_failing_step_is_remembered_and_shown(rowan):
    add_step("flaky", broken, order=99)
    told: list[Progress] = []

    with pytest.raises(StepFailedError, match=r"^The step “Flaky” failed: it broke$"):
        lifecycle.advance(rowan, on_progress=told.append)

    kept = Network.objects.get(id=rowan.id)
    assert (kept.state, kept.failed_step) == (NetworkState.FAILED, "flaky")
    assert (told[-1].step.name, told[-1].error, told[-1].seconds) == ("flaky", "BrokenError", None)
    assert context.current_schema() == "public"


@pytest.mark.parametrize("name", list(lifecycle._steps))
def test_any_step_may_fail_and_be_tried_again(rowan, monkeypatch, name):
    real = lifecycle._steps[name]
    lifecycle.register_step(Step(name, real.label, real.reaches, broken, order=real.order, repeats=real.repeats))
    with pytest.raises(StepFailedError):
        lifecycle.advance(rowan)
    assert (rowan.state, rowan.failed_step) == (NetworkState.FAILED, name)

    lifecycle.register_step(real)
    lifecycle.advance(rowan)

    assert (rowan.state, rowan.failed_step) == (NetworkState.LIVE, "")


def test_what_follows_a_failed_step_has_not_run(rowan):
    ran = []
    add_step("flaky", broken, order=98)
    add_step("later", lambda _: ran.append("later"), order=99)

    with pytest.raises(StepFailedError):
        lifecycle.advance(rowan)

    assert ran == []
    assert not Domain.objects.filter(tenant=rowan).exists()


def test_a_step_that_no_longer_exists_is_no_obstacle(rowan):
    lifecycle.set_state(rowan, NetworkState.FAILED, failed_step="of an older release")

    lifecycle.advance(rowan)

    assert rowan.state == NetworkState.LIVE


def test_a_repeated_step_that_fails_leaves_a_live_network_live(alder, client_for):
    """A fresh invitation that cannot be made must not take the network off line, nor make it removable."""
    add_step("flaky", broken, repeats=True)

    with pytest.raises(StepFailedError):
        lifecycle.advance(alder)

    assert Network.objects.get(id=alder.id).state == NetworkState.LIVE
    assert client_for(alder).get("/sign-in/").status_code == 200


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (NetworkState.SUSPENDED, "Alder SBM Network is suspended. Reactivate it first."),
        (NetworkState.CLOSED, "Alder SBM Network is closed."),
    ],
)
def test_advance_refuses_a_network_that_has_ended(alder, state, words):
    stale = Network.objects.get(id=alder.id)
    lifecycle.set_state(alder, state)

    with pytest.raises(WrongStateError, match=f"^{words}$"):
        lifecycle.advance(stale)

    assert Network.objects.get(id=alder.id).state == state


def test_advance_refuses_a_network_that_was_removed(rowan):
    stale = Network.objects.get(id=rowan.id)
    lifecycle.remove(rowan)

    with pytest.raises(WrongStateError, match=r"^Rowan has been removed\.$"):
        lifecycle.advance(stale)

    assert "n_rowan" not in schemas()


@pytest.mark.parametrize("state", [NetworkState.LIVE, NetworkState.SUSPENDED, NetworkState.CLOSED])
def test_remove_refuses_what_has_been_live(alder, state):
    stale = Network.objects.get(id=alder.id)
    lifecycle.set_state(alder, state)
    stale.state = NetworkState.FAILED

    with pytest.raises(WrongStateError):
        lifecycle.remove(stale)

    assert "n_alder" in schemas()
    assert Domain.objects.filter(tenant=alder).exists()


@pytest.mark.django_db(transaction=True)
def test_remove_takes_back_in_the_reverse_order_what_was_done():
    rowan = request_network(name="Rowan", subdomain="rowan", owner_email="owner@rowan.example")
    undone = []
    for name, order in (("one", 1), ("two", 2)):
        add_step(name, undo=lambda _, name=name: undone.append((name, context.current_schema())), order=order)
    lifecycle.advance(rowan)
    lifecycle.set_state(rowan, NetworkState.FAILED)

    lifecycle.remove(rowan, also=lambda: undone.append(("also", context.current_schema())))

    assert undone == [("also", "public"), ("two", "public"), ("one", "public")]
    assert "n_rowan" not in schemas()


def test_remove_that_fails_removes_nothing(rowan):
    add_step("stuck", undo=broken, reaches=NetworkState.MIGRATED, order=-1)
    lifecycle.advance(rowan)
    lifecycle.set_state(rowan, NetworkState.FAILED)
    before = contents(rowan)

    with pytest.raises(BrokenError):
        lifecycle.remove(rowan)

    assert contents(rowan) == before


@contextmanager
def other_process_at_work(network: Network):
    """Hold the lock that a process holds while it brings the network on line."""
    with closing(psycopg2.connect(**connection.get_connection_params())) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [f"onboarding:{network.id}"])
        yield other


@pytest.mark.parametrize("act", [lifecycle.advance, lifecycle.remove])
def test_two_processes_never_work_on_one_network(rowan, monkeypatch, act):
    monkeypatch.setattr(lifecycle, "LOCK_WAIT", "50ms")

    with (
        other_process_at_work(rowan),
        pytest.raises(AlreadyRunningError, match=r"^Rowan is being worked on by another"),
    ):
        act(rowan)

    assert Network.objects.get(id=rowan.id).state == NetworkState.REQUESTED
    assert "n_rowan" not in schemas()
    lifecycle.advance(rowan)
    assert rowan.state == NetworkState.LIVE


def test_another_networks_process_is_no_obstacle(rowan, alder):
    with other_process_at_work(alder):
        lifecycle.advance(rowan)

    assert rowan.state == NetworkState.LIVE


@pytest.mark.django_db(transaction=True)
def test_the_second_of_two_at_once_waits_and_finds_it_done():
    """Both end well, each step has run once, and the later one reports a network that was live."""
    rowan = request_network(name="Rowan", subdomain="rowan", owner_email="owner@rowan.example")
    ran = []
    add_step("counted", lambda _: ran.append("counted"))

    def work() -> bool:
        return lifecycle.advance(Network.objects.get(id=rowan.id)).was_live

    outcomes = at_once(work, work)

    assert sorted(outcomes) == [False, True]
    assert ran == ["counted"]


@pytest.mark.django_db(transaction=True)
def test_the_lock_ends_with_its_connection():
    rowan = request_network(name="Rowan", subdomain="rowan", owner_email="owner@rowan.example")
    with other_process_at_work(rowan) as other:
        other.close()

        lifecycle.advance(rowan)

    assert rowan.state == NetworkState.LIVE


@pytest.mark.django_db(transaction=True)
def test_a_database_that_goes_away_is_a_failed_step_and_nothing_is_lost():
    """The server ends our connection inside a step, as at a restart; the next try goes on."""
    rowan = request_network(name="Rowan", subdomain="rowan", owner_email="owner@rowan.example")

    def cut(_network: Network) -> None:
        cluster.lose_connection()

    add_step("cut", cut, order=99)
    with pytest.raises(StepFailedError):
        lifecycle.advance(rowan)
    connection.close()
    assert Network.objects.get(id=rowan.id).state == NetworkState.MIGRATED

    add_step("cut", order=99)
    lifecycle.advance(rowan)

    assert Network.objects.get(id=rowan.id).state == NetworkState.LIVE


def test_drop_schema_drops_what_is_in_it_and_nothing_else(alder, birch):
    before = described("n_birch")

    with as_owner():
        schema.drop_schema("n_alder")

    assert "n_alder" not in schemas()
    assert described("n_birch") == before


def schemas() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace")
        return [name for (name,) in cursor.fetchall()]
