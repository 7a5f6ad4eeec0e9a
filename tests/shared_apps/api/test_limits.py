"""Limits: for each token, and for each address without one."""

import time

import pytest
from django.test import Client

from shared_apps.accounts import services
from shared_apps.api.rest.throttles import StrangerThrottle, TokenThrottle, WriteThrottle
from shared_apps.audit.services import Actor
from tests.builders.accounts import client_with, host_of, make_account, token_client

pytestmark = pytest.mark.usefixtures("sample_urls")


def limit(monkeypatch, throttle, rate: str) -> None:
    monkeypatch.setattr(throttle, "rate", rate, raising=False)


def test_a_token_that_asks_too_often_waits(alder, birch, monkeypatch):
    limit(monkeypatch, TokenThrottle, "2/min")
    account = make_account(alder, birch)
    client, other = token_client(account, alder), token_client(account, birch)

    answers = [client.get("/api/v1/who/") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 60
    assert answers[-1].json() == {
        "type": "about:blank",
        "title": "Too Many Requests",
        "status": 429,
        "detail": "Too many requests. Wait, then go on.",
    }
    assert other.get("/api/v1/who/").status_code == 200


def test_a_token_is_counted_once_for_all_its_hosts(alder, monkeypatch):
    limit(monkeypatch, TokenThrottle, "2/min")
    account = make_account(alder)
    secret = services.create_network_token(account, network_id=alder.id, name="test", by=Actor.system()).secret
    client, on_the_collective = client_with(secret, alder), client_with(secret, "collective")

    answers = [client.get("/api/v1/who/"), on_the_collective.get("/api/v1/who/"), client.get("/api/v1/who/")]

    assert [answer.status_code for answer in answers] == [200, 200, 429]


def test_writing_has_a_limit_of_its_own(alder, monkeypatch):
    limit(monkeypatch, WriteThrottle, "1/min")
    client = token_client(make_account(alder), alder)

    writes = [client.post("/api/v1/accounts/", "{}", content_type="application/json") for _ in range(2)]

    assert [answer.status_code for answer in writes] == [400, 429]
    assert client.get("/api/v1/who/").status_code == 200


def test_strangers_are_counted_by_their_address(alder, monkeypatch):
    limit(monkeypatch, StrangerThrottle, "2/min")
    unknown, silent = client_with("sbm_" + "r" * 43, alder), Client(headers={"host": host_of(alder)})
    client = token_client(make_account(alder), alder)

    answers = [unknown.get("/api/v1/who/"), silent.get("/api/v1/who/"), unknown.get("/api/v1/who/")]

    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert client.get("/api/v1/who/").status_code == 200
    assert unknown.get("/api/v1/who/", REMOTE_ADDR="10.0.0.9").status_code == 401


def test_a_limit_ends_with_its_window(alder, monkeypatch):
    limit(monkeypatch, TokenThrottle, "1/min")
    client = token_client(make_account(alder), alder)
    assert [client.get("/api/v1/who/").status_code for _ in range(2)] == [200, 429]

    now = time.time()
    monkeypatch.setattr(TokenThrottle, "timer", lambda self: now + 61)

    assert [client.get("/api/v1/who/").status_code for _ in range(2)] == [200, 429]
