"""Times calls that are to be compared: in turns, so that what else the machine does falls on all of them alike.

CPU time, of this process and of its PostgreSQL backend, is what carries over from one machine to another and from a
busy one to an idle one; wall time is what somebody waits.
"""

import gc
import statistics
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from django.db import connection

CHUNK = 180  # frames of a small function in a chunk of Python's stack

Call = Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Sample:
    """What one call took, in milliseconds."""

    wall: float
    application: float
    database: float

    @property
    def cpu(self) -> float:
        """CPU time of both together."""
        return self.application + self.database


@dataclass(slots=True)
class Timings:
    """The samples of one of the compared calls, round by round."""

    rounds: list[list[Sample]] = field(default_factory=list)

    def middle(self, kind: str) -> float:
        """Return the median of "wall", "application", "database" or "cpu"."""
        return statistics.median(getattr(sample, kind) for sample in self.samples())

    def p95(self, kind: str = "wall") -> float:
        """Return the value that 19 in 20 samples do not exceed."""
        return p95([getattr(sample, kind) for sample in self.samples()])

    def calm(self, kind: str = "cpu") -> float:
        """Return the mean of the calmest fifth of the rounds, as on an idle machine: what disturbs only adds."""
        means = sorted(statistics.fmean(getattr(sample, kind) for sample in samples) for samples in self.rounds)
        return statistics.fmean(means[: max(1, len(means) // 5)])

    def samples(self) -> Iterator[Sample]:
        """Yield every sample."""
        for samples in self.rounds:
            yield from samples

    def ratio(self, other: "Timings", kind: str = "cpu") -> float:
        """Return how much more this took than the other: the median over the rounds, in each of which both ran."""
        pairs = zip(self.rounds, other.rounds, strict=True)
        return statistics.median(_middle(mine, kind) / max(_middle(its, kind), 1e-9) for mine, its in pairs)

    def calm_ratio(self, other: "Timings") -> float:
        """Return how much more CPU time this takes than the other where nothing disturbs either."""
        return self.calm() / other.calm()


def compare(
    calls: Mapping[str, Call], *, rounds: int, each: int, within: Mapping[str, Callable[[], Any]] | None = None
) -> dict[str, Timings]:
    """Call each in turn: `each` times in every round after one that is not counted; every round begins elsewhere.

    `within` gives the context in which some are called. Each round is called from further down the stack: Python
    takes the stack in chunks, and a loop that happens to cross from one to the next takes a third longer.
    """
    names, within = list(calls), within or {}
    found = {name: Timings() for name in names}
    gc.collect()
    gc.freeze()  # what the test run keeps in memory is no server's, and would be looked through again and again
    for number in range(rounds):
        start = number % len(names)
        for name in names[start:] + names[:start]:
            with within.get(name, nullcontext)():
                calls[name]()
                samples = deeper(number * CHUNK // rounds, lambda call=calls[name]: [timed(call) for _ in range(each)])
                found[name].rounds.append(samples)
    gc.unfreeze()
    return found


def deeper(frames: int, call: Call) -> Any:
    """Call from so many frames further down the stack."""
    return deeper(frames - 1, call) if frames else call()


def timed(call: Call) -> Sample:
    """Call once."""
    backend = BackendClock()
    wall, application = perf_counter(), process_time()
    call()
    return Sample((perf_counter() - wall) * 1000, (process_time() - application) * 1000, backend.milliseconds())


class BackendClock:
    """CPU time of the backend that serves Django's connection; where the system does not tell, it stands still."""

    def __init__(self) -> None:
        connection.ensure_connection()
        self.file = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
        self.start = self._now()

    def milliseconds(self) -> float:
        """Return what it has used since."""
        return self._now() - self.start

    def _now(self) -> float:
        try:
            return int(self.file.read_text().split()[0]) / 1e6
        except (OSError, IndexError):
            return 0.0


def p95(values: list[float]) -> float:
    """Return the value that 19 in 20 do not exceed."""
    return statistics.quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]


def _middle(samples: list[Sample], kind: str) -> float:
    return statistics.median(getattr(sample, kind) for sample in samples)
