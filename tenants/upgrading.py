"""Brings every network's schema to this release's migrations, each in one transaction of its own.

Django migrates one network of each group that lacks the same migrations, and the others run what was recorded. A
network's release is written in the transaction of its migrations, so a killed run leaves none half done and the next
goes on. A lock that somebody holds is waited for shortly and tried again later, so that a network's readers do not
queue up behind us; one bad network delays no other.
"""

import queue
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count
from time import monotonic

from django.db import Error, connection, connections, transaction
from psycopg2 import errorcodes

from tenants import lifecycle, roles, schema
from tenants.context import entered
from tenants.enums import Kind, NetworkState, UpgradeState
from tenants.models import Network, Upgrade
from tenants.recipes import Note, Pending, Recipe, Step, grouped, lacking_of, migrate, replay

LOCK_TIMEOUT = "2s"  # as long as a network's readers may have to wait behind an upgrade that waits for somebody
PAUSES = (1.0, 2.0, 4.0, 8.0)  # seconds before each further attempt
_RETRIED = (errorcodes.LOCK_NOT_AVAILABLE, errorcodes.DEADLOCK_DETECTED)


class BusyError(Exception):
    """Another process makes, changes or removes this network's tables at this moment."""


@dataclass(frozen=True, slots=True)
class Result:
    """How one network's upgrade ended; `error` is one line without anything of the network's content."""

    network: Network
    state: UpgradeState
    migration: str = ""
    error: str = ""
    attempts: int = 1
    seconds: float = 0.0


@dataclass(slots=True)
class Report:
    """What a run did: the results, and the networks that were not tried because a canary failed."""

    results: list[Result] = field(default_factory=list)
    held_back: list[Network] = field(default_factory=list)

    @property
    def failed(self) -> list[Result]:
        """The networks whose upgrade failed, by name."""
        found = (result for result in self.results if result.state == UpgradeState.FAILED)
        return sorted(found, key=lambda result: result.network.name)


Watcher = Callable[[Result, int], None]


@dataclass(frozen=True, order=True, slots=True)
class _Attempt:
    """One attempt at one network, which is not made before `due` (of the monotonic clock)."""

    due: float
    number: int
    network: Network = field(compare=False)
    pending: Pending = field(compare=False)
    nth: int = field(compare=False, default=1)

    @property
    def is_last(self) -> bool:
        """Whether a lock that is held now is a failure."""
        return self.nth > len(PAUSES)

    def later(self) -> "_Attempt":
        """Return the next attempt at the same network."""
        return replace(self, due=monotonic() + PAUSES[self.nth - 1], nth=self.nth + 1)


Waiting = queue.PriorityQueue[_Attempt]


def networks_behind(*, only: Network | None = None) -> list[Network]:
    """Return the networks that have tables and do not carry this release, canaries first, in one query.

    What is being restored comes to this release by itself, or is begun anew.
    """
    found = Network.objects.filter(type=Kind.NETWORK).exclude(release=schema.current_release())
    found = found.exclude(state__in=(NetworkState.DELETED, NetworkState.RESTORING))
    if only is not None:
        found = found.filter(pk=only.pk)
    return list(found.order_by("-is_canary", "created_at", "id"))


def upgrade_networks(
    networks: list[Network], *, jobs: int = 1, past_canaries: bool = False, on_result: Watcher | None = None
) -> Report:
    """Bring these networks to this release, canaries first: when one of them fails, the others are held back.

    `on_result` is told each result and how many networks there are; it is called by one thread at a time. Raises
    UnscriptableMigrationError, before anything is changed, for a migration that must be written otherwise.
    """
    if not networks:
        return Report()
    with roles.as_owner():
        return _upgrade(networks, jobs, past_canaries, on_result)


def _upgrade(networks: list[Network], jobs: int, past_canaries: bool, on_result: Watcher | None) -> Report:
    lacking = dict(lacking_of(networks))
    run = _Run(total=len(lacking), jobs=jobs, tell=on_result)
    canaries = [network for network in lacking if network.is_canary]
    run.upgrade({network: lacking[network] for network in canaries})
    others = [network for network in lacking if not network.is_canary]
    if run.report.failed and not past_canaries:
        run.report.held_back = others
    else:
        run.upgrade({network: lacking[network] for network in others})
    run.name_the_lost(lacking)
    return run.report


def upgrade_here(network: Network) -> None:
    """Bring the current schema, which is this network's and seen by nobody, to this release in the open transaction.

    Raises UnscriptableMigrationError, or what PostgreSQL says.
    """
    pending = dict(lacking_of([network])).get(network, ())
    for migration in pending:
        schema.refuse_unscriptable(migration)
    migrate(pending, [], lambda name: None)
    roles.narrow(network.schema_name, Kind.NETWORK)
    Network.objects.filter(pk=network.pk).update(release=schema.current_release())


def reason_of(error: Exception) -> str:
    """Return what went wrong in one line without any value of the network's.

    Of PostgreSQL it is what it says first: its further lines hold values, and so does what follows a colon about wrong
    data.
    """
    diagnosis = getattr(error.__cause__, "diag", None)
    said = getattr(diagnosis, "message_primary", None) or f"{type(error).__name__}: {error}".splitlines()[0]
    is_of_data = (getattr(diagnosis, "sqlstate", None) or "").startswith(errorcodes.CLASS_DATA_EXCEPTION)
    return (said.partition(":")[0] if is_of_data else said)[:300]


