"""What the worker does to rows: take, finish, try again, give back, and enqueue what a schedule says."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.tasks import TaskResultStatus, task_backends
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from shared_apps.jobs.backend import JobBackend
from shared_apps.jobs.declarations import Job, registered_jobs, registered_schedules
from shared_apps.jobs.models import ScheduleSlot, Worker
from shared_apps.jobs.selectors import ALIVE_WITHIN
from shared_apps.monitoring.failures import describe
from tenants.enums import Kind, NetworkState
from tenants.models import Network

_GRACE = timedelta(minutes=1)
_FINISHED_KEPT = timedelta(days=7)
_FAILED_KEPT = timedelta(days=30)
_SLOTS_KEPT = timedelta(days=62)  # longer than the longest span between two turns
_WORKERS_KEPT = timedelta(days=1)

logger = logging.getLogger("sbm.jobs")


class WorkerLostError(Exception):
    """The worker died, or did not come back from the job."""


def take_row(worker_id: UUID) -> DBTaskResult | None:
    """Claim the next row that is due, or return None; the claim is committed, so another worker passes it by."""
    with transaction.atomic():
        row = DBTaskResult.objects.ready().get_locked()
        if row is not None:
            row.claim(str(worker_id))
    return row


def finish(row: DBTaskResult) -> None:
    """Note that the job is done, if the row is still this worker's."""
    _still_mine(row).update(
        status=TaskResultStatus.SUCCESSFUL, finished_at=timezone.now(), exception_class_path="", traceback=""
    )


def try_again(row: DBTaskResult, job: Job, error: BaseException) -> None:
    """Note the error and let the row wait for its next attempt, or fail for good when it has had them all."""
    attempt = len(row.worker_ids)
    if attempt >= job.max_attempts:
        fail(row, error)
        return
    name, frames = describe(error)
    wait = job.wait_after(attempt)
    _still_mine(row).update(
        status=TaskResultStatus.READY,
        run_after=timezone.now() + wait,
        exception_class_path=name,
        traceback=frames,
    )


def fail(row: DBTaskResult, error: BaseException) -> None:
    """Note that the job will not be tried again, and why."""
    name, frames = describe(error)
    _still_mine(row).update(
        status=TaskResultStatus.FAILED, finished_at=timezone.now(), exception_class_path=name, traceback=frames
    )


def postpone(row: DBTaskResult, wait: timedelta) -> None:
    """Give the row back as if it had not been taken."""
    _still_mine(row).update(
        status=TaskResultStatus.READY, run_after=timezone.now() + wait, worker_ids=row.worker_ids[:-1]
    )


def give_back_lost_rows(now: datetime, *, idle: UUID | None = None) -> int:
    """Make rows ready again whose worker is gone or which have run past their limit; return how many.

    `idle` is a worker that is at nothing: what it had begun broke off with the database. A row that has had all its
    attempts fails instead, so that a job which kills its worker does not do so for ever.
    """
    beating = Worker.objects.filter(heartbeat_at__gte=now - ALIVE_WITHIN).exclude(pk__in=[idle] if idle else [])
    alive = {str(pk) for pk in beating.values_list("pk", flat=True)}
    with transaction.atomic():
        running = DBTaskResult.objects.running().select_for_update(skip_locked=True)
        lost = [row for row in running if _is_lost(row, alive, now)]
        for row in lost:
            _give_back(row)
    return len(lost)


def enqueue_due(now: datetime) -> int:
    """Enqueue every scheduled job whose turn has come and was not taken; return how many."""
    local, live = timezone.localtime(now), _live_network_ids()
    due = [(schedule.job, slot) for schedule in registered_schedules() if (slot := schedule.slot(local))]
    return sum(_enqueue_schedule(job, slot, live if job.kind == Kind.NETWORK else [None]) for job, slot in due)


def start_worker(worker_id: UUID, *, host: str, pid: int, now: datetime, is_running: Callable[[int], bool]) -> None:
    """Register a worker, and forget those of its machine that were killed: nobody waits until they have been silent."""
    there = Worker.objects.filter(host=host)
    gone = [each.pk for each in there if each.pid == pid or not is_running(each.pid)]
    with transaction.atomic():
        there.filter(pk__in=gone).delete()
        Worker.objects.create(id=worker_id, host=host, pid=pid, started_at=now, heartbeat_at=now)


