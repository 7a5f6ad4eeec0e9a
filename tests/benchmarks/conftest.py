"""What the benchmarks share: the tables that are printed at the end, and settings as a server has them."""

import os
import platform

import pytest

from tests.benchmarks.reports import Table

TABLES = pytest.StashKey[list[list[str]]]()


def pytest_configure(config: pytest.Config) -> None:
    """Begin with no table."""
    config.stash[TABLES] = []


@pytest.fixture
def report(request: pytest.FixtureRequest):
    """Return a function that keeps a table, drawn as it is then, for the end of the run."""

    def keep(table: Table) -> None:
        request.config.stash[TABLES].append(table.lines())

    return keep


@pytest.fixture
def as_served(settings) -> None:
    """A host is remembered for some seconds, as in the product; the other tests ask anew each time."""
    settings.HOST_CACHE_SECONDS = 60


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    """Print the tables."""
    tables = config.stash[TABLES]
    if tables:
        terminalreporter.section("benchmarks")
        terminalreporter.write_line(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}")
    for lines in tables:
        for line in lines:
            terminalreporter.write_line(line)
