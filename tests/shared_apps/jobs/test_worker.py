"""Running rows: in their own network or not at all, again after a failure, and without a value in what is kept."""

import logging
import subprocess
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from shared_apps.jobs import selectors, services
from shared_apps.jobs.services import finish
from shared_apps.jobs.worker import Worker, is_running
from tenants import context, lifecycle
from tenants.enums import NetworkState
from tenants.models import Network
from tests.shared_apps.jobs import sample_jobs
from tests.shared_apps.jobs.sample_jobs import note, note_collective, note_platform


@pytest.fixture
def worker() -> Worker:
    return Worker()


def test_drain_runs_each_job_in_its_own_schema(alder, birch, worker, ran):
    note.enqueue_for(alder.id, mark="canary alder")
    note_platform.enqueue(mark="platform")
    note.enqueue_for(birch.id, mark="canary birch")
    note_collective.enqueue(mark="collective")

    done = worker.drain()

    assert done == 4
    assert sorted(ran) == [
        ("collective", "collective"),
        (alder.schema_name, "canary alder"),
        (birch.schema_name, "canary birch"),
        ("public", "platform"),
    ]
    assert set(statuses()) == {"SUCCESSFUL"}


def test_drain_leaves_the_connection_in_public(alder, worker):
    note.enqueue_for(alder.id, mark="a")

    worker.drain()

    assert (context.current_schema(), context.current_network()) == ("public", None)
    with connection.cursor() as cursor:
        cursor.execute("SHOW search_path")
        assert alder.schema_name not in cursor.fetchone()[0]


def test_drain_from_within_a_network_still_runs_a_platform_job_in_public(in_alder, worker, ran):
    note_platform.enqueue(mark="a")

    worker.drain()

    assert ran == [("public", "a")]


@pytest.mark.parametrize("network", [None, "", "absent"])
def test_drain_refuses_a_row_without_a_network(alder, worker, ran, network, caplog):
    note.enqueue_for(alder.id, mark="first, to leave a network behind")
    note.enqueue_for(alder.id, mark="canary")
    row = DBTaskResult.objects.latest("enqueued_at")
    row.args_kwargs.pop("network")
    row.args_kwargs |= {} if network == "absent" else {"network": network}
    row.save()

    with caplog.at_level(logging.ERROR, logger="sbm.jobs"):
        worker.drain()

    assert ran == [(alder.schema_name, "first, to leave a network behind")]
    row.refresh_from_db()
    assert (row.status, row.exception_class_path.rsplit(".")[-1]) == ("FAILED", "NoNetworkError")
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert f"job id={row.id}" in caplog.text
    assert "refused NoNetworkError" in caplog.text


def test_drain_refuses_a_row_of_a_network_that_is_not_there(alder, worker, ran):
    note.enqueue_for(alder.id, mark="a")
    row = DBTaskResult.objects.get()
    row.args_kwargs["network"] = str(row.id)
    row.save()

    worker.drain()

    assert ran == []
    assert kept("exception_class_path") == "shared_apps.jobs.worker.NetworkGoneError"


def test_drain_refuses_a_row_whose_job_no_code_declares(alder, worker, ran):
    note.enqueue_for(alder.id, mark="a")
    DBTaskResult.objects.update(task_path="os.system")

    worker.drain()

    assert ran == []
    assert (kept("status"), kept("exception_class_path")) == ("FAILED", "shared_apps.jobs.worker.UnknownJobError")


@pytest.mark.parametrize(
    ("state", "wait"),
    [
        (NetworkState.SUSPENDED, timedelta(minutes=1)),
        (NetworkState.FAILED, timedelta(minutes=1)),
        (NetworkState.SEEDED, timedelta(seconds=2)),
    ],
)
def test_drain_postpones_the_job_of_a_network_that_is_not_live(alder, worker, ran, state, wait):
    note.enqueue_for(alder.id, mark="a")
    lifecycle.set_state(alder, state)
    before = timezone.now()

    worker.drain()

    assert ran == []
    assert (kept("status"), kept("worker_ids")) == ("READY", [])
    assert before + wait <= kept("run_after") <= timezone.now() + wait


def test_drain_runs_a_postponed_job_when_the_network_is_live_again(alder, worker, ran):
    note.enqueue_for(alder.id, mark="a")
    lifecycle.set_state(alder, NetworkState.SUSPENDED)
    worker.drain()
    lifecycle.set_state(alder, NetworkState.LIVE)
    DBTaskResult.objects.update(run_after=timezone.now())

    worker.drain()

    assert ran == [(alder.schema_name, "a")]


def test_drain_drops_the_job_of_a_closed_network(alder, worker, ran):
    note.enqueue_for(alder.id, mark="a")
    lifecycle.set_state(alder, NetworkState.CLOSED)

    worker.drain()

    assert ran == []
    assert (kept("status"), kept("exception_class_path")) == ("FAILED", "shared_apps.jobs.worker.NetworkGoneError")


