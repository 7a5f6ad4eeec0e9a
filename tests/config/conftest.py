"""Processes for the tests of what starts and stops them."""

import subprocess
import sys

import pytest


@pytest.fixture
def dead_pid() -> int:
    """The id of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid
