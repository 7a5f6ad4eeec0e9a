"""What one host gave somebody is worth nothing on another: the same as something made up."""

import re
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone

from shared_apps.mail.models import Message
from tenants.context import in_network
from tests.builders.accounts import PASSWORD, client_with, host_of
from tests.isolation import rows
from tests.isolation.answers import body, difference, normal
from tests.isolation.world import Place, World

SESSION = django_settings.SESSION_COOKIE_NAME
STATE = f"{django_settings.COOKIE_PREFIX}hand-off"
ELSEWHERE = ["birch", "collective", "platform"]


@pytest.mark.parametrize("host", ELSEWHERE)
@pytest.mark.parametrize("path", ["/", "/switch/", "/account/", "/members/me/", "/operator/", "/sign-in/"])
def test_a_session_is_worth_nothing_elsewhere(world, host, path):
    client = world.browser("both", world.alder.network)
    theirs = client.cookies[SESSION].value
    assert client.get("/members/me/").url.startswith("/members/"), "it works where it was made"

    answers = [_with_cookie(world, host, value).get(path) for value in (theirs, "a" * 32)]

    assert difference(*(normal(answer, [theirs, "a" * 32]) for answer in answers)) == ""


def test_a_session_taken_elsewhere_is_not_ended_there(world):
    client = world.browser("both", world.alder.network)

    _with_cookie(world, "birch", client.cookies[SESSION].value).post("/sign-out/")

    assert client.get("/account/").status_code == 200


def test_a_form_of_another_host_is_refused(world):
    """Its token without its cookie, and a page of one host that posts to another."""
    place, other = world.alder.network, world.birch.network
    theirs = _csrf_token(Client(headers={"host": host_of(other)}).get("/sign-in/"))
    client = world.browser("alder.member", place, enforce_csrf_checks=True)
    own = _csrf_token(client.get("/account/"))
    name = {"name": "Somebody else"}

    assert client.post("/account/name/", {**name, "csrfmiddlewaretoken": theirs}).status_code == 403
    origin = {"origin": f"http://{host_of(other)}"}
    assert client.post("/account/name/", {**name, "csrfmiddlewaretoken": own}, headers=origin).status_code == 403
    assert client.post("/account/name/", {**name, "csrfmiddlewaretoken": own}).status_code == 302


@pytest.mark.parametrize("host", ELSEWHERE)
def test_a_hand_off_code_is_worth_nothing_elsewhere(world, host):
    code, state = world.alder.secrets["handoff"], world.alder.secrets["state"]
    answers = []
    for given in (code, "made-up"):
        client = _with_cookie(world, host, state, name=STATE)
        answers.append((client.get(f"/switch/arrive/?code={given}"), client.get("/account/")))

    (arrived, account), (like, like_account) = answers
    assert difference(normal(arrived, [code]), normal(like, ["made-up"])) == ""
    assert difference(normal(account, []), normal(like_account, [])) == ""
    assert account.status_code == 302


def test_a_hand_off_code_works_once_where_it_is_for(world):
    place = world.alder
    path = f"/switch/arrive/?code={place.secrets['handoff']}"
    first = _with_cookie(world, "alder", place.secrets["state"], name=STATE)
    second = _with_cookie(world, "alder", place.secrets["state"], name=STATE)

    first.get(path)
    second.get(path)

    assert first.get("/account/").status_code == 200
    assert second.get("/account/").status_code == 302


