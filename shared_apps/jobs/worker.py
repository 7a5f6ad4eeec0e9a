"""The worker: takes rows one after another and runs each in its own network, never in the last one's.

A second thread with a connection of its own says every few seconds that the worker is alive, also during a long job.
"""

import logging
import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic
from types import FrameType
from typing import Any
from uuid import UUID

from django.db import close_old_connections, connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from shared_apps.core.health import DATABASE_AWAY, has_lost_database
from shared_apps.jobs import services
from shared_apps.jobs.declarations import Job, NoNetworkError, load_jobs, registered_jobs
from shared_apps.jobs.signals import job_failed
from shared_apps.monitoring.work import Work, at_work
from tenants import context
from tenants.enums import ONBOARDING_STATES, Kind, NetworkState
from tenants.ids import new_id
from tenants.models import Network

POLL_SECONDS = 0.5
BEAT_SECONDS = 5.0
AWAY_SECONDS = 1.0  # before a database that is away is tried again
CARE_SECONDS = 15.0  # between two looks for lost rows and due schedules

logger = logging.getLogger("sbm.jobs")


class UnknownJobError(Exception):
    """No code declares the job of this row any more."""


class NetworkGoneError(Exception):
    """The network of this row was closed or removed."""


class JobTimeoutError(Exception):
    """The job ran past its limit."""


class NotLiveYetError(Exception):
    """The network is not live, but may be soon; the row waits."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__()
        self.wait = wait


class Worker:
    """Runs jobs until it is stopped."""

    def __init__(self) -> None:
        self.id = new_id()
        self.row_id: UUID | None = None
        self._stopping = threading.Event()
        self._cared_at = float("-inf")
        load_jobs()

    def run(self) -> None:
        """Work until `stop`; a job that was begun is finished first."""
        with self._serving():
            while not self._stopping.is_set():
                if not self._turn():
                    self._stopping.wait(POLL_SECONDS)

    def run_due(self, *, limit: int | None = None) -> int:
        """Run what is due, or the first `limit` rows, as any worker does, and return how many."""
        with self._serving():
            services.give_back_lost_rows(timezone.now(), idle=self.id)
            return self.drain(limit=limit)

    def stop(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        """Stop after the current job."""
        self._stopping.set()

    def drain(self, *, limit: int | None = None) -> int:
        """Run what is due, and return how many; no other worker may be about, who would take these rows for lost."""
        done = 0
        while (limit is None or done < limit) and not self._stopping.is_set() and self._run_next():
            done += 1
        return done

    @contextmanager
    def _serving(self) -> Iterator[None]:
        """Be known to the other workers, who then leave alone what this one is at."""
        self._register()
        heart = threading.Thread(target=self._beat, name="heartbeat", daemon=True)
        heart.start()
        logger.info("worker id=%s pid=%d started", self.id, os.getpid())
        try:
            yield
        finally:
            self._stopping.set()
            heart.join(BEAT_SECONDS)
            services.stop_worker(self.id)
            logger.info("worker id=%s stopped", self.id)

    def _turn(self) -> bool:
        """Do one thing and return whether there was one; a database that is away is waited for."""
        try:
            close_old_connections()
            self._care()
            return self._run_next()
        except DATABASE_AWAY as error:
            logger.warning("worker id=%s database away: %s", self.id, type(error).__name__)
            connection.close()
            self._cared_at = float("-inf")  # what it was at is given back before anything else
            self._stopping.wait(AWAY_SECONDS)
            return False

    def _care(self) -> None:
        if monotonic() - self._cared_at < CARE_SECONDS:
            return
        self._cared_at = monotonic()
        services.give_back_lost_rows(timezone.now(), idle=self.id)
        services.enqueue_due(timezone.now())

    def _run_next(self) -> bool:
        row = services.take_row(self.id)
        if row is None:
            return False
        self.row_id = row.id
        try:
            run_row(row)
        finally:
            self.row_id = None
        return True

    def _beat(self) -> None:
        try:
            while not self._stopping.wait(BEAT_SECONDS):
                self._beat_once()
        finally:
            connection.close()

    def _beat_once(self) -> None:
        try:
            close_old_connections()
            if not services.beat(self.id, job_id=self.row_id, now=timezone.now()):
                self._register()  # somebody took it for gone
        except DATABASE_AWAY:
            connection.close()

    def _register(self) -> None:
        at = {"host": socket.gethostname(), "pid": os.getpid(), "now": timezone.now()}
        services.start_worker(self.id, is_running=is_running, **at)


def is_running(pid: int) -> bool:
    """Return whether a process of this machine lives, whoever's it is."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def run_row(row: DBTaskResult) -> None:
    """Run a claimed row in its place and note how it ended; leaves the connection in public."""
    job = registered_jobs().get(row.task_path)
    with at_work(Work("job", str(row.id), name=job.title if job else row.task_path)) as work:
        if job is None:
            services.fail(row, UnknownJobError())
            _log(logging.ERROR, row, "refused UnknownJobError", work)
        else:
            _run(job, row, work)


