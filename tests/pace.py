"""What keeps the suite quick: which files run first, what is not done for every test, and which files took longest.

Files are dealt out whole (`--dist=loadfile`), in the order of `SLOW_FIRST` and then as they come.
"""

import gc
from collections import defaultdict
from collections.abc import Iterator

import pytest
from whitenoise.middleware import WhiteNoiseMiddleware

SLOW_FIRST = (
    "journeys/",
    "isolation/",
    "deploy/test_smoke.py",
    "deploy/test_killed.py",
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


def pytest_collection_finish() -> None:
    """Do not look again and again for garbage among what was loaded, which stays until the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def _static_files_are_listed_once() -> Iterator[None]:
    """Each test's client has middleware of its own, which would walk through every static file."""
    listed = dict(WhiteNoiseMiddleware(lambda request: None).files)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", lambda self: self.files.update(listed))
        yield


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
