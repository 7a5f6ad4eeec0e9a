"""What this thread is at, one request or one job, and what that asked of the database.

Settings import this module by way of `config/errors.py`, so it loads no model.
"""

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from django.conf import settings
from django.db import connection

_LONGEST_SQL = 2_000
_TEXT = re.compile(r"'(?:[^']|'')*'|\$(\w*)\$.*?\$\1\$", re.DOTALL)
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?\b")

logger = logging.getLogger("sbm.sql")


@dataclass(slots=True)
class Work:
    """One request or one job; `place` is a network's subdomain, or the kind of host where it is no network's."""

    kind: str  # "request" or "job"
    id: str
    place: str = ""
    name: str = ""  # of the route or of the job
    queries: int = 0
    database_seconds: float = 0.0
    began: float = field(default_factory=perf_counter)

    @property
    def seconds(self) -> float:
        """How long it has taken so far."""
        return perf_counter() - self.began

    def watch(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        """Run a statement, count it, and note it where it was slow."""
        began = perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            took = perf_counter() - began
            self.queries += 1
            self.database_seconds += took
            if took >= settings.SLOW_QUERY_SECONDS:
                _note_slow(sql, took, context)

    def told(self) -> dict[str, str]:
        """Return what a log line or an error report says of it."""
        return {self.kind: self.id, "place": self.place, "route" if self.kind == "request" else "name": self.name}


_current: ContextVar[Work | None] = ContextVar("work", default=None)


def current_work() -> Work | None:
    """Return the request or the job that this thread is at."""
    return _current.get()


@contextmanager
def at_work(work: Work) -> Iterator[Work]:
    """Do it: what is logged or reported meanwhile names it, and its statements are counted."""
    token = _current.set(work)
    try:
        with connection.execute_wrapper(work.watch):
            yield work
    finally:
        _current.reset(token)


def without_values(sql: str) -> str:
    """Return a statement's text with a question mark for each text and number that is written in it."""
    return _NUMBER.sub("?", _TEXT.sub("?", sql))[:_LONGEST_SQL]


def _note_slow(sql: Any, took: float, context: dict[str, Any]) -> None:
    text = sql if isinstance(sql, str) else sql.as_string(context["cursor"].cursor)
    plain = without_values(text)
    logger.warning("slow statement ms=%d sql=%s", took * 1000, plain, extra={"ms": round(took * 1000), "sql": plain})