def _run(job: Job, row: DBTaskResult, work: Work) -> None:
    try:
        _run_in_place(job, row, work)
    except NotLiveYetError as pause:
        services.postpone(row, pause.wait)
        _log(logging.INFO, row, "postponed", work)
    except (NoNetworkError, NetworkGoneError) as error:
        services.fail(row, error)
        _log(logging.ERROR, row, f"refused {type(error).__name__}", work)
    except Exception as error:
        if has_lost_database(error):
            raise  # whatever else a job raises is the job's failure, not the worker's
        job_failed.send(sender=Job, error=error)
        _drop_broken_connection()
        services.try_again(row, job, error)
        _log(logging.ERROR, row, f"failed {type(error).__name__}", work)
    else:
        services.finish(row)
        _log(logging.INFO, row, "done", work)


def _drop_broken_connection() -> None:
    if not connection.in_atomic_block:  # a test's own block, which must not be closed
        connection.close_if_unusable_or_obsolete()


def _run_in_place(job: Job, row: DBTaskResult, work: Work) -> None:
    context.leave()
    place = _place(job, row)
    try:
        with place, time_limit(job.timeout):
            network = context.current_network()
            work.place = network.subdomain if network else job.kind.value
            job.func(**row.args_kwargs["kwargs"])
    finally:
        context.leave()


def _place(job: Job, row: DBTaskResult) -> Any:
    """Return the context the job runs in; raises what run_row knows how to answer when there is none."""
    if job.kind == Kind.PUBLIC:
        return context.in_public()
    if job.kind == Kind.COLLECTIVE:
        return context.in_collective()
    return context.in_network(_live_network(row.args_kwargs.get("network")))


def _live_network(network_id: str | None) -> Network:
    if not network_id:
        raise NoNetworkError
    network = Network.objects.filter(pk=network_id, type=Kind.NETWORK).first()
    if network is None or network.state in (NetworkState.CLOSED, NetworkState.DELETED):
        raise NetworkGoneError
    if network.state != NetworkState.LIVE:
        raise NotLiveYetError(timedelta(seconds=2) if network.state in ONBOARDING_STATES else timedelta(minutes=1))
    return network


@contextmanager
def time_limit(limit: timedelta) -> Iterator[None]:
    """Raise JobTimeoutError in the block after `limit`; only the main thread can, others go unlimited."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    previous = signal.signal(signal.SIGALRM, _time_is_up)
    signal.setitimer(signal.ITIMER_REAL, limit.total_seconds())
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def _time_is_up(_signal: int, _frame: FrameType | None) -> None:
    raise JobTimeoutError


def _log(level: int, row: DBTaskResult, outcome: str, work: Work) -> None:
    fields = {
        "outcome": outcome,
        "attempt": len(row.worker_ids),
        "ms": round(work.seconds * 1000),
        "queries": work.queries,
        "query_ms": round(work.database_seconds * 1000),
    }
    words = "job id=%s path=%s network=%s attempt=%d %s ms=%d"
    network = row.args_kwargs.get("network")
    logger.log(level, words, row.id, row.task_path, network, fields["attempt"], outcome, fields["ms"], extra=fields)