@pytest.mark.parametrize("host", ELSEWHERE)
@pytest.mark.parametrize(
    ("path", "secret"),
    [("/join/{}/", "invitation"), ("/join/{}/code/", "invitation"), ("/notifications/unsubscribe/{}/", "unsubscribe")],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_emailed_link_is_worth_nothing_elsewhere(world, host, path, secret, method):
    token, client = world.alder.secrets[secret], _client(world, host)
    nothing = token[:-8] + "AbCdEfGh"
    assert _client(world, "alder").get(path.format(token)).status_code == 200, "it works where it was sent"

    with rows.watching() as written:
        answer = getattr(client, method)(path.format(token), {"code": "123456"})
    like = getattr(client, method)(path.format(nothing), {"code": "123456"})

    assert difference(normal(answer, [token]), normal(like, [nothing])) == ""
    assert answer.status_code == 404
    assert written.beside("accounts_session") == {}


@pytest.mark.parametrize(
    ("token", "host", "path"),
    [
        ("alder.owner", "birch", "/api/v1/discussions/"),
        ("alder.owner", "platform", "/api/v1/networks/"),
        ("operator", "alder", "/api/v1/discussions/"),
        ("operator", "collective", "/api/v1/publications/"),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_token_is_worth_nothing_elsewhere(world, token, host, path, method):
    theirs = world.program(token, _place(world, host))
    made_up = client_with("sbm_" + "x" * 43, _place(world, host))

    answer, like = (getattr(client, method)(path) for client in (theirs, made_up))

    assert answer.status_code == 401
    assert difference(normal(answer, []), normal(like, [])) == ""


def test_a_token_that_is_revoked_is_worth_nothing_in_the_collective_either(world):
    program = world.program("alder.member", "collective")
    assert program.get("/api/v1/publications/").status_code == 200

    world.browser("alder.member", world.alder.network).post(f"/account/tokens/{world.alder.ids['token_id']}/revoke/")

    assert program.get("/api/v1/publications/").status_code == 401


@pytest.mark.parametrize(
    ("path", "host"),
    [("/api/v1/discussions/", "birch"), ("/api/v1/members/", "birch"), ("/api/v1/publications/", "collective")],
)
def test_a_cursor_is_worth_nothing_in_another_list(world, path, host):
    own = "/api/v1/discussions/" if host == "collective" else path
    following = world.program("alder.owner", world.alder.network).get(f"{own}?page_size=1").json()["next"]
    cursor = re.search(r"cursor=([^&]+)", following)[1]
    program = world.program("birch.owner", _place(world, host))

    answer, like = (program.get(f"{path}?page_size=1&cursor={each}") for each in (cursor, "made-up"))

    assert answer.status_code == 404
    assert difference(normal(answer, [cursor]), normal(like, ["made-up"])) == ""


@pytest.mark.parametrize(
    ("ask", "path"), [("/sign-in/code/", "/sign-in/code/type/"), ("/reset-password/", "/reset-password/code/")]
)
def test_an_emailed_code_is_worth_nothing_elsewhere(world, ask, path):
    """Somebody who may enter both asks for a code on both, and types the one of alder in birch."""
    clients = {name: _client(world, name) for name in ("alder", "birch")}
    for client in clients.values():
        assert client.post(ask, {"email": world.both.email}).status_code == 302
    codes = {name: _newest_code(world.place(name), world.both.email) for name in clients}

    wrong = clients["birch"].post(path, {"code": codes["alder"]})
    like = clients["birch"].post(path, {"code": "ZZZZ-ZZZZ"})

    assert difference(normal(wrong, [codes["alder"]]), normal(like, ["ZZZZ-ZZZZ"])) == ""
    assert clients["birch"].get("/account/").status_code == 302
    assert clients["alder"].post(path, {"code": codes["alder"]}).status_code == 302, "it works where it was asked for"


@pytest.mark.parametrize("ask", ["/sign-in/code/", "/reset-password/"])
def test_no_code_is_made_where_one_has_no_access_and_the_answer_is_the_same(world, ask):
    answers = [
        _client(world, "birch").post(ask, {"email": email}, follow=True)
        for email in (world.alder.accounts["member"].email, "nobody@mail.example", world.both.email)
    ]

    emails = [world.alder.accounts["member"].email, "nobody@mail.example", world.both.email]
    first, second, third = (normal(answer, emails) for answer in answers)
    assert difference(first, second) == ""
    assert difference(first, third) == ""
    with in_network(world.birch.network):
        newest = Message.objects.filter(to_address=world.alder.accounts["member"].email).first()
    assert not re.search(r"^\s+[A-Z]{4}-[A-Z]{4}\s*$", newest.text, re.MULTILINE)


def test_a_password_opens_only_where_one_has_access(world):
    email, answers = world.alder.accounts["member"].email, {}
    for host in ("alder", *ELSEWHERE):
        client = _client(world, host)
        client.post("/sign-in/", {"email": email, "password": PASSWORD})
        answers[host] = client.get("/account/").status_code

    assert answers == {"alder": 200, "birch": 302, "collective": 200, "platform": 200}
    right, wrong = (
        _client(world, "birch").post("/sign-in/", {"email": email, "password": password})
        for password in (PASSWORD, "wrong words here")
    )
    assert difference(normal(right, []), normal(wrong, [])) == ""


def test_what_ended_yesterday_is_worth_nothing_today(world):
    """Access that is taken away ends the session and the token at once, here and in the Collective."""
    clients = [
        world.browser("alder.member", world.alder.network),
        world.browser("alder.member", "collective"),
        world.program("alder.member", world.alder.network),
        world.program("alder.member", "collective"),
    ]
    paths = ["/account/", "/account/", "/api/v1/members/", "/api/v1/publications/"]
    assert [client.get(path).status_code for client, path in zip(clients, paths, strict=True)] == [200] * 4

    owner = world.browser("alder.owner", world.alder.network)
    owner.post(f"/manage/members/{world.alder.people['member'].id}/remove/")

    assert [client.get(path).status_code for client, path in zip(clients, paths, strict=True)] == [302, 302, 401, 401]


def _place(world: World, host: str):
    return host if host in ("collective", "platform") else world.place(host).network


def _client(world: World, host: str) -> Client:
    return Client(headers={"host": host_of(_place(world, host))}, raise_request_exception=False)


def _with_cookie(world: World, host: str, value: str, *, name: str = SESSION) -> Client:
    client = _client(world, host)
    client.cookies[name] = value
    return client


def _csrf_token(response) -> str:
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', body(response))[1]


def _newest_code(place: Place, email: str) -> str:
    with in_network(place.network):
        message = Message.objects.filter(to_address=email).latest("created_at")
    assert message.created_at > timezone.now() - timedelta(minutes=10)
    return re.search(r"^\s+([A-Z]{4}-[A-Z]{4})\s*$", message.text, re.MULTILINE)[1]