def test_drain_tries_again_up_to_the_limit(alder, worker, ran):
    sample_jobs.fail.enqueue_for(alder.id, mark="a")

    done = worker.drain()

    assert done == 3
    assert ran == [(alder.schema_name, "a")] * 3
    assert (kept("status"), len(kept("worker_ids"))) == ("FAILED", 3)


def test_drain_waits_between_attempts(alder, worker):
    sample_jobs.fail_slowly.enqueue_for(alder.id, mark="a")
    before = timezone.now()

    done = worker.drain()

    assert done == 1
    assert kept("status") == "READY"
    assert before + timedelta(seconds=10) <= kept("run_after") <= timezone.now() + timedelta(seconds=10)


def test_failure_is_kept_and_logged_without_values(alder, worker, caplog):
    sample_jobs.fail.enqueue_for(alder.id, mark="canary-mark-5512")

    with caplog.at_level(logging.DEBUG):
        worker.drain()

    assert kept("exception_class_path") == "builtins.ValueError"
    lines = kept("traceback").splitlines()
    assert lines[0] == "builtins.KeyError"
    assert lines[2:4] == ["then:", "builtins.ValueError"]
    assert [line.split(":")[0] for line in (lines[1], lines[-1])] == ["tests/shared_apps/jobs/sample_jobs.py"] * 2
    assert lines[-1].endswith(" fail")
    for text in (kept("traceback"), kept("exception_class_path"), caplog.text):
        assert "canary" not in text
    assert "failed ValueError" in caplog.text


def test_failure_in_sql_leaves_the_worker_able_to_go_on(alder, birch, worker, ran):
    sample_jobs.fail_in_sql.enqueue_for(alder.id, mark="a")
    note.enqueue_for(birch.id, mark="b")

    done = worker.drain()

    assert done == 2
    assert ran == [(birch.schema_name, "b")]
    failed = DBTaskResult.objects.failed().get()
    assert failed.exception_class_path == "django.db.utils.ProgrammingError"
    assert "canary" not in failed.traceback


def test_job_that_runs_past_its_limit_is_interrupted(alder, worker):
    sample_jobs.hang.enqueue_for(alder.id, mark="a")

    worker.drain()

    assert (kept("status"), kept("exception_class_path")) == ("FAILED", "shared_apps.jobs.worker.JobTimeoutError")


def test_run_takes_up_again_at_once_what_broke_off_with_the_database(transactional_db, ran, monkeypatch):
    """It is not the job's failure, so it does not wait as after one."""
    alder, worker = Network.objects.get(subdomain="alder"), Worker()
    sample_jobs.lose_database.enqueue_for(alder.id, mark="a")
    monkeypatch.setattr(services, "registered_schedules", list)
    monkeypatch.setattr("shared_apps.jobs.worker.AWAY_SECONDS", 0)
    monkeypatch.setattr(services, "finish", lambda row: (finish(row), worker.stop()))

    worker.run()

    assert ran == [(alder.schema_name, "a")] * 2
    assert (kept("status"), len(kept("worker_ids"))) == ("SUCCESSFUL", 2)


def test_beat_registers_again_who_was_taken_for_gone(transactional_db, worker):
    worker._beat_once()

    assert [each.id for each in selectors.workers()] == [worker.id]


@pytest.mark.parametrize(("killed", "there"), [(False, True), (True, False)])
def test_is_running_knows_a_process_that_was_killed(killed, there):
    with subprocess.Popen(["sleep", "60"]) as process:
        if killed:
            process.kill()
            process.wait()

        found = is_running(process.pid)

        process.kill()
    assert found == there


def test_drain_leaves_what_is_not_due(alder, worker, ran):
    note.using(run_after=timezone.now() + timedelta(hours=1)).enqueue_for(alder.id, mark="later")

    done = worker.drain()

    assert (done, ran) == (0, [])


def test_drain_takes_the_urgent_first(alder, worker, ran):
    note.enqueue_for(alder.id, mark="usual")
    note.using(priority=50).enqueue_for(alder.id, mark="urgent")

    worker.drain(limit=1)

    assert ran == [(alder.schema_name, "urgent")]


def test_finish_of_a_row_that_was_given_to_another_changes_nothing(alder, worker):
    note.enqueue_for(alder.id, mark="a")
    mine = services.take_row(worker.id)
    DBTaskResult.objects.update(worker_ids=[str(worker.id), "another"])

    services.finish(mine)

    assert kept("status") == "RUNNING"


def statuses() -> list[str]:
    return list(DBTaskResult.objects.values_list("status", flat=True))


def kept(field: str):
    """A field of the one row there is."""
    return DBTaskResult.objects.values_list(field, flat=True).get()
