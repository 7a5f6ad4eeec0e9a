"""Bringing a network on line, step by step, so that it can be killed anywhere and finished later.

Each step commits by itself and then the network's state says how far it came. Every step may run again: it finds its
own work done and leaves it. Apps above this one register theirs in `AppConfig.ready`.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from time import monotonic

from django.db import Error, OperationalError, connection, transaction
from django.utils import timezone
from psycopg2.errorcodes import LOCK_NOT_AVAILABLE

from tenants import context, schema
from tenants.enums import NetworkState
from tenants.models import Domain, Network
from tenants.roles import as_owner
from tenants.selectors import first_host_of
from tenants.signals import network_changed


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `run` is idempotent and may return facts for the caller (such as the invitation's address).

    `run` is called in the network's schema, outside a transaction, for steps that follow `MIGRATED`, and in the public
    schema before. `reaches` is the state the network is in when the step is done. `undo` takes back what the step left
    outside the network's schema. `repeats`: run it also for a network that has come further. `seeds`: it adds what a
    new network begins with, and is left out for one that brings its own.
    """

    name: str
    label: str
    reaches: NetworkState
    run: Callable[[Network], dict[str, str] | None]
    undo: Callable[[Network], None] | None = None
    order: int = 0
    repeats: bool = False
    seeds: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """What a watcher is told when a step begins (`seconds` is None), when it is done, and when it failed."""

    step: Step
    number: int
    total: int
    seconds: float | None = None
    error: str = ""

    @property
    def begins(self) -> bool:
        """Whether the step begins now."""
        return self.seconds is None and not self.error


def is_finished(step: Step, network: Network) -> bool:
    """Return whether a network has come past a step."""
    return _ORDER.index(step.reaches) <= _rank(_furthest_state(network))


@dataclass(slots=True)
class Outcome:
    """How onboarding ended: the facts that the steps returned, and whether the network was live before."""

    network: Network
    was_live: bool
    facts: dict[str, str] = field(default_factory=dict)


Watcher = Callable[[Progress], None]

_steps: dict[str, Step] = {}

_ORDER = (
    NetworkState.SCHEMA,
    NetworkState.MIGRATED,
    NetworkState.SEEDED,
    NetworkState.DOMAIN,
    NetworkState.LIVE,
)
_BEEN_LIVE = (NetworkState.LIVE, NetworkState.SUSPENDED, NetworkState.CLOSED, NetworkState.DELETED)

LOCK_WAIT = "5s"  # longer than an onboarding takes, and than a killed process's last statement goes on


class StepFailedError(Exception):
    """A step of onboarding failed; a network that was not live is in state `failed` and can be tried again."""


class AlreadyRunningError(Exception):
    """Another process is bringing this network on line or removing it at this moment."""


class WrongStateError(Exception):
    """The network's state does not allow this."""


def register_step(step: Step) -> None:
    """Add a step to the registry; a second one of the same name replaces the first."""
    _steps[step.name] = step


def steps() -> list[Step]:
    """Return every step in the order of running."""
    return sorted(_steps.values(), key=lambda step: (_ORDER.index(step.reaches), step.order, step.name))


def advance(network: Network, *, on_progress: Watcher | None = None) -> Outcome:
    """Run what is left of onboarding, unless another process does so now (AlreadyRunningError).

    Raises WrongStateError for a network that is suspended, closed or removed. Raises StepFailedError and records the
    step when one fails.
    """
    with exclusively(network):
        _refresh(network)
        refuse_ended(network)
        return _advance(network, on_progress)


def _refresh(network: Network) -> None:
    try:
        network.refresh_from_db()
    except Network.DoesNotExist:
        raise WrongStateError(f"{network.name} has been removed.") from None


def refuse_ended(network: Network) -> None:
    """Raise WrongStateError for a network that is suspended or closed and so is not brought on line."""
    if network.state == NetworkState.SUSPENDED:
        raise WrongStateError(f"{network.name} is suspended. Reactivate it first.")
    if network.state in (NetworkState.CLOSED, NetworkState.DELETED):
        raise WrongStateError(f"{network.name} is {network.get_state_display().lower()}.")
    if network.state == NetworkState.RESTORING:
        raise WrongStateError(f"{network.name} is being restored. If that was interrupted, restore it again.")


def refuse_been_live(network: Network) -> None:
    """Raise WrongStateError for a network that has been live and so is not just removed."""
    if network.state in _BEEN_LIVE:
        raise WrongStateError(f"{network.name} has been live and cannot be removed.")


def _advance(network: Network, on_progress: Watcher | None) -> Outcome:
    outcome = Outcome(network=network, was_live=network.state == NetworkState.LIVE)
    ordered = steps()
    reached = _rank(_furthest_state(network))
    for number, step in enumerate(ordered, start=1):
        if _ORDER.index(step.reaches) > reached or step.repeats:
            outcome.facts |= _run(network, step, Progress(step, number, len(ordered)), on_progress)
    return outcome


def restore(
    network: Network,
    *,
    fill: Callable[[], None],
    finish: Callable[[], None],
    migrations: Collection[schema.Name] | None = None,
) -> None:
    """Bring a network on line that brings its own rows, which `fill` writes once its tables are there.

    With `migrations` they are those of an earlier release, and `fill` brings them to this one.
    `finish` belongs to the transaction in which it goes live. Killed on the way it stays `restoring`, which nobody
    sees, and is removed to begin again. Raises WrongStateError, or AlreadyRunningError while another process is at it.
    """
    with exclusively(network):
        _refresh(network)
        if network.state != NetworkState.RESTORING:
            raise WrongStateError(f"{network.name} is {network.get_state_display().lower()}, not being restored.")
        made = [step for step in steps() if _makes_tables(step)]
        if migrations is not None:
            schema.make_schema(network.schema_name)
            schema.make_tables(network.schema_name, migrations)
        for step in made:
            step.run(network)
        with context.in_network(network):
            fill()
            for step in steps():
                if step not in made and not step.seeds:
                    step.run(network)
            with transaction.atomic():
                finish()
                set_state(network, NetworkState.LIVE)