def beat(worker_id: UUID, *, job_id: UUID | None, now: datetime) -> bool:
    """Say that a worker is alive, and what it is at; return whether it is known."""
    return bool(Worker.objects.filter(pk=worker_id).update(heartbeat_at=now, job_id=job_id))


def stop_worker(worker_id: UUID) -> None:
    """Forget a worker that ended."""
    Worker.objects.filter(pk=worker_id).delete()


def prune(now: datetime) -> int:
    """Delete rows that are long finished, old turns and workers that have been gone for a day; return how many."""
    finished = DBTaskResult.objects.successful().filter(finished_at__lt=now - _FINISHED_KEPT)
    failed = DBTaskResult.objects.failed().filter(finished_at__lt=now - _FAILED_KEPT)
    slots = ScheduleSlot.objects.filter(taken_at__lt=now - _SLOTS_KEPT)
    workers = Worker.objects.filter(heartbeat_at__lt=now - _WORKERS_KEPT)
    return sum(query.delete()[0] for query in (finished, failed, slots, workers))


def forget_network(network_id: UUID) -> int:
    """Delete the rows and turns of a network that is removed, and of the platform's jobs about it; return how many."""
    text = str(network_id)
    about = Q(args_kwargs__network=text) | Q(args_kwargs__kwargs__network_id=text)
    rows = DBTaskResult.objects.exclude(status=TaskResultStatus.RUNNING).filter(about)
    slots = ScheduleSlot.objects.filter(network_id=network_id)
    return sum(query.delete()[0] for query in (rows, slots))


def retry_failed(row_id: UUID) -> bool:
    """Let a failed row run again from its first attempt; return whether there was one."""
    failed = DBTaskResult.objects.failed().filter(pk=row_id)
    return bool(failed.update(status=TaskResultStatus.READY, worker_ids=[], run_after=timezone.now(), finished_at=None))


def _still_mine(row: DBTaskResult) -> QuerySet[DBTaskResult]:
    return DBTaskResult.objects.running().filter(pk=row.pk, worker_ids=row.worker_ids)


def _is_lost(row: DBTaskResult, alive: set[str], now: datetime) -> bool:
    job = registered_jobs().get(row.task_path)
    limit = (job.timeout if job else timedelta()) + _GRACE
    return row.worker_ids[-1] not in alive or row.started_at < now - limit


def _give_back(row: DBTaskResult) -> None:
    job = registered_jobs().get(row.task_path)
    logger.warning("job id=%s path=%s worker=%s lost", row.id, row.task_path, row.worker_ids[-1])
    if job is None or len(row.worker_ids) >= job.max_attempts:
        fail(row, WorkerLostError())
    else:
        _still_mine(row).update(status=TaskResultStatus.READY, run_after=timezone.now())


def _enqueue_schedule(job: Job, slot: str, places: list[UUID] | list[None]) -> int:
    """Take the turn and enqueue in one transaction; a turn that another worker is taking is waited for and left."""
    taken = ScheduleSlot.objects.filter(name=job.title, slot=slot)
    done = set(taken.values_list("network_id", flat=True))
    wanted = [network_id for network_id in places if network_id not in done]
    if not wanted:
        return 0
    with transaction.atomic():
        won = _take_slots(job, slot, wanted)
        _insert_rows(job, won)
    logger.info("schedule name=%s slot=%s enqueued=%d", job.title, slot, len(won))
    return len(won)


def _live_network_ids() -> list[UUID]:
    live = Network.objects.filter(type=Kind.NETWORK, state=NetworkState.LIVE).order_by("created_at")
    return list(live.values_list("pk", flat=True))


def _take_slots(job: Job, slot: str, network_ids: list[UUID | None]) -> list[UUID | None]:
    mine = [ScheduleSlot(name=job.title, slot=slot, network_id=network_id) for network_id in network_ids]
    ScheduleSlot.objects.bulk_create(mine, ignore_conflicts=True)
    won = ScheduleSlot.objects.filter(pk__in=[each.pk for each in mine])
    return list(won.values_list("network_id", flat=True))


def _insert_rows(job: Job, network_ids: Iterable[UUID | None]) -> None:
    backend = cast("JobBackend", task_backends[job.backend])
    rows = [backend.new_row(replace(job, network_id=network_id), {}) for network_id in network_ids]
    DBTaskResult.objects.bulk_create(rows)
