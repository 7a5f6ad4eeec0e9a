"""The commands of the README exist, and Python and Chromium are found where they are."""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests.cluster import PACKAGES, ROOT

README = (ROOT / "README.md").read_text()
TOOLS = ("sh", "dirname", "id", "expand", "sed")


def run(*command: str, **environ: str) -> subprocess.CompletedProcess[str]:
    environ = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", **environ}
    return subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=ROOT, env=environ, stdin=subprocess.DEVNULL
    )


@pytest.fixture
def tools(tmp_path) -> Path:
    """A folder for PATH with only what the scripts themselves use."""
    for name in TOOLS:
        found = run("sh", "-c", f"command -v {name}").stdout.strip()
        (tmp_path / name).symlink_to(found)
    return tmp_path


def program(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.mark.parametrize("target", ["run", "test", "lint", "format", "bench", "reset", "help"])
def test_make_has_each_target_and_explains_it(target):
    assert f"\n{target} " in f"\n{run('make', 'help').stdout}"


def test_readme_tells_of_every_command_of_ours():
    ours = {name for name, app in get_commands().items() if app.split(".")[0] in PACKAGES}

    told = set(re.findall(r"`([a-z_]+)\b", "".join(re.findall(r"^\| `.*\|$", README, re.MULTILINE))))

    assert ours - told == {"env_example", "reset", "run"}  # `make` runs two, and a test names the other


def test_ci_runs_make_test_and_nothing_else():
    commands = [line for line in (ROOT / ".ci/run").read_text().splitlines() if line and line[0] != "#"]

    assert commands == ['cd "$(dirname "$0")/.." && exec make test']


def test_find_python_takes_the_named_one():
    assert run("deploy/find-python.sh", PYTHON=sys.executable).stdout.strip() == sys.executable


def test_find_python_passes_over_shims_that_cannot_run(tools):
    program(tools / "python3.13", "exit 127")
    program(tools / "python3.14", f'exec {sys.executable} "$@"')

    found = run("deploy/find-python.sh", PATH=str(tools))

    assert found.stdout.strip() == str(tools / "python3.14")


def test_find_python_passes_over_old_ones_and_says_what_to_do(tools):
    program(tools / "python3", "exit 1")

    found = run("deploy/find-python.sh", PATH=str(tools))

    assert (found.returncode, found.stdout) == (1, "")
    assert found.stderr.startswith("No Python 3.12 or newer found.")
    assert "PYTHON=" in found.stderr


def test_find_python_looks_beside_a_version_managers_shims(tools):
    shims, versions = tools / "shims", tools / "versions/3.13.9/bin"
    shims.mkdir()
    versions.mkdir(parents=True)
    program(shims / "python3", "exit 127")
    real = program(versions / "python", f'exec {sys.executable} "$@"')

    assert run("deploy/find-python.sh", PATH=f"{shims}:{tools}").stdout.strip() == str(real)


def test_ensure_chromium_is_content_with_the_named_one(tools):
    browser = program(tools / "browser", "")

    assert run("deploy/ensure-chromium.sh", PATH=str(tools), CHROMIUM=str(browser)).returncode == 0


@pytest.mark.parametrize(("ci", "code"), [("true", 1), ("", 0)])
def test_ensure_chromium_without_one_fails_in_ci_and_only_says_so_elsewhere(tools, ci, code):
    found = run("deploy/ensure-chromium.sh", PATH=str(tools), CI=ci)

    assert found.returncode == code
    assert "browser journeys" in found.stderr.lower()
