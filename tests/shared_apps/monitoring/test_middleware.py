"""Each request has an id and one line, in which nothing that a person sent or is called can be found."""

import re

import pytest
from django.http import HttpRequest
from django.urls import path

from shared_apps.core.urls import handler400, handler403, handler404, handler500  # noqa: F401 - of these addresses too
from tests.builders.accounts import client_of, make_account

SECRETS = ["tok-in-path", "tok-in-query", "tok-in-body", "tok-in-cookie", "tok-in-header", "tok-local"]
SECRETS += ["Priya", "Raman", "school.example", "PRIYA"]
GIVEN = "0123abcd-0123-4abc-8def-0123456789ab"


def broken(request: HttpRequest, token: str) -> None:
    local = f"tok-local {request.user.email}"
    raise RuntimeError(f"{local}: Priya Raman could not join by {request.get_full_path()}")


urlpatterns = [path("join/<token>/", broken, name="broken_page")]


@pytest.fixture
def hostile(settings) -> None:
    """The network's host has an address that breaks."""
    network = settings.TENANT_TYPES["network"] | {"URLCONF": __name__}
    settings.TENANT_TYPES = settings.TENANT_TYPES | {"network": network}


def test_line_says_what_was_asked_by_its_name_and_what_it_cost(alder, lines_of):
    account = make_account(alder)

    response = client_of(account, alder).get("/account/?tok-in-query")

    (line,) = lines_of("sbm.request")
    assert line["request"] == response.headers["X-Request-Id"]
    assert (line["place"], line["method"], line["status"]) == ("alder", "GET", response.status_code)
    assert re.fullmatch(r"[a-z_:]+", line["route"])
    assert line["account"] == str(account.pk)
    assert line["queries"] >= 2
    assert line["ms"] >= line["query_ms"] >= 0


@pytest.mark.parametrize(
    ("host", "path", "place", "route"),
    [
        ("localhost", "/", "platform", "operator:home"),
        ("collective.localhost", "/no-such-page/", "collective", ""),
        ("nosuch.localhost", "/", "unknown", ""),
        ("evil.example", "/join/tok-in-path/", "unknown", ""),
    ],
)
def test_line_says_which_kind_of_host(db, client_for, lines_of, host, path, place, route):
    client_for("platform").get(path, headers={"host": host})

    (line,) = lines_of("sbm.request")
    assert (line["place"], line["route"], line["account"]) == (place, route, "")


@pytest.mark.usefixtures("hostile")
def test_lines_of_an_error_hold_nothing_personal(alder, logged, lines_of):
    client = client_of(make_account(alder), alder)
    client.raise_request_exception = False
    client.cookies["other"] = "tok-in-cookie"

    response = client.post(
        "/join/tok-in-path/?code=tok-in-query",
        {"text": "tok-in-body priya@school.example"},
        headers={"authorization": "Bearer tok-in-header", "x-request-id": "Priya-Raman", "user-agent": "tok-in-header"},
    )

    assert response.status_code == 500
    (line,) = lines_of("sbm.request")
    (error,) = lines_of("django.request")
    assert (line["route"], line["status"]) == ("broken_page", 500)
    assert (error["error"], error["request"]) == ("builtins.RuntimeError", line["request"])
    assert error["frames"][-1].endswith(" broken")
    assert [secret for secret in SECRETS if secret in logged.getvalue()] == []


def test_lines_of_strange_methods_and_hosts_hold_none_of_them(db, client_for, logged, lines_of):
    client_for("platform").generic("PRIYA", "/join/tok-in-path/", headers={"host": "tok-in-header.school.example"})

    assert lines_of("sbm.request")[0]["method"] == "OTHER"
    assert [secret for secret in SECRETS if secret in logged.getvalue()] == []


@pytest.mark.parametrize(
    ("trusted", "given", "is_taken"),
    [(True, GIVEN, True), (False, GIVEN, False), (True, "Priya-Raman", False), (True, "a" * 65, False)],
)
def test_id_is_the_proxys_where_it_is_trusted_and_an_id(db, client_for, settings, trusted, given, is_taken):
    settings.TRUST_REQUEST_ID = trusted

    answered = client_for("platform").get("/", headers={"x-request-id": given}).headers["X-Request-Id"]

    assert (answered == given) is is_taken
    assert is_taken or re.fullmatch(r"[0-9a-f]{32}", answered)
