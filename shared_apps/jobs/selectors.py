"""What the operator and /readyz see of jobs: ids and counts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min
from django.tasks import TaskResultStatus
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from shared_apps.jobs.declarations import load_jobs, registered_jobs
from shared_apps.jobs.models import Worker

ALIVE_WITHIN = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Queue:
    """The rows of one job: how many wait, run and have failed, and since when the oldest waits."""

    job: str
    waiting: int
    running: int
    failed: int
    oldest_waiting_at: datetime | None


@dataclass(frozen=True, slots=True)
class Failure:
    """A row that will not be tried again."""

    id: UUID
    job: str
    network_id: str | None
    attempts: int
    error: str
    frames: str
    finished_at: datetime


def queues() -> list[Queue]:
    """Return the queue of every job that has rows waiting, running or failed, in two queries."""
    counts: dict[str, dict[str, int]] = {}
    for path, status, number in _unfinished().values_list("task_path", "status").annotate(n=Count("pk")).order_by():
        counts.setdefault(path, {})[status] = number
    oldest = dict(_due().values_list("task_path").annotate(at=Min("enqueued_at")).order_by())
    return sorted((_queue(path, each, oldest.get(path)) for path, each in counts.items()), key=lambda q: q.job)


def is_network_busy(network_id: UUID) -> bool:
    """Whether a job of a network is being run."""
    return DBTaskResult.objects.running().filter(args_kwargs__network=str(network_id)).exists()


def count_waiting() -> int:
    """Return how many rows are due and not taken."""
    return _due().count()


def count_failed() -> int:
    """Return how many rows have failed for good and are still kept."""
    return DBTaskResult.objects.failed().count()


def oldest_waiting() -> datetime | None:
    """Return since when the oldest row that is due has waited."""
    return _due().aggregate(at=Min("enqueued_at"))["at"]


def recent_failures(limit: int = 50) -> list[Failure]:
    """Return the latest rows that failed for good."""
    rows = DBTaskResult.objects.failed().order_by("-finished_at")[:limit]
    return [
        Failure(
            id=row.id,
            job=_name(row.task_path),
            network_id=row.args_kwargs.get("network"),
            attempts=len(row.worker_ids),
            error=row.exception_class_path,
            frames=row.traceback,
            finished_at=row.finished_at,
        )
        for row in rows
    ]


def workers() -> list[Worker]:
    """Return the workers that are alive, the longest serving first."""
    return list(Worker.objects.filter(heartbeat_at__gte=timezone.now() - ALIVE_WITHIN).order_by("started_at"))


def last_heartbeat(host: str = "") -> datetime | None:
    """Return when any worker, or any of one machine, last gave a sign of life, also one that is gone since."""
    found = Worker.objects.filter(host=host) if host else Worker.objects.all()
    return found.aggregate(at=Max("heartbeat_at"))["at"]


def is_worker_alive() -> bool:
    """Return whether any worker has given a sign of life; for /readyz."""
    return Worker.objects.filter(heartbeat_at__gte=timezone.now() - ALIVE_WITHIN).exists()


def _unfinished() -> Any:
    return DBTaskResult.objects.exclude(status=TaskResultStatus.SUCCESSFUL)


def _due() -> Any:
    return DBTaskResult.objects.ready()


def _queue(path: str, counts: dict[str, int], oldest: datetime | None) -> Queue:
    return Queue(
        job=_name(path),
        waiting=counts.get(TaskResultStatus.READY, 0),
        running=counts.get(TaskResultStatus.RUNNING, 0),
        failed=counts.get(TaskResultStatus.FAILED, 0),
        oldest_waiting_at=oldest,
    )


def _name(path: str) -> str:
    """Return a job's title; a web server has loaded those alone that its pages ask for."""
    load_jobs()
    job = registered_jobs().get(path)
    return job.title if job else path
