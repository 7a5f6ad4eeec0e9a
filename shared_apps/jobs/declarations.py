"""Declaring jobs and schedules: a thin layer over django.tasks that adds the network, retries and refusals.

    @job("discussions.reply.notify", max_attempts=5)
    def notify_of_reply(*, reply_id: str) -> None:
        services.notify_of_reply(UUID(reply_id))

    notify_of_reply.enqueue(reply_id=reply.id)  # in the caller's transaction, for the current network

A job may run twice (its worker can be killed after the work and before it was noted), so it must not mind.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import cache
from inspect import Parameter, signature
from typing import Any
from uuid import UUID

from django.tasks import Task
from django.utils.json import normalize_json
from django.utils.module_loading import autodiscover_modules

from tenants.context import current_kind, current_network
from tenants.enums import Kind

Backoff = Callable[[int], timedelta]
JobFunction = Callable[..., Any]

_LONGEST_TEXT = 200


class NoNetworkError(Exception):
    """A network's job was enqueued, or found by the worker, without a network."""


class JobArgumentError(Exception):
    """A job was given more than ids: a model instance, an email address or content."""


def back_off(attempt: int) -> timedelta:
    """Wait 10 seconds after the first failure, then four times as long each time, at most six hours."""
    return min(timedelta(seconds=10 * 4 ** (attempt - 1)), timedelta(hours=6))


