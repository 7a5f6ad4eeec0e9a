"""Signing in by password and by code, choosing a new password: on each host, and telling nobody who has an account."""

import re
import time

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shared_apps.accounts.models import User
from shared_apps.accounts.selectors import has_verified_email, local_path
from shared_apps.accounts.services import get_or_create_account, grant_access
from shared_apps.mail.models import Message, PlatformMessage
from tests.builders.accounts import PASSWORD, client_of, host_of, make_account, schema_of

EMAIL = "priya@school.example"
CODE = re.compile(r"\b[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}\b")


def client_at(place) -> Client:
    return Client(headers={"host": host_of(place)})


UNLIKE = ("Content-Length", "Expires", "X-Request-Id")


def whole(response) -> tuple:
    """Everything a visitor can see of an answer, but for random tokens and keys."""
    body = re.sub(r'name="csrfmiddlewaretoken"\s+value="\w+"', "", response.content.decode())
    cookies = {name: {**morsel, "expires": ""} for name, morsel in response.cookies.items()}
    headers = {name: value for name, value in response.items() if name not in UNLIKE}
    return response.status_code, body, cookies, headers


def messages_at(place) -> list:
    with schema_of(place):
        model = PlatformMessage if place == "platform" else Message
        return list(model.objects.filter(kind__startswith="accounts.").order_by("id"))


def code_from(place) -> str:
    return CODE.search(messages_at(place)[-1].text)[0]


# By password ---------------------------------------------------------------------------------------------------------


def test_password_signs_in_and_goes_on(alder):
    make_account(alder)
    client = client_at(alder)

    response = client.post("/sign-in/", {"email": " Priya@School.Example ", "password": PASSWORD, "next": "/switch/"})

    assert (response.status_code, response["Location"]) == (302, "/switch/")
    assert client.get("/account/").context["user"].email == EMAIL


@pytest.mark.parametrize(
    ("operator", "goes_to"), [(True, "/operator/"), (False, "/switch/")], ids=["operator", "member"]
)
def test_password_on_the_platform_shows_the_way_on(alder, operator, goes_to):
    make_account(alder, operator=operator)

    response = client_at("platform").post("/sign-in/", {"email": EMAIL, "password": PASSWORD})

    assert response["Location"] == goes_to


def test_wrong_password_unknown_address_and_no_access_are_one_answer(alder, birch):
    make_account(alder)
    make_account(birch, email="rob@birch.example")
    User.objects.filter(email="rob@birch.example").update(name="Rob Casey")
    closed = make_account(alder, email="gone@school.example")
    User.objects.filter(pk=closed.pk).update(is_active=False)
    tries = {
        "wrong": (EMAIL, "not this one"),
        "unknown": ("nobody@school.example", PASSWORD),
        "elsewhere": ("rob@birch.example", PASSWORD),
        "closed": ("gone@school.example", PASSWORD),
    }

    answers = {
        name: answer_without(client_at(alder).post("/sign-in/", {"email": email, "password": word}), email)
        for name, (email, word) in tries.items()
    }

    assert answers["wrong"][0] == 422
    assert "The email address or the password is wrong." in answers["wrong"][1]
    assert set(map(str, answers.values())) == {str(answers["wrong"])}


def answer_without(response, typed: str) -> tuple:
    """The answer, but for what the visitor typed."""
    status, body, *rest = whole(response)
    return status, body.replace(typed, "TYPED"), *rest


@pytest.mark.parametrize("email", [EMAIL, "nobody@school.example", "rob@birch.example"])
def test_every_failure_hashes_once(alder, birch, email, monkeypatch):
    make_account(alder), make_account(birch, email="rob@birch.example")
    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *args: hashed.append(1) or encode(*args))

    client_at(alder).post("/sign-in/", {"email": email, "password": "not this one"})

    assert len(hashed) == 1


