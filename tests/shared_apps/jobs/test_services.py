"""Giving back lost rows, taking turns of a schedule, pruning."""

import threading
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from shared_apps.jobs import selectors, services
from shared_apps.jobs.declarations import Schedule
from shared_apps.jobs.models import ScheduleSlot, Worker
from tenants import lifecycle
from tenants.enums import NetworkState
from tenants.ids import new_id
from tests.builders.at_once import at_once
from tests.shared_apps.jobs.sample_jobs import hang, note, note_platform

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture
def hourly(monkeypatch) -> None:
    """One schedule for each network and one for the platform, and none of the product's."""
    schedules = [
        Schedule(job=note, every=timedelta(hours=1)),
        Schedule(job=note_platform, at=time(3, 0)),
    ]
    monkeypatch.setattr(services, "registered_schedules", lambda: schedules)


@pytest.fixture
def row(alder) -> DBTaskResult:
    """A row that a worker with a heartbeat took just now."""
    worker_id = new_id()
    services.start_worker(worker_id, host="a", pid=1, now=timezone.now(), is_running=bool)
    note.enqueue_for(alder.id, mark="a")
    return services.take_row(worker_id)


def test_give_back_leaves_the_row_of_a_worker_that_is_alive(row):
    given = services.give_back_lost_rows(timezone.now())

    row.refresh_from_db()
    assert (given, row.status) == (0, "RUNNING")


def test_give_back_takes_the_row_of_a_worker_whose_heart_has_stopped(row):
    Worker.objects.update(heartbeat_at=timezone.now() - selectors.ALIVE_WITHIN - timedelta(seconds=1))

    given = services.give_back_lost_rows(timezone.now())

    row.refresh_from_db()
    assert (given, row.status, len(row.worker_ids)) == (1, "READY", 1)


def test_give_back_takes_the_row_of_a_worker_that_is_at_nothing(row):
    assert services.give_back_lost_rows(timezone.now(), idle=UUID(row.worker_ids[-1])) == 1


def test_start_worker_forgets_those_of_its_machine_that_were_killed(db):
    """Its own process number may have been another's: in a container they begin anew."""
    ids = {name: new_id() for name in ("killed", "before", "living", "elsewhere", "new")}
    places = {"killed": ("a", 1), "before": ("a", 7), "living": ("a", 2), "elsewhere": ("b", 1), "new": ("a", 7)}

    for name, (host, pid) in places.items():
        running = (lambda pid: pid == 2) if name == "new" else (lambda pid: True)
        services.start_worker(ids[name], host=host, pid=pid, now=timezone.now(), is_running=running)

    assert set(Worker.objects.values_list("id", flat=True)) == {ids[name] for name in ("living", "elsewhere", "new")}


def test_give_back_takes_the_row_that_ran_past_its_limit(row):
    DBTaskResult.objects.update(started_at=timezone.now() - note.timeout - timedelta(minutes=2))

    assert services.give_back_lost_rows(timezone.now()) == 1


def test_give_back_fails_a_row_that_had_all_its_attempts(alder):
    hang.enqueue_for(alder.id, mark="a")
    services.take_row(new_id())

    services.give_back_lost_rows(timezone.now())

    lost = DBTaskResult.objects.get()
    assert (lost.status, lost.exception_class_path) == ("FAILED", "shared_apps.jobs.services.WorkerLostError")


def test_enqueue_due_takes_each_turn_once(alder, birch, hourly):
    counts = [services.enqueue_due(NOW), services.enqueue_due(NOW + timedelta(minutes=59))]

    assert counts == [3, 0]
    assert sorted(networks(), key=str) == sorted([alder.id, birch.id, None], key=str)


def test_enqueue_due_takes_the_next_turn(alder, birch, hourly):
    services.enqueue_due(NOW)

    count = services.enqueue_due(NOW + timedelta(hours=1))

    assert count == 2
    assert ScheduleSlot.objects.count() == 5


def test_enqueue_due_passes_by_networks_that_are_not_live(alder, birch, hourly):
    lifecycle.set_state(birch, NetworkState.SUSPENDED)

    services.enqueue_due(NOW)

    assert networks() == [alder.id, None]


def test_enqueue_due_gives_a_new_network_the_turn_that_is_running(alder, birch, hourly):
    lifecycle.set_state(birch, NetworkState.SEEDED)
    services.enqueue_due(NOW)
    lifecycle.set_state(birch, NetworkState.LIVE)

    count = services.enqueue_due(NOW + timedelta(minutes=1))

    assert count == 1
    assert networks()[-1] == birch.id


def test_enqueue_due_in_two_workers_at_once_enqueues_once(transactional_db, hourly, monkeypatch):
    meeting = threading.Barrier(2, timeout=20)
    take_slots = services._take_slots

    def take_together(*args):
        meeting.wait()  # both have seen that the turn is free
        return take_slots(*args)

    monkeypatch.setattr(services, "_take_slots", take_together)
    counts = at_once(*[lambda: services.enqueue_due(NOW)] * 2)

    assert sum(counts) == 3
    assert DBTaskResult.objects.count() == 3
    assert ScheduleSlot.objects.count() == 3


def test_prune_forgets_what_is_long_over(alder, birch, hourly, row):
    services.enqueue_due(NOW)
    services.finish(row)
    later = timezone.now() + timedelta(days=63)

    services.prune(later)

    assert (ScheduleSlot.objects.count(), Worker.objects.count()) == (0, 0)
    assert set(DBTaskResult.objects.values_list("status", flat=True)) == {"READY"}


def test_prune_keeps_what_is_recent(row):
    services.finish(row)

    deleted = services.prune(timezone.now() + timedelta(days=6))

    assert deleted == 1  # the worker, whose heart stopped six days ago
    assert DBTaskResult.objects.count() == 1


def test_retry_failed_lets_a_row_run_again(row):
    services.fail(row, ValueError())

    assert services.retry_failed(row.id)

    row.refresh_from_db()
    assert (row.status, row.worker_ids) == ("READY", [])


def networks() -> list:
    """Networks of the turns, in the order in which they were taken."""
    return list(ScheduleSlot.objects.order_by("id").values_list("network_id", flat=True))
