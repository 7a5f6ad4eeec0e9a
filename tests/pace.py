"""Which files of tests run first, so that none is left over for one process at the end, and which took longest.

Files are dealt out whole (`--dist=loadfile`), in the order of `SLOW_FIRST` and then as they come.
"""

from collections import defaultdict

import pytest

SLOW_FIRST = (
    "journeys/",
    "isolation/",
    "deploy/test_smoke.py",
    "tenants/test_killed.py",
    "tenants/test_schema.py",
    "config/test_demo_loading.py",
)
SHOWN = 10

_seconds: dict[str, float] = defaultdict(float)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the slowest first; the order within a file stays."""
    items.sort(key=lambda item: _place(item.nodeid))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add up what each file costs."""
    _seconds[report.nodeid.partition("::")[0]] += report.duration


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the slowest files of a run of many, so that nobody makes the suite slow unseen."""
    if len(_seconds) > SHOWN:
        slowest = sorted(_seconds.items(), key=lambda each: -each[1])[:SHOWN]
        terminalreporter.section(f"slowest {SHOWN} of {len(_seconds)} files, {sum(_seconds.values()):.0f} s in all")
        for path, seconds in slowest:
            terminalreporter.write_line(f"{seconds:6.1f} s  {path}")


def _place(nodeid: str) -> int:
    path = nodeid.removeprefix("tests/")
    return next((place for place, start in enumerate(SLOW_FIRST) if path.startswith(start)), len(SLOW_FIRST))