def test_too_many_passwords_for_one_address_are_refused_on_every_host(alder, birch, clear_limits):
    make_account(alder, birch)
    for number in range(10):
        place = (alder, birch)[number % 2]
        client_at(place).post(
            "/sign-in/", {"email": EMAIL, "password": f"guess {number}"}, REMOTE_ADDR=f"10.0.0.{number}"
        )

    response = client_at(alder).post("/sign-in/", {"email": EMAIL, "password": PASSWORD}, REMOTE_ADDR="10.0.1.1")

    assert "That was too many tries." in response.content.decode()
    assert "_auth_user_id" not in response.wsgi_request.session


def test_too_many_tries_from_one_address_are_answered_429(alder, clear_limits):
    answers = [client_at(alder).post("/sign-in/", {"email": ""}).status_code for _ in range(31)]

    assert answers == [422] * 30 + [429]


def test_form_needs_its_token(alder):
    make_account(alder)
    client = Client(headers={"host": host_of(alder)}, enforce_csrf_checks=True)

    response = client.post("/sign-in/", {"email": EMAIL, "password": PASSWORD})

    assert response.status_code == 403
    assert "_auth_user_id" not in response.wsgi_request.session


@pytest.mark.parametrize("word", ["\x00", "a\x00b"])
def test_hostile_password_is_wrong_like_any_other(alder, word):
    make_account(alder)

    response = client_at(alder).post("/sign-in/", {"email": EMAIL, "password": word})

    assert response.status_code == 422
    assert response.context["form"].errors


def test_title_says_that_something_is_wrong(alder):
    response = client_at(alder).post("/sign-in/", {"email": "", "password": ""})

    assert "<title>Error: Sign in - Alder SBM Network</title>" in response.content.decode()


# By emailed code -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place_name", ["alder", "collective", "platform"])
def test_code_signs_in(place_name, alder):
    place = alder if place_name == "alder" else place_name
    make_account(alder)
    client = client_at(place)

    asked = client.post("/sign-in/code/", {"email": EMAIL, "next": "/account/"})
    assert asked["Location"] == "/sign-in/code/type/?next=%2Faccount%2F"
    typed = client.post("/sign-in/code/type/?next=/account/", {"code": code_from(place).lower().replace("-", " ")})

    assert (typed.status_code, typed["Location"]) == (302, "/account/")
    assert client.get("/account/").status_code == 200


def test_code_is_mailed_from_the_network_and_stays_there(alder, birch):
    make_account(alder, birch)

    client_at(alder).post("/sign-in/code/", {"email": EMAIL})

    (message,) = messages_at(alder)
    assert (message.to_address, message.host, message.kind) == (EMAIL, host_of(alder), "accounts.login_code")
    assert message.subject == f"{code_from(alder)} is your code"
    assert messages_at(birch) == messages_at("platform") == []


def test_code_for_known_unknown_and_elsewhere_is_one_answer_and_one_message(alder, birch, clear_limits):
    make_account(alder), make_account(birch, email="rob@birch.example")
    seen = {}

    for email in (EMAIL, "nobody@school.example", "rob@birch.example"):
        client = client_at(alder)
        asked = client.post("/sign-in/code/", {"email": email})
        page = client.get("/sign-in/code/type/")
        wrong = client.post("/sign-in/code/type/", {"code": "AAAA-AAAA"})
        seen[email] = str([answer_without(answer, email) for answer in (asked, page, wrong)])

    assert set(seen.values()) == {seen[EMAIL]}
    sent = [(message.to_address, message.kind) for message in messages_at(alder)]
    assert sent == [
        (EMAIL, "accounts.login_code"),
        ("nobody@school.example", "accounts.unknown_account"),
        ("rob@birch.example", "accounts.unknown_account"),
    ]


def test_code_costs_the_same_queries_for_known_and_unknown(alder, clear_limits):
    make_account(alder)
    client_at(alder).post("/sign-in/code/", {"email": "first@school.example"})
    counts = {}
    for email in (EMAIL, "nobody@school.example"):
        with CaptureQueriesContext(connection) as queries:
            client_at(alder).post("/sign-in/code/", {"email": email})
        counts[email] = len(queries)

    assert counts[EMAIL] == counts["nobody@school.example"]