@dataclass(frozen=True, slots=True, kw_only=True)
class Job(Task):
    """A task that knows where it runs: in a network, in the Collective or (public) for the platform."""

    title: str = ""
    kind: Kind = Kind.NETWORK
    max_attempts: int = 5
    wait_after: Backoff = back_off
    timeout: timedelta = timedelta(minutes=5)
    network_id: UUID | None = None

    def enqueue(self, **kwargs: Any) -> Any:
        """Write the row in the caller's transaction, for the current network if it is a network's job.

        Raises NoNetworkError outside a network, JobArgumentError for arguments that are not ids.
        """
        network_id = self.network_id or self._current_network_id()
        if self.kind == Kind.NETWORK and network_id is None:
            raise NoNetworkError(f"{self.title} needs a network; in the Collective use enqueue_for(network_id).")
        arguments = self.plain_arguments(kwargs)
        return self.get_backend().enqueue(replace(self, network_id=network_id), [], arguments)

    def enqueue_many(self, each: Sequence[dict[str, Any]]) -> None:
        """Write a row for each of these arguments at once; otherwise as `enqueue`."""
        network_id = self.network_id or self._current_network_id()
        if self.kind == Kind.NETWORK and network_id is None:
            raise NoNetworkError(f"{self.title} needs a network.")
        backend: Any = self.get_backend()
        backend.enqueue_many(replace(self, network_id=network_id), [self.plain_arguments(kwargs) for kwargs in each])

    def enqueue_for(self, network_id: UUID, **kwargs: Any) -> Any:
        """Write the row for a network, from the Collective or the platform."""
        if self.kind != Kind.NETWORK:
            raise JobArgumentError(f"{self.title} is not a network's job.")
        return replace(self, network_id=network_id).enqueue(**kwargs)

    def run_now(self, **kwargs: Any) -> Any:
        """Run it here and now, in the current schema, with the arguments as the worker would read them; for tests."""
        if self.kind != current_kind():
            raise NoNetworkError(f"{self.title} runs in a {self.kind} schema, not in a {current_kind()} one.")
        return self.func(**self.plain_arguments(kwargs))

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Refuse django_tasks_db's own worker, which knows nothing of networks."""
        raise NoNetworkError("Jobs are run by `manage.py work`.")

    def plain_arguments(self, kwargs: dict[str, Any]) -> dict[str, Any]:
        """Return the arguments as they are stored; raises JobArgumentError, or TypeError if they do not fit."""
        signature(self.func).bind(**kwargs)
        return {key: normalize_json(_plain(self.title, key, value)) for key, value in kwargs.items()}

    def _current_network_id(self) -> UUID | None:
        network = current_network() if self.kind == Kind.NETWORK else None
        return getattr(network, "id", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a job is enqueued: once in each span of `every`, or each day (or on one weekday, Monday 0) at `at`."""

    job: Job
    every: timedelta | None = None
    at: time | None = None
    weekday: int | None = None

    def slot(self, now: datetime) -> str | None:
        """Return the name of the turn that `now` is in, or None when today's has not come; `now` is in local time.

        A turn missed while no worker ran is taken late, but only the last one.
        """
        if self.every is not None:
            span = int(self.every.total_seconds())
            return str(int(now.timestamp()) // span * span)
        due = self.weekday in (None, now.weekday()) and self.at is not None and now.time() >= self.at
        return now.date().isoformat() if due else None


_jobs: dict[str, Job] = {}
_schedules: dict[str, Schedule] = {}


def job(
    name: str,
    *,
    max_attempts: int = 5,
    backoff: Backoff = back_off,
    platform: bool = False,
    collective: bool = False,
    timeout: timedelta = timedelta(minutes=5),
    priority: int = 0,
) -> Callable[[JobFunction], Job]:
    """Make a job of a module's function; its parameters are keyword-only ids (UUIDs arrive as text).

    It runs in the network it was enqueued in, with `platform` in public, with `collective` in the Collective.
    After `timeout` it is interrupted and counts as failed; `backoff` gives the wait after the nth failure.
    """
    kind = Kind.PUBLIC if platform else Kind.COLLECTIVE if collective else Kind.NETWORK

    def declare(function: JobFunction) -> Job:
        _refuse_positional(name, function)
        declared = Job(
            func=function,
            title=name,
            kind=kind,
            max_attempts=max_attempts,
            wait_after=backoff,
            timeout=timeout,
            priority=priority,
        )
        _jobs[declared.module_path] = declared
        return declared

    return declare


def periodic(
    name: str = "",
    *,
    every: timedelta | None = None,
    at: time | None = None,
    weekday: int | None = None,
    per_network: bool | None = None,
    **options: Any,
) -> Callable[[JobFunction | Job], Job]:
    """Schedule a job without arguments, by the clock of Europe/London; stands on a function or above `@job`.

    `per_network` enqueues it for every live network, otherwise it is the platform's (or the Collective's, with
    `collective=True`). `options` are those of `job`.
    """
    if (every is None) == (at is None):
        raise ValueError("Give a schedule either `every` or `at`.")

    def declare(function: JobFunction | Job) -> Job:
        declared = function if isinstance(function, Job) else _declare(name, function, per_network, options)
        _schedules[declared.title] = Schedule(job=declared, every=every, at=at, weekday=weekday)
        return declared

    return declare


@cache
def load_jobs() -> None:
    """Import every app's `tasks`, where jobs and schedules are declared."""
    autodiscover_modules("tasks")


def registered_jobs() -> dict[str, Job]:
    """Return every declared job by the path its rows hold."""
    return dict(_jobs)


def registered_schedules() -> list[Schedule]:
    """Return every declared schedule."""
    return list(_schedules.values())


def _declare(name: str, function: JobFunction, per_network: bool | None, options: dict[str, Any]) -> Job:
    if not per_network and not options.get("collective"):
        options = {**options, "platform": True}
    return job(name, **options)(function)


def _refuse_positional(name: str, function: JobFunction) -> None:
    if any(each.kind != Parameter.KEYWORD_ONLY for each in signature(function).parameters.values()):
        raise JobArgumentError(f"The arguments of {name} must be keyword-only.")


def _plain(title: str, key: str, value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, list | tuple):
        return [_plain(title, key, item) for item in value]
    if isinstance(value, str):
        return _plain_text(title, key, value)
    raise JobArgumentError(f"{title} was given a {type(value).__name__} as {key}; pass its id.")


def _plain_text(title: str, key: str, value: str) -> str:
    if "@" in value or len(value) > _LONGEST_TEXT:
        raise JobArgumentError(f"{title} was given personal data or content as {key}; store it and pass its id.")
    return str(value)
