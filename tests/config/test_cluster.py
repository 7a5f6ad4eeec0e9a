"""The tests' own database: one run at a time on each, made anew after a transactional test."""

import pytest
from _pytest.outcomes import Exit

from tenants.models import Network
from tests import cluster


def test_one_run_refuses_a_second_on_the_same_database():
    with (
        cluster.one_run("test_of_one_run"),
        pytest.raises(Exit, match="name another one with TEST_DB="),
        cluster.one_run("test_of_one_run"),
    ):
        pass


def test_one_run_lets_another_database_be_used():
    with cluster.one_run("test_of_one_run"), cluster.one_run("test_of_another_run"):
        pass


@pytest.mark.parametrize(
    ("given", "worker", "name"), [("Jo-1", None, "jo_1"), ("jo", "gw1", "jo_gw1"), (None, None, "test")]
)
def test_database_name_is_from_the_environment(given, worker, name, monkeypatch):
    for variable, value in (("TEST_DB", given), ("PYTEST_XDIST_WORKER", worker)):
        monkeypatch.delenv(variable, raising=False)
        if value:
            monkeypatch.setenv(variable, value)

    assert cluster.database_name() == name


@pytest.mark.parametrize("time", ["first", "second"])
@pytest.mark.django_db(transaction=True)
def test_transactional_tests_each_find_everything(time):
    assert Network.objects.filter(subdomain="alder").exists()

    Network.objects.filter(subdomain="alder").delete()


def test_fingerprint_is_that_of_the_files():
    paths = {path.relative_to(cluster.ROOT).as_posix() for path in cluster.shaping_files()}

    assert {"requirements.txt", "config/settings.py", "tests/conftest.py", "tenants/lifecycle.py"} <= paths
    assert any(path.endswith("members/migrations/0001_initial.py") for path in paths)