def test_code_works_in_the_browser_that_asked_and_once(alder):
    make_account(alder)
    client, thief = client_at(alder), client_at(alder)
    client.post("/sign-in/code/", {"email": EMAIL})
    code = code_from(alder)

    stolen = thief.post("/sign-in/code/type/", {"code": code})
    client.post("/sign-in/code/type/", {"code": code})
    client.post("/sign-out/")
    again = client.post("/sign-in/code/type/", {"code": code})

    assert stolen["Location"] == again["Location"] == "/sign-in/code/"


def test_code_of_one_network_is_worth_nothing_on_another(alder, birch):
    make_account(alder, birch)
    client_at(alder).post("/sign-in/code/", {"email": EMAIL})
    client = client_at(birch)
    client.post("/sign-in/code/", {"email": EMAIL})

    code = code_from(alder)
    borrowed = client.post("/sign-in/code/type/", {"code": code})
    random = client.post("/sign-in/code/type/", {"code": "KJHG-FDCB"})

    assert answer_without(borrowed, code)[:2] == answer_without(random, "KJHG-FDCB")[:2]
    assert "That code is wrong." in borrowed.content.decode()


def test_code_is_over_after_three_wrong_ones(alder):
    make_account(alder)
    client = client_at(alder)
    client.post("/sign-in/code/", {"email": EMAIL})

    answers = [client.post("/sign-in/code/type/", {"code": "AAAA-AAAA"}) for _ in range(3)]
    late = client.post("/sign-in/code/type/", {"code": code_from(alder)})

    assert [answer.status_code for answer in answers] == [422, 422, 400]
    assert "That code has run out" in answers[-1].content.decode()
    assert "Email me a new one" in answers[-1].content.decode()
    assert late["Location"] == "/sign-in/code/"


def test_code_too_old_says_so(alder, monkeypatch):
    make_account(alder)
    client = client_at(alder)
    client.post("/sign-in/code/", {"email": EMAIL})
    later(monkeypatch, minutes=16)

    response = client.post("/sign-in/code/type/", {"code": code_from(alder), "next": "/switch/"})

    assert "That code has run out" in response.content.decode()
    assert f'value="{EMAIL}"' in response.content.decode()
    assert 'name="next" value="/switch/"' in response.content.decode()
    assert client.get("/account/").status_code == 302


def test_code_marks_the_address_as_the_persons_own(alder):
    account = get_or_create_account(EMAIL)
    grant_access(account_id=account.pk, network=alder, display_name="Priya")
    assert not has_verified_email(account)
    client = client_at(alder)

    client.post("/sign-in/code/", {"email": EMAIL})
    client.post("/sign-in/code/type/", {"code": code_from(alder)})

    assert has_verified_email(account)


def test_codes_are_limited_for_one_address_known_or_not(alder, clear_limits):
    make_account(alder)
    answers = {
        email: [client_at(alder).post("/sign-in/code/", {"email": email}).status_code for _ in range(4)]
        for email in (EMAIL, "nobody@school.example")
    }

    assert answers == {EMAIL: [302, 302, 302, 422], "nobody@school.example": [302, 302, 302, 422]}
    assert len(messages_at(alder)) == 6


def test_half_finished_sign_in_does_not_hide_the_password(alder):
    make_account(alder)
    client = client_at(alder)
    client.post("/sign-in/code/", {"email": EMAIL})

    assert client.get("/sign-in/").status_code == 200
    assert client.post("/sign-in/", {"email": EMAIL, "password": PASSWORD}).status_code == 302


# A new password ------------------------------------------------------------------------------------------------------


def test_reset_by_code_sets_the_password_and_signs_in(alder, birch):
    account = make_account(alder, birch)
    elsewhere = client_of(account, birch)
    client = client_at(alder)

    client.post("/reset-password/", {"email": EMAIL})
    client.post("/reset-password/code/", {"code": code_from(alder)})
    done = client.post("/reset-password/new/", {"password": "a new one for me"})

    assert (done.status_code, done["Location"]) == (302, "/")
    assert client.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    assert User.objects.get(pk=account.pk).check_password("a new one for me")
    assert [message.kind for message in messages_at(alder)] == [
        "accounts.password_reset_code",
        "accounts.password_reset",
    ]