def remove(network: Network, *, also: Callable[[], None] | None = None) -> None:
    """Take back everything onboarding made and forget the network, in one transaction with what `also` does.

    Raises WrongStateError for a network that has been live, AlreadyRunningError while it is being brought on line.
    """
    with exclusively(network), transaction.atomic():
        _refresh(network)
        refuse_been_live(network)
        if also is not None:
            also()
        for step in reversed(steps()):
            if step.undo is not None:
                step.undo(network)
        Network.objects.filter(pk=network.pk).delete()


@transaction.atomic
def set_state(network: Network, state: NetworkState, *, failed_step: str = "") -> None:
    """Record a state and when it was reached."""
    network.state, network.failed_step, network.state_changed_at = state, failed_step, timezone.now()
    Network.objects.filter(pk=network.pk).update(
        state=state, failed_step=failed_step, state_changed_at=network.state_changed_at
    )
    network_changed.send(Network, network=network)


def lock_name(network: Network) -> str:
    """Return what keeps two processes apart that would make, change or remove a network's tables."""
    return f"onboarding:{network.id}"


@contextmanager
def exclusively(network: Network) -> Iterator[None]:
    """Work as the owner, alone: the lock is of the database session, and ends with the process however it is killed."""
    with as_owner(), _locked(network):
        yield


@contextmanager
def _locked(network: Network) -> Iterator[None]:
    name = lock_name(network)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_WAIT])
            cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [name])
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", "") != LOCK_NOT_AVAILABLE:
            raise
        raise AlreadyRunningError(f"{network.name} is being worked on by another process now. Try again.") from error
    try:
        yield
    finally:
        with suppress(Error), connection.cursor() as cursor:  # a connection that is lost has lost the lock
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])


def _run(network: Network, step: Step, progress: Progress, watcher: Watcher | None) -> dict[str, str]:
    tell = watcher or (lambda _: None)
    started = monotonic()
    tell(progress)
    try:
        facts = _run_where_it_belongs(network, step) or {}
    except Exception as error:
        with suppress(Error):  # the database may be what failed; the reconciler finds the network then
            _note_failure(network, step)
            tell(replace(progress, error=type(error).__name__))
        raise StepFailedError(f"The step “{step.label}” failed: {error}") from error
    _record(network, step)
    tell(replace(progress, seconds=monotonic() - started))
    return facts


def _note_failure(network: Network, step: Step) -> None:
    """Say that the network failed, unless it is live, where nothing of it did."""
    if network.state != NetworkState.LIVE:
        set_state(network, NetworkState.FAILED, failed_step=step.name)


def _run_where_it_belongs(network: Network, step: Step) -> dict[str, str] | None:
    if _makes_tables(step):
        return step.run(network)
    with context.in_network(network):
        return step.run(network)


def _makes_tables(step: Step) -> bool:
    """Whether a step belongs before there are tables, and so runs in the public schema."""
    return _ORDER.index(step.reaches) <= _ORDER.index(NetworkState.MIGRATED)


def _record(network: Network, step: Step) -> None:
    """Move the state on when this was the last step that reaches it; never move it back."""
    last = [each for each in steps() if each.reaches == step.reaches][-1]
    further = _ORDER.index(step.reaches) > _rank(network.state)
    if step.name == last.name and (further or network.state == NetworkState.FAILED):
        set_state(network, step.reaches)


def _furthest_state(network: Network) -> str:
    """Where to go on: a failed network goes on before the step that failed."""
    if network.state != NetworkState.FAILED:
        return network.state
    failed = _steps.get(network.failed_step)
    before = _ORDER.index(failed.reaches) - 1 if failed else -1
    return _ORDER[before] if before >= 0 else NetworkState.REQUESTED


def _rank(state: str) -> int:
    """Position in onboarding; requested and failed come before the first step, live and after past the last."""
    if state in (NetworkState.REQUESTED, NetworkState.FAILED):
        return -1
    return _ORDER.index(NetworkState(state)) if state in _ORDER else len(_ORDER)


def _make_schema(network: Network) -> None:
    schema.make_schema(network.schema_name)


def _drop_schema(network: Network) -> None:
    schema.drop_schema(network.schema_name)


def _make_tables(network: Network) -> None:
    if schema.make_tables(network.schema_name):
        Network.objects.filter(pk=network.pk).update(release=schema.current_release())


def _assign_domain(network: Network) -> None:
    with context.in_public(), transaction.atomic():
        Domain.objects.get_or_create(domain=first_host_of(network), defaults={"tenant": network, "is_primary": True})


def _remove_domain(network: Network) -> None:
    Domain.objects.filter(tenant=network).delete()


def _go_live(network: Network) -> None:
    """Nothing is left to do: recording the state is what makes the network answer."""


register_step(Step("schema", "Making the schema", NetworkState.SCHEMA, _make_schema, _drop_schema))
register_step(Step("tables", "Making the tables", NetworkState.MIGRATED, _make_tables))
register_step(Step("domain", "Assigning the address", NetworkState.DOMAIN, _assign_domain, _remove_domain))
register_step(Step("live", "Going live", NetworkState.LIVE, _go_live))
