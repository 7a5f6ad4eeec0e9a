"""Every error under /api/ is problem details, and nothing that is sent makes one of ours."""

import json

import pytest
from django.test import Client

from tests.builders.accounts import host_of, make_account, token_client

pytestmark = pytest.mark.usefixtures("sample_urls")


NOT_FOUND = {
    "type": "about:blank",
    "title": "Not Found",
    "status": 404,
    "detail": "There is nothing at this address.",
}


@pytest.fixture
def client(alder) -> Client:
    return token_client(make_account(alder), alder)


def send(client: Client, body: bytes | str, content_type: str = "application/json"):
    return client.post("/api/v1/accounts/", body, content_type=content_type)


def problem_of(response) -> dict:
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == response.status_code
    assert body["type"] == "about:blank"
    return body


@pytest.mark.parametrize(
    "path", ["/api/", "/api/v1/none/", "/api/v1/accounts/nonsense/", "/api/v2/", "/api/v1/who", "/api/v1/é/"]
)
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_an_unknown_address_is_a_problem_on_every_host(alder, path, method):
    for place in (alder, "collective", "platform"):
        response = getattr(Client(headers={"host": host_of(place)}), method)(path)

        assert problem_of(response) == NOT_FOUND


def test_an_unknown_id_is_a_problem(client):
    assert problem_of(client.get("/api/v1/accounts/01a1fff2-446b-79e3-ab76-a0b567c573b6/")) == NOT_FOUND


def test_a_method_that_does_not_work_here(client):
    response = client.delete("/api/v1/accounts/")

    assert problem_of(response)["title"] == "Method Not Allowed"
    assert response.status_code == 405


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
def test_a_body_that_is_not_json(client, content_type):
    response = send(client, "name=Priya", content_type)

    assert problem_of(response)["status"] == 415


@pytest.mark.parametrize(
    "body",
    [b"{", b"", b"[1,", b"\xff\xfe{}", b'{"name": NaN}', b'{"name": Infinity}', b"[" * 100_000, b'{"a":' * 50_000,
     b'{"name": "\x00"}', b'{"name": "\\ud800"}', b'{"n": ' + b"9" * 5000 + b"}", "{\"name\": \"é\"}".encode("utf-16")],
)  # fmt: skip
def test_a_body_that_cannot_be_read(client, body):
    response = send(client, body)

    assert problem_of(response)["status"] == 400


@pytest.mark.parametrize("body", [{"name": "a\x00b"}, {"a\x00": 1}, {"tags": [{"word": "\x00"}]}])
def test_nul_is_refused(client, body):
    response = send(client, json.dumps(body))

    assert problem_of(response)["detail"] == "Text may not hold NUL or half of a surrogate pair."


def test_a_body_that_is_too_large(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000

    response = send(client, json.dumps({"name": "x" * 1000}))

    assert problem_of(response)["status"] == 413


def test_wrong_values_are_pointed_at(client):
    response = send(client, json.dumps({"email": "no", "tags": [{"word": "good"}, {"word": "x" * 11}]}))

    assert problem_of(response) == {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": "Some values are not right.",
        "errors": [
            {"pointer": "#/email", "detail": "Enter a valid email address."},
            {"pointer": "#/name", "detail": "This field is required."},
            {"pointer": "#/tags/1/word", "detail": "Ensure this field has no more than 10 characters."},
        ],
    }


@pytest.mark.parametrize("body", ["[]", '"text"', "1", "null", "[[]]"])
def test_json_that_is_no_object(client, body):
    problem = problem_of(send(client, body))

    assert problem["status"] == 400
    assert problem["errors"]


@pytest.mark.parametrize(
    ("name", "status", "detail"),
    [("conflict", 409, "Taken."), ("refused", 403, "Only organisers can do this.")],
)
def test_a_refusal_keeps_its_words(client, name, status, detail):
    response = send(client, json.dumps({"email": "a@b.example", "name": name}))

    problem = problem_of(response)
    assert (problem["status"], problem["detail"]) == (status, detail)


def test_our_own_mistake_says_nothing_of_itself(client):
    response = send(client, json.dumps({"email": "a@b.example", "name": "broken"}))

    assert problem_of(response) == {
        "type": "about:blank",
        "title": "Internal Server Error",
        "status": 500,
        "detail": "Something went wrong on our side. It has been noted.",
    }
    assert b"secret" not in response.content


def test_our_own_mistake_is_reported(alder):
    client = token_client(make_account(alder), alder)
    client.raise_request_exception = True

    with pytest.raises(RuntimeError, match="a secret thing"):
        send(client, json.dumps({"email": "a@b.example", "name": "broken"}))


@pytest.mark.parametrize("query", ["q=%00", "%00=1", "cursor=%00", "page_size=%00"])
def test_nul_in_the_address_is_refused(client, query):
    assert problem_of(client.get(f"/api/v1/accounts/?{query}"))["status"] == 400


def test_what_cannot_be_answered_as_asked(client):
    response = client.get("/api/v1/who/", headers={"accept": "text/html"})

    assert problem_of(response)["status"] == 406


HOSTILE = [
    "undefined", "<script>alert(1)</script>", "'; DROP TABLE accounts_user;--", "../../etc/passwd", "{{7*7}}", "%s%n",
    "﷽", "\u202etest\u202e", "\ufeff", "👩‍👩‍👧", "ﬃ", "\t\n\r", "\x7f\x1b[31m", "̷̡̛" * 200, "$HOME", "() { :; }; echo",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_data_or_refused(client, text):
    response = send(client, json.dumps({"email": "a@b.example", "name": text}))

    assert response.status_code in (201, 400)
    if response.status_code == 201:
        assert response.json()["name"] == text.strip()