def test_reset_for_known_unknown_and_elsewhere_is_one_answer_and_one_message(alder, birch, clear_limits):
    make_account(alder), make_account(birch, email="rob@birch.example")
    seen = {}

    for email in (EMAIL, "nobody@school.example", "rob@birch.example"):
        client = client_at(alder)
        asked = client.post("/reset-password/", {"email": email})
        page = client.get("/reset-password/code/")
        wrong = client.post("/reset-password/code/", {"code": "AAAA-AAAA"})
        seen[email] = str([answer_without(answer, email) for answer in (asked, page, wrong)])

    assert set(seen.values()) == {seen[EMAIL]}
    assert len(messages_at(alder)) == 3


def test_reset_code_of_one_network_is_worth_nothing_on_another(alder, birch):
    account = make_account(alder, birch)
    client_at(alder).post("/reset-password/", {"email": EMAIL})
    client = client_at(birch)
    client.post("/reset-password/", {"email": EMAIL})

    code = code_from(alder)
    borrowed = client.post("/reset-password/code/", {"code": code})
    random = client.post("/reset-password/code/", {"code": "KJHG-FDCB"})
    skipped = client.post("/reset-password/new/", {"password": "a new one for me"})

    assert answer_without(borrowed, code)[:2] == answer_without(random, "KJHG-FDCB")[:2]
    assert skipped["Location"] == "/reset-password/code/"
    assert User.objects.get(pk=account.pk).check_password(PASSWORD)


@pytest.mark.parametrize("password", ["short", "password1234", "1234567890123", EMAIL])
def test_reset_refuses_a_bad_password(alder, password):
    make_account(alder)
    client = client_at(alder)
    client.post("/reset-password/", {"email": EMAIL})
    client.post("/reset-password/code/", {"code": code_from(alder)})

    response = client.post("/reset-password/new/", {"password": password})

    assert response.status_code == 422
    assert response.context["form"].errors["password"]


def test_reset_code_too_old_says_so(alder, monkeypatch):
    make_account(alder)
    client = client_at(alder)
    client.post("/reset-password/", {"email": EMAIL})
    later(monkeypatch, minutes=16)

    response = client.post("/reset-password/code/", {"code": code_from(alder)})

    assert "That code has run out" in response.content.decode()


# Signing out and up --------------------------------------------------------------------------------------------------


def test_signing_out_needs_a_post(alder):
    client = client_of(make_account(alder), alder)

    asked = client.get("/sign-out/")
    assert asked.status_code == 200
    assert client.get("/account/").status_code == 200
    done = client.post("/sign-out/")

    assert done["Location"] == "/sign-in/"
    assert client.get("/account/").status_code == 302


def test_nobody_signs_up(alder):
    response = client_at(alder).get("/sign-up/")

    assert "Joining is by invitation" in response.content.decode()
    assert client_at(alder).post("/sign-up/", {"email": "new@school.example"}).status_code == 405


# Where to go on to ---------------------------------------------------------------------------------------------------

ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "/\t/evil.example/",
    "http:///evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "http://birch.localhost:8000/",
    "//birch.localhost/",
    "/%0d%0aSet-Cookie:x=1\r\n",
    "/a\x00b",
    "evil",
    "",
]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_next_is_a_path_of_this_host(alder, birch, target):
    make_account(alder)

    response = client_at(alder).post("/sign-in/", {"email": EMAIL, "password": PASSWORD, "next": target})

    assert (response.status_code, response["Location"]) == (302, "/")


@pytest.mark.parametrize("target", ["/discussions/", "/search/?q=solar panels", "/a/#b", "/é/"])
def test_next_keeps_a_path(target):
    assert local_path(target) == target


def later(monkeypatch, *, minutes: int) -> None:
    """Let allauth's codes grow older."""
    now = time.time()
    monkeypatch.setattr("allauth.account.internal.flows.code_verification.time.time", lambda: now + 60 * minutes)


@pytest.fixture
def clear_limits():
    """Nothing counted before the test counts in it."""
    cache.clear()
