"""`manage.py work` as a process: killed in the middle of a job, and asked to stop."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from shared_apps.jobs import selectors, services
from shared_apps.jobs.models import Worker as WorkerRow
from shared_apps.jobs.worker import Worker
from tenants.models import Network
from tests.cluster import ROOT
from tests.shared_apps.jobs.sample_jobs import await_word, linger, look_for_lost, note

Start = Callable[..., subprocess.Popen]


@pytest.fixture
def start_worker(transactional_db) -> Iterator[Start]:
    """Start a worker in its own process; what is still alive at the end is killed."""
    started: list[subprocess.Popen] = []

    def start(**environment: str) -> subprocess.Popen:
        name = connection.settings_dict["NAME"]
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.shared_apps.jobs.worker_process", name],
            cwd=ROOT,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_work_killed_in_the_middle_of_a_job_runs_it_exactly_once_more(start_worker, ran):
    alder = Network.objects.get(subdomain="alder")
    linger.enqueue_for(alder.id, mark="canary")
    process = start_worker(LINGER="1")
    assert process.stdout.readline() == "begun\n"

    process.send_signal(signal.SIGKILL)
    process.wait(20)
    WorkerRow.objects.update(heartbeat_at=timezone.now() - selectors.ALIVE_WITHIN - timedelta(seconds=1))
    given_back = services.give_back_lost_rows(timezone.now())
    Worker().drain()  # this row, and what the schedules enqueued meanwhile

    assert (given_back, Worker().drain()) == (1, 0)
    assert ran == [(alder.schema_name, "canary")]
    row = DBTaskResult.objects.get(task_path__endswith=".linger")
    assert (row.status, len(row.worker_ids)) == ("SUCCESSFUL", 2)


def test_work_asked_to_stop_finishes_its_job_and_no_other(start_worker):
    alder = Network.objects.get(subdomain="alder")
    await_word.enqueue_for(alder.id, mark="a")
    process = start_worker()
    assert process.stdout.readline() == "begun\n"
    alive = WorkerRow.objects.count()
    note.enqueue_for(alder.id, mark="b")

    process.terminate()
    process.communicate("go on\n", timeout=30)

    assert (process.returncode, alive, WorkerRow.objects.count()) == (0, 1, 0)
    assert DBTaskResult.objects.get(task_path__endswith=".await_word").status == "SUCCESSFUL"
    assert DBTaskResult.objects.get(task_path__endswith=".note").status == "READY"


@pytest.mark.parametrize(("option", "said"), [("--once", "1 job run\n"), ("--batch", "2 jobs run\n")])
def test_work_can_end_by_itself_and_no_other_worker_repeats_its_job(alder, option, said, ran):
    look_for_lost.enqueue_for(alder.id, mark="lost meanwhile")
    note.enqueue_for(alder.id, mark="b")
    out = StringIO()
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    try:
        call_command("work", option, stdout=out)
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)

    assert (out.getvalue(), ran[0]) == (said, ("lost meanwhile", "0"))
    assert WorkerRow.objects.count() == 0
