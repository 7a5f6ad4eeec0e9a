"""Declaring and enqueueing jobs: what a row holds, and what is refused."""

from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from shared_apps.jobs.declarations import Schedule
from shared_apps.jobs.tasks import JobArgumentError, NoNetworkError, back_off, job, periodic
from tenants import context
from tenants.ids import new_id
from tests.shared_apps.jobs import sample_jobs
from tests.shared_apps.jobs.sample_jobs import note, note_collective, note_platform

LONDON = ZoneInfo("Europe/London")


def test_enqueue_writes_a_row_with_the_network_and_ids_only(in_alder):
    message = new_id()

    note.enqueue(mark=message)

    row = DBTaskResult.objects.get()
    assert row.args_kwargs == {"args": [], "kwargs": {"mark": str(message)}, "network": str(in_alder.id)}
    assert row.task_path == "tests.shared_apps.jobs.sample_jobs.note"
    assert row.status == "READY"


def test_enqueue_is_undone_with_the_callers_transaction(in_alder):
    def enqueue_and_fail() -> None:
        with transaction.atomic():
            note.enqueue(mark="a")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        enqueue_and_fail()

    assert DBTaskResult.objects.count() == 0


@pytest.mark.parametrize("place", ["public", "collective"])
def test_enqueue_outside_a_network_is_refused(db, place):
    with context.in_public() if place == "public" else context.in_collective(), pytest.raises(NoNetworkError):
        note.enqueue(mark="a")

    assert DBTaskResult.objects.count() == 0


def test_enqueue_for_names_a_network_from_the_collective(alder):
    with context.in_collective():
        note.enqueue_for(alder.id, mark="a")

    assert DBTaskResult.objects.get().args_kwargs["network"] == str(alder.id)


def test_enqueue_for_another_network_than_the_current(alder, birch):
    with context.in_network(alder):
        note.enqueue_for(birch.id, mark="a")

    assert DBTaskResult.objects.get().args_kwargs["network"] == str(birch.id)


@pytest.mark.parametrize("sample", [note_platform, note_collective])
def test_enqueue_of_a_platforms_job_carries_no_network(in_alder, sample):
    sample.enqueue(mark="a")

    assert DBTaskResult.objects.get().args_kwargs["network"] is None


def test_enqueue_for_refuses_a_platforms_job(alder):
    with pytest.raises(JobArgumentError, match="not a network's job"):
        note_platform.enqueue_for(alder.id, mark="a")


def test_using_sets_when_it_runs_and_keeps_the_rest(in_alder):
    later = datetime(2027, 1, 4, 9, tzinfo=LONDON)

    note.using(run_after=later).enqueue(mark="a")

    row = DBTaskResult.objects.get()
    assert row.run_after == later
    assert row.args_kwargs["network"] == str(in_alder.id)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("priya@alder.example", id="email"),
        pytest.param("x" * 201, id="content"),
        pytest.param({"id": "a"}, id="mapping"),
        pytest.param(["a", "priya@alder.example"], id="email in a list"),
        pytest.param(object(), id="object"),
        pytest.param(b"a", id="bytes"),
    ],
)
def test_enqueue_refuses_more_than_ids(in_alder, value):
    with pytest.raises(JobArgumentError, match=r"^tests.sample.note was given .* as mark"):
        note.enqueue(mark=value)

    assert DBTaskResult.objects.count() == 0


def test_enqueue_refuses_a_model_instance_and_says_what_to_pass(in_alder):
    with pytest.raises(JobArgumentError, match="given a Network as mark; pass its id"):
        note.enqueue(mark=in_alder)


def test_enqueue_refuses_arguments_that_do_not_fit(in_alder):
    with pytest.raises(TypeError, match="unexpected keyword argument 'colour'"):
        note.enqueue(colour="a")


def test_run_now_gives_ids_as_the_worker_would(in_alder, ran):
    note.run_now(mark=UUID(int=7))

    assert ran == [(in_alder.schema_name, "00000000-0000-0000-0000-000000000007")]


