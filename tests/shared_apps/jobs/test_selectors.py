"""What the operator sees of jobs."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from shared_apps.jobs import declarations, selectors, services
from shared_apps.jobs.selectors import Queue
from shared_apps.jobs.worker import Worker
from tenants.ids import new_id
from tests.shared_apps.jobs.sample_jobs import fail, note


@pytest.fixture
def queued(alder, birch) -> None:
    """Two rows waiting, one running, one failed for good, one done."""
    fail.enqueue_for(alder.id, mark="a")
    note.enqueue_for(alder.id, mark="done")
    Worker().drain()
    note.enqueue_for(alder.id, mark="running")
    services.take_row(new_id())
    note.enqueue_for(alder.id, mark="first")
    note.enqueue_for(birch.id, mark="second")


def test_queues_counts_what_is_not_done(queued):
    oldest = DBTaskResult.objects.ready().earliest("enqueued_at").enqueued_at

    assert selectors.queues() == [
        Queue(job="tests.sample.fail", waiting=0, running=0, failed=1, oldest_waiting_at=None),
        Queue(job="tests.sample.note", waiting=2, running=1, failed=0, oldest_waiting_at=oldest),
    ]
    assert (selectors.count_waiting(), selectors.oldest_waiting()) == (2, oldest)


@pytest.mark.parametrize("rows", [1, 3])
def test_queues_takes_two_queries_however_many_rows(alder, django_assert_num_queries, rows):
    for _ in range(rows):
        note.enqueue_for(alder.id, mark="a")

    with django_assert_num_queries(2):
        selectors.queues()


def test_recent_failures_say_where_and_not_what(alder, queued):
    (failure,) = selectors.recent_failures()

    assert (failure.job, failure.network_id, failure.attempts) == ("tests.sample.fail", str(alder.id), 3)
    assert failure.error == "builtins.ValueError"
    assert "canary" not in repr(failure)


def test_is_worker_alive_follows_the_heartbeat(db):
    worker_id, now = new_id(), timezone.now()
    before = selectors.is_worker_alive()

    services.start_worker(worker_id, host="a", pid=1, now=now, is_running=bool)
    started = selectors.is_worker_alive(), [worker.id for worker in selectors.workers()]
    services.beat(worker_id, job_id=None, now=now - timedelta(seconds=31))

    assert (before, started, selectors.is_worker_alive()) == (False, (True, [worker_id]), False)


def test_stop_worker_forgets_it(db):
    worker_id = new_id()
    services.start_worker(worker_id, host="a", pid=1, now=timezone.now(), is_running=bool)

    services.stop_worker(worker_id)

    assert not selectors.is_worker_alive()


def test_queues_names_a_job_that_only_a_worker_has_loaded(alder, monkeypatch):
    note.enqueue_for(alder.id, mark="a")
    known = declarations.registered_jobs()[note.module_path]
    monkeypatch.delitem(declarations._jobs, note.module_path)
    monkeypatch.setattr(selectors, "load_jobs", lambda: declarations._jobs.update({note.module_path: known}))

    assert [each.job for each in selectors.queues()] == ["tests.sample.note"]