class _Run:
    """One run: what was recorded for each set of migrations, and the results so far."""

    def __init__(self, *, total: int, jobs: int, tell: Watcher | None) -> None:
        self.total, self.jobs, self.tell = total, jobs, tell
        self.report = Report()
        self.recipes: dict[Pending, Recipe] = {}
        self.lock = threading.Lock()

    def upgrade(self, lacking: dict[Network, Pending]) -> None:
        """Record each group's SQL on its first network that takes it, and run it on the others."""
        waiting: Waiting = queue.PriorityQueue()
        number = count()
        for pending, group in grouped(lacking):
            for migration in pending:
                schema.refuse_unscriptable(migration)
            attempts = deque(_Attempt(0.0, next(number), network, pending) for network in group)
            while attempts and pending not in self.recipes:
                self.record(attempts)
            for attempt in attempts:
                waiting.put(attempt)
        self.work(waiting)

    def record(self, attempts: deque[_Attempt]) -> None:
        """Let Django migrate the first network, and keep its SQL when that goes well."""
        attempt = attempts.popleft()
        _wait_until(attempt.due)
        recipe: list[Step] = []
        result = _tried(attempt, lambda note: migrate(attempt.pending, recipe, note))
        if result is None:
            attempts.append(attempt.later())
            return
        if result.state == UpgradeState.DONE and len(recipe) == len(attempt.pending):
            self.recipes[attempt.pending] = tuple(recipe)
        self.note(result)

    def work(self, waiting: Waiting) -> None:
        """Run the attempts on so many connections, the calling thread's own when it is one."""
        if self.jobs <= 1:
            self.drain(waiting)
            return
        threads = [threading.Thread(target=self.drain_apart, args=[waiting]) for _ in range(self.jobs)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def drain_apart(self, waiting: Waiting) -> None:
        """Drain on a connection of this thread's own."""
        try:
            with roles.as_owner():
                self.drain(waiting)
        finally:
            connections.close_all()

    def drain(self, waiting: Waiting) -> None:
        """Take attempts until none is left; one whose lock is held goes to the back, a little later."""
        while True:
            try:
                attempt = waiting.get_nowait()
            except queue.Empty:
                return
            _wait_until(attempt.due)
            result = _tried(attempt, partial(replay, self.recipes[attempt.pending]))
            if result is None:
                waiting.put(attempt.later())
            else:
                self.note(result)

    def name_the_lost(self, lacking: dict[Network, Pending]) -> None:
        """Count as failed whatever has no result, because the thread that had it ended."""
        known = {result.network for result in self.report.results} | set(self.report.held_back)
        for network in lacking.keys() - known:
            self.note(Result(network, UpgradeState.FAILED, error="Its connection was lost; nothing is known of it."))

    def note(self, result: Result) -> None:
        """Keep a result, and tell whoever watches."""
        with self.lock:
            self.report.results.append(result)
            if self.tell:
                self.tell(result, self.total)


def _tried(attempt: _Attempt, work: Callable[[Note], None]) -> Result | None:
    """Do the work in a network's schema in one transaction; None when a lock was held and another attempt follows."""
    network, started, begun = attempt.network, monotonic(), [""]
    try:
        with entered(network), transaction.atomic():
            _take_lock(network)
            if not _is_done(network):
                work(begun.append)
                roles.narrow(network.schema_name, Kind.NETWORK)
            result = Result(network, UpgradeState.DONE, attempts=attempt.nth, seconds=monotonic() - started)
            _record(result)
    except Exception as error:  # noqa: BLE001 - whatever one network meets, the others are not to wait for it
        if _is_held(error) and not attempt.is_last:
            return None
        result = Result(network, UpgradeState.FAILED, begun[-1], reason_of(error), attempt.nth, monotonic() - started)
        with suppress(Error):  # the network may have been removed, or the database be gone: the report says it
            _record(result)
    return result


def _wait_until(due: float) -> None:
    """Wait where nothing else is to be done: whoever is due later stands behind."""
    if (left := due - monotonic()) > 0:
        threading.Event().wait(left)


def _take_lock(network: Network) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_TIMEOUT])
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [lifecycle.lock_name(network)])
        if not cursor.fetchone()[0]:
            raise BusyError("Another process is working on it.")


def _is_done(network: Network) -> bool:
    """Whether another run has been here since the list was read."""
    return Network.objects.filter(pk=network.pk, release=schema.current_release()).exists()


def _record(result: Result) -> None:
    """Write how it ended; where it went well, in the transaction of the migrations."""
    if result.state == UpgradeState.DONE:
        Network.objects.filter(pk=result.network.pk).update(release=schema.current_release())
    Upgrade.objects.update_or_create(
        network_id=result.network.pk,
        defaults={
            "release": schema.current_release(),
            "state": result.state,
            "migration": result.migration,
            "error": result.error,
            "attempts": result.attempts,
            "seconds": result.seconds,
        },
    )


def _is_held(error: Exception) -> bool:
    return isinstance(error, BusyError) or getattr(error.__cause__, "pgcode", "") in _RETRIED
