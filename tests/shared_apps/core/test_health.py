"""/healthz and /readyz answer on any host, and say what is missing."""

import pytest
from django.db import connection
from django.test import Client

from shared_apps.core import health
from tenants.roles import as_owner

HOSTS = ["localhost", "alder.localhost", "collective.localhost", "nosuch.localhost", "203.0.113.9", "evil.example"]


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch):
    monkeypatch.setattr(health, "_applied", set())


@pytest.fixture
def with_worker(monkeypatch):
    monkeypatch.setattr("shared_apps.jobs.selectors.is_worker_alive", lambda: True)


@pytest.mark.parametrize("host", HOSTS)
def test_healthz_answers_on_any_host_without_the_database(host):
    response = Client(headers={"host": host}).get("/healthz")

    assert (response.status_code, response.json()) == (200, {"process": "ok"})
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("host", HOSTS)
def test_readyz_is_ready_on_any_host(host, db, with_worker):
    response = Client(headers={"host": host}).get("/readyz")

    assert (response.status_code, response.json()) == (200, {"ready": "ok"})


def test_readyz_without_a_worker_says_so(db):
    response = Client().get("/readyz")

    assert (response.status_code, response.json()) == (503, {"worker": "not so"})


def test_readyz_says_which_check_broke_but_not_how(db, with_worker, monkeypatch):
    def broken() -> None:
        raise RuntimeError("password=hunter2")

    monkeypatch.setattr(health, "is_database_there", broken)

    response = Client().get("/readyz")

    assert (response.status_code, response.json()) == (503, {"database": "RuntimeError"})


def test_readyz_waits_for_migrations(db, with_worker, alder):
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM collective.django_migrations WHERE app = 'publications'")

    response = Client().get("/readyz")

    assert (response.status_code, response.json()) == (503, {"migrations": "not so"})


def test_readyz_asks_for_migrations_until_they_are_there_and_then_never_again(
    db, with_worker, django_assert_num_queries
):
    Client().get("/readyz")

    with django_assert_num_queries(1):
        Client().get("/readyz")


def test_pending_schemas_is_empty_when_all_are_migrated(alder, birch):
    assert health.pending_schemas() == []


def test_pending_schemas_names_the_one_that_lags(alder, birch):
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {birch.schema_name}.django_migrations WHERE app = 'members'")

    assert health.pending_schemas() == [birch.schema_name]


def test_pending_schemas_names_one_without_tables(alder):
    assert health.pending_schemas({"public", "nowhere"}) == ["nowhere"]


def test_pending_schemas_takes_as_many_queries_for_one_network_as_for_many(alder, django_assert_num_queries):
    with django_assert_num_queries(2):
        health.pending_schemas()
