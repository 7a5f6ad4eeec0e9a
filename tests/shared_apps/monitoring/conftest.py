"""Everything that is logged, as production writes it."""

import json
import logging
from collections.abc import Callable, Iterator
from io import StringIO

import pytest

from shared_apps.monitoring.lines import JsonFormatter


@pytest.fixture
def logged() -> Iterator[StringIO]:
    """The log as text."""
    handler = logging.StreamHandler(StringIO())
    handler.setFormatter(JsonFormatter())
    logging.getLogger().addHandler(handler)
    yield handler.stream
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def lines_of(logged: StringIO) -> Callable[[str], list[dict]]:
    """Return the lines of one logger."""

    def read(logger: str) -> list[dict]:
        return [line for line in map(json.loads, logged.getvalue().splitlines()) if line["logger"] == logger]

    return read
