"""A POST that is sent again with its `Idempotency-Key` is done once, whoever dies and however many send it at once."""

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.test import Client
from django.urls import URLPattern
from django.utils import timezone

from config.urls import collective, network, platform
from shared_apps.accounts import services as accounts
from shared_apps.accounts.selectors import account_of_email
from shared_apps.api import services
from shared_apps.api.models import IdempotentCall
from shared_apps.api.rest.openapi import schema_of
from shared_apps.api.rest.resources import Resource
from shared_apps.operator.api import ServerOnlyResource
from tenant_apps.discussions import services as discussions
from tenant_apps.discussions.models import Discussion
from tenant_apps.members.models import Member
from tenants.context import in_network
from tenants.enums import Kind
from tenants.models import Network
from tests import cluster
from tests.builders.accounts import token_client
from tests.builders.at_once import at_once
from tests.builders.members import make_member

LIST = "/api/v1/discussions/"
WORDS = {"title": "Who maintains boilers?", "body": "Ours is from 1987."}
ANSWER_204 = {"read", "seen"}


@pytest.fixture
def priya(alder: Network) -> Member:
    return make_member(alder, name="Priya Raman")


@pytest.fixture
def api(alder: Network, priya) -> Client:
    return token_client(account_of_email(priya.email), alder)


def post(client: Client, key: str | None = "key-1", path: str = LIST, body: dict | None = None):
    headers = {} if key is None else {"Idempotency-Key": key}
    return client.post(path, WORDS if body is None else body, content_type="application/json", headers=headers)


def how_many(alder: Network) -> int:
    with in_network(alder):
        return Discussion.objects.count()


def test_a_repeat_is_answered_with_how_the_thing_is_now(alder, api):
    first = post(api)
    api.patch(f"{LIST}{first.json()['id']}/", {"title": "Who looks after boilers?"}, content_type="application/json")

    again = post(api)

    assert (first.status_code, again.status_code) == (201, 201)
    assert (first.get("Idempotency-Replayed"), again["Idempotency-Replayed"]) == (None, "true")
    assert again.json() == api.get(f"{LIST}{first.json()['id']}/").json()
    assert again.json()["title"] == "Who looks after boilers?"
    assert how_many(alder) == 1


def test_without_a_key_everything_is_done_each_time(alder, api):
    assert [post(api, None).status_code for _ in range(2)] == [201, 201]
    assert how_many(alder) == 2
    assert IdempotentCall.objects.count() == 0


def test_another_request_with_the_same_key_is_refused(alder, api):
    post(api)

    other_body, other_place = post(api, body=WORDS | {"title": "Else"}), post(api, path=f"{LIST}read/", body={})

    for answer in (other_body, other_place):
        assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
        assert answer.json()["detail"].startswith("This key was sent with another request")
    assert how_many(alder) == 1


def test_what_was_refused_can_be_tried_again(alder, api):
    bad = post(api, body={"title": ""})
    good = post(api)

    assert (bad.status_code, good.status_code) == (400, 201)
    assert "Idempotency-Replayed" not in good


@pytest.mark.parametrize(("key", "status"), [("", 400), ("k" * 255, 201), ("k" * 256, 400), ("é ü", 201)])
def test_a_key_has_a_length(api, key, status):
    assert post(api, key).status_code == status


def test_a_key_belongs_to_its_token_and_host(alder, birch, api, priya):
    """The same person with the same key in two networks does two things, and two programs of one network too."""
    account = account_of_email(priya.email)
    make_member(birch, name="Priya Raman", email=priya.email)
    first = post(api)

    elsewhere = post(token_client(account, birch))
    other_program = post(token_client(account, alder))

    assert [elsewhere.status_code, other_program.status_code] == [201, 201]
    assert "Idempotency-Replayed" not in elsewhere
    assert "Idempotency-Replayed" not in other_program
    assert len({answer.json()["id"] for answer in (first, elsewhere, other_program)}) == 3
    assert (how_many(alder), how_many(birch)) == (2, 1)


def test_nothing_of_what_was_sent_is_kept(alder, api):
    answer = post(api, "secret-key")

    with connection.cursor() as cursor:
        cursor.execute("SELECT row::text FROM public.api_idempotentcall AS row")
        (text,) = cursor.fetchone()
    assert hashlib.sha256(b"secret-key").hexdigest() in text
    assert answer.json()["id"] in text
    assert not any(word in text for word in ("secret-key", "boiler", "1987", "Priya"))


def test_what_was_sent_cannot_be_guessed_without_the_secret_key(alder, api, settings):
    post(api)

    settings.SECRET_KEY = "another key, long enough for everybody"

    assert post(api).status_code == 422
    assert how_many(alder) == 1


def test_a_repeat_after_access_has_ended_shows_nothing(alder, api, priya):
    post(api)
    accounts.revoke_access(account_id=priya.account_id, network=alder)

    assert post(api).status_code == 401