def test_run_now_refuses_a_networks_job_elsewhere(db, ran):
    with pytest.raises(NoNetworkError):
        note.run_now(mark="a")

    assert ran == []


def test_job_refuses_the_storages_own_worker(in_alder, ran):
    note.enqueue(mark="a")

    with pytest.raises(NoNetworkError, match=r"manage\.py work"):
        DBTaskResult.objects.get().task.call(mark="a")

    assert ran == []


def test_job_refuses_positional_parameters():
    def wrong(mark: str) -> None: ...

    with pytest.raises(JobArgumentError, match="must be keyword-only"):
        job("tests.sample.wrong")(wrong)


def test_periodic_needs_one_kind_of_clock():
    with pytest.raises(ValueError, match="either `every` or `at`"):
        periodic("tests.sample.never")
    with pytest.raises(ValueError, match="either `every` or `at`"):
        periodic("tests.sample.both", every=timedelta(hours=1), at=time(3))


def test_back_off_grows_and_ends():
    waits = [back_off(attempt) for attempt in (1, 2, 3, 20)]

    assert waits == [timedelta(seconds=10), timedelta(seconds=40), timedelta(seconds=160), timedelta(hours=6)]


def test_slot_of_every_is_the_beginning_of_the_span():
    schedule = Schedule(job=note, every=timedelta(minutes=10))

    slots = [schedule.slot(datetime(2026, 11, 21, 9, minute, 30, tzinfo=LONDON)) for minute in (0, 9, 10)]

    assert slots == ["1795251600", "1795251600", "1795252200"]


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        (datetime(2026, 11, 21, 3, 9, tzinfo=LONDON), None),
        (datetime(2026, 11, 21, 3, 10, tzinfo=LONDON), "2026-11-21"),
        (datetime(2026, 11, 21, 23, 59, tzinfo=LONDON), "2026-11-21"),
        (datetime(2026, 3, 29, 3, 10, tzinfo=LONDON), "2026-03-29"),
    ],
)
def test_slot_of_a_time_of_day_begins_then(now, slot):
    assert Schedule(job=note, at=time(3, 10)).slot(now) == slot


def test_slot_in_the_hour_that_spring_leaves_out_is_taken_after_it():
    schedule = Schedule(job=note, at=time(1, 30))
    before = datetime(2026, 3, 29, 0, 59, tzinfo=LONDON)

    after = (before.astimezone(ZoneInfo("UTC")) + timedelta(minutes=2)).astimezone(LONDON)

    assert (schedule.slot(before), schedule.slot(after)) == (None, "2026-03-29")


def test_slot_of_a_weekday_is_on_that_day_alone():
    schedule = Schedule(job=note, at=time(7), weekday=0)

    slots = [schedule.slot(datetime(2026, 11, day, 8, tzinfo=LONDON)) for day in (22, 23, 24)]

    assert slots == [None, "2026-11-23", None]


def test_periodic_registers_a_job_of_the_right_kind():
    declared = periodic("tests.sample.hourly", every=timedelta(hours=1), per_network=True)(module_level)

    try:
        assert (declared.title, declared.kind) == ("tests.sample.hourly", "network")
    finally:
        forget("tests.sample.hourly")


def test_periodic_stands_above_job():
    declared = periodic(every=timedelta(hours=1))(note_platform)

    try:
        assert declared is note_platform
    finally:
        forget("tests.sample.note_platform")


def module_level() -> None:
    """A function that a test makes a job of."""


def forget(name: str) -> None:
    from shared_apps.jobs import declarations

    declarations._schedules.pop(name)


def test_sample_jobs_are_what_the_other_tests_think():
    assert sample_jobs.note.kind == "network"
    assert sample_jobs.note_platform.kind == "public"
    assert sample_jobs.note_collective.kind == "collective"