def test_what_is_gone_is_not_there_for_a_repeat_either(alder, api, priya):
    supplier = post(api, "s", "/api/v1/suppliers/", {"name": "Acme Boilers"}).json()
    said = {"text": "Good.", "response": 5, "quality": 4, "value": 3, "would_use_again": True}
    path = f"/api/v1/suppliers/{supplier['id']}/recommendations/"
    made = post(api, "r", path, said).json()

    assert post(api, "r", path, said).json() == made
    api.delete(f"/api/v1/recommendations/{made['id']}/")
    assert post(api, "r", path, said).status_code == 404


def test_an_upload_is_the_same_whatever_its_boundary(alder):
    organiser = make_member(alder, role="organiser")  # who may attach files from the first day
    api = token_client(account_of_email(organiser.email), alder)
    path = f"{LIST}{post(api).json()['id']}/files/"

    def send(content: bytes, boundary: str):
        headers = {"Idempotency-Key": "file"}
        body = b"".join(
            [
                f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="notes.txt"\r\n'.encode(),
                b"Content-Type: text/plain\r\n\r\n" + content + f"\r\n--{boundary}--\r\n".encode(),
            ]
        )
        return api.post(path, body, content_type=f"multipart/form-data; boundary={boundary}", headers=headers)

    first, again, other = send(b"One.", "aaa"), send(b"One.", "bbb"), send(b"Two.", "aaa")

    assert [first.status_code, again.status_code, other.status_code] == [201, 201, 422], first.content
    assert again.json() == first.json()
    assert len(api.get(path).json()["results"]) == 1


def test_what_answers_nothing_answers_nothing_again(api):
    first, again = (post(api, "read", f"{LIST}read/", {}) for _ in range(2))

    assert (first.status_code, again.status_code, again.content) == (204, 204, b"")
    assert again["Idempotency-Replayed"] == "true"


def test_calls_are_kept_for_a_day(alder, api):
    post(api)
    IdempotentCall.objects.update(created_at=timezone.now() - services.CALLS_KEPT - timedelta(seconds=1))
    post(api, "young")

    assert post(api).get("Idempotency-Replayed") is None  # too old to count, also before the job comes
    IdempotentCall.objects.filter(created_at__lt=timezone.now()).update(created_at=timezone.now() - timedelta(hours=23))
    assert accounts.prune(timezone.now()) == 0
    accounts.prune(timezone.now() + timedelta(hours=1, seconds=1))
    assert IdempotentCall.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_the_same_request_sent_by_eight_at_once_is_done_once(alder, api):
    answers = at_once(*[lambda: post(Client(**api.defaults), "at once")] * 8)

    assert {answer.status_code for answer in answers} <= {201, 409}
    assert all(answer["Retry-After"] == "1" for answer in answers if answer.status_code == 409)
    assert sum(answer.status_code == 201 and "Idempotency-Replayed" not in answer for answer in answers) == 1
    assert how_many(alder) == 1


class Held:
    """Holds the first call of a service in the middle of its work, after its rows are written."""

    def __init__(self, service) -> None:
        self.service, self.backend = service, None
        self.is_written, self.may_end = threading.Event(), threading.Event()

    def __call__(self, *args, **kwargs):
        made = self.service(*args, **kwargs)
        if self.backend is None:
            self.backend = connection.connection.info.backend_pid
            self.is_written.set()
            assert self.may_end.wait(20)
        return made


@pytest.mark.django_db(transaction=True)
def test_while_the_first_runs_the_second_waits_and_a_killed_first_leaves_nothing(alder, api, monkeypatch):
    held = Held(discussions.start_discussion)
    monkeypatch.setattr(discussions, "start_discussion", held)

    def send():
        try:
            return post(api)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(send)
        assert held.is_written.wait(20)
        meanwhile = post(api)
        cluster.end_connection(held.backend)
        held.may_end.set()
        broken = first.result()
    after = post(api)

    assert (meanwhile.status_code, meanwhile["Retry-After"]) == (409, "1")
    assert broken.status_code == 500
    assert (after.status_code, after.get("Idempotency-Replayed")) == (201, None)
    assert how_many(alder) == 1


def test_every_post_is_described_with_its_key():
    for kind in Kind:
        for path, methods in schema_of(kind)["paths"].items():
            for name, operation in methods.items():
                headers = [each["name"] for each in operation.get("parameters", ()) if each["in"] == "header"]
                assert headers == (["Idempotency-Key"] if name == "post" else []), (path, name)


def test_every_post_can_be_answered_again():
    """By what the resource retrieves, or by what it says itself, but for what only refuses."""
    silent = [
        f"{resource.__name__}.{action}"
        for resource, action in posts()
        if action not in ANSWER_204
        and not issubclass(resource, ServerOnlyResource)
        and resource.replay is Resource.replay
        and not callable(getattr(resource, "retrieve", None))
    ]

    assert len(list(posts())) > 30
    assert silent == []


def posts():
    """Every resource's action that POST calls, of every kind of host."""
    for urls in (network, collective, platform):
        for pattern in flat(urls.urlpatterns):
            resource = getattr(pattern.callback, "cls", None)
            action = getattr(pattern.callback, "actions", {}).get("post")
            if resource and action:
                yield resource, action


def flat(patterns):
    for each in patterns:
        if isinstance(each, URLPattern):
            yield each
        else:
            yield from flat(each.url_patterns)
