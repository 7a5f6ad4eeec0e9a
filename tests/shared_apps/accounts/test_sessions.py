"""A session exists in one place: its cookie is worth nothing on another host, and it ends when it should."""

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shared_apps.accounts import services
from shared_apps.accounts.models import NetworkAccess, Session, User
from shared_apps.accounts.sessions import SessionStore
from shared_apps.audit.services import Actor
from tests.builders.accounts import client_of, host_of, make_account, schema_of, sign_in

PLACES = ["alder", "birch", "collective", "platform"]


@pytest.fixture
def place_of(alder, birch):
    """Return a place by its name."""
    return {"alder": alder, "birch": birch, "collective": "collective", "platform": "platform"}


def is_signed_in(client: Client) -> bool:
    response = client.get("/account/")
    assert response.status_code in (200, 302)
    return response.status_code == 200


@pytest.mark.parametrize("home", PLACES)
def test_cookie_is_worth_something_on_its_own_host_alone(home, place_of, alder, birch):
    account = make_account(alder, birch)
    cookie = client_of(account, place_of[home]).cookies[settings.SESSION_COOKIE_NAME].value

    welcome = {name: is_signed_in(with_cookie(cookie, place)) for name, place in place_of.items()}

    assert welcome == {name: name == home for name in PLACES}


def test_cookie_of_another_network_is_answered_like_a_random_one(alder, birch):
    account = make_account(alder, birch)
    cookie = client_of(account, alder).cookies[settings.SESSION_COOKIE_NAME].value

    borrowed, random = (with_cookie(key, birch).get("/account/") for key in (cookie, "r" * len(cookie)))

    assert (borrowed.status_code, borrowed.content) == (random.status_code, random.content)
    assert borrowed["Location"] == random["Location"] == "/sign-in/?next=/account/"
    assert Session.objects.filter(session_key=cookie).exists()


def test_cookie_of_another_network_cannot_be_written_or_deleted_there(alder, birch):
    account = make_account(alder, birch)
    cookie = client_of(account, alder).cookies[settings.SESSION_COOKIE_NAME].value
    before = Session.objects.get(session_key=cookie)

    with schema_of(birch):
        foreign = SessionStore(cookie)
        foreign.delete()
        foreign["canary"] = "birch"
        foreign.save()

    assert foreign.session_key != cookie
    after = Session.objects.get(session_key=cookie)
    assert (after.session_data, after.network_id) == (before.session_data, alder.id)


def test_session_row_says_whose_it_is_and_where(alder):
    account = make_account(alder)

    client_of(account, alder)
    client_of(account, "collective")

    rows = Session.objects.order_by("host").values_list("host", "network_id", "account_id")
    assert list(rows) == [
        (host_of(alder), alder.id, account.pk),
        (host_of("collective"), None, account.pk),
    ]


def test_access_that_ended_ends_the_session_at_once(alder, birch):
    account = make_account(alder, birch)
    in_alder, in_birch = client_of(account, alder), client_of(account, birch)
    assert is_signed_in(in_alder)

    NetworkAccess.objects.filter(account=account, network=alder).update(state="ended")

    assert not is_signed_in(in_alder)
    assert is_signed_in(in_birch)


def test_revoking_access_deletes_the_sessions_there(alder, birch):
    account = make_account(alder, birch)
    client_of(account, alder), client_of(account, birch)

    services.revoke_access(account_id=account.pk, network=alder)

    assert list(Session.objects.values_list("network_id", flat=True)) == [birch.id]


def test_the_collective_needs_one_network(alder):
    account, stranger = make_account(alder), make_account(email="nobody@school.example")

    assert is_signed_in(client_of(account, "collective"))
    assert not is_signed_in(client_of(stranger, "collective"))


def test_the_collective_does_not_count_a_suspended_network(alder):
    account = make_account(alder)
    client = client_of(account, "collective")
    assert is_signed_in(client)

    alder.state = "suspended"
    alder.save(update_fields=["state"])

    assert not is_signed_in(client)


def test_a_closed_account_is_signed_out(alder):
    account = make_account(alder)
    client = client_of(account, alder)

    User.objects.filter(pk=account.pk).update(is_active=False)

    assert not is_signed_in(client)


def test_signing_out_everywhere_ends_every_session_of_this_account_alone(alder, birch):
    account, other = make_account(alder, birch), make_account(alder, email="rob@school.example")
    clients = [client_of(account, place) for place in (alder, birch, "collective", "platform")]
    others = client_of(other, alder)

    services.sign_out_everywhere(account, by=Actor.system())

    assert [is_signed_in(client) for client in clients] == [False] * 4
    assert is_signed_in(others)
    assert Session.objects.filter(account_id=account.pk).count() == 0


def test_signing_out_everywhere_ends_a_session_that_was_saved_again(alder):
    account = make_account(alder)
    client = client_of(account, alder)
    row = Session.objects.get(account_id=account.pk)

    services.sign_out_everywhere(account, by=Actor.system())
    row.save(force_insert=True)

    assert not is_signed_in(client)


def test_setting_a_password_keeps_one_session(alder, birch):
    account = make_account(alder, birch)
    client_of(account, alder)
    kept = client_of(account, birch).cookies[settings.SESSION_COOKIE_NAME].value

    services.set_password(account, "another good one", by=Actor.system(), keep_session=kept)

    assert [row.session_key for row in Session.objects.all()] == [kept]


def test_signing_in_makes_a_new_key(alder):
    make_account(alder)
    client = Client(headers={"host": host_of(alder)})
    with schema_of(alder):
        planted = SessionStore()
        planted["planted"] = True
        planted.create()
    client.cookies[settings.SESSION_COOKIE_NAME] = planted.session_key

    client.post("/sign-in/", {"email": "priya@school.example", "password": "three words apart"})

    assert is_signed_in(client)
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != planted.session_key
    assert not Session.objects.filter(session_key=planted.session_key).exists()


def test_signing_in_as_another_keeps_nothing_of_the_first(alder):
    first, second = make_account(alder), make_account(alder, email="rob@school.example")
    client = client_of(first, alder)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.post("/sign-out/")

    sign_in(client, second, alder)

    assert not Session.objects.filter(session_key=key).exists()
    assert client.get("/account/").context["user"] == second


@pytest.mark.parametrize("home", PLACES)
def test_who_somebody_is_costs_one_query_for_the_session_and_one_for_the_account(home, place_of, alder, birch):
    account = make_account(alder, birch)
    client = client_of(account, place_of[home])
    client.get("/account/")

    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get("/switch/")

    tables = [sql["sql"] for sql in queries if "accounts_" in sql["sql"]]
    assert len([sql for sql in tables if 'FROM "accounts_session"' in sql]) == 1
    assert len([sql for sql in tables if 'FROM "accounts_user"' in sql]) == 1
    assert len(tables) == 2


def test_cookie_is_of_this_host_alone(alder, client_for):
    make_account(alder)
    client = client_for(alder)

    client.post("/sign-in/", {"email": "priya@school.example", "password": "three words apart"})

    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["domain"], cookie["path"], cookie["samesite"]) == ("", "/", "Lax")
    assert cookie["httponly"]


def with_cookie(key: str, place) -> Client:
    client = Client(headers={"host": host_of(place)})
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    return client


@pytest.mark.parametrize("key", ["", "unknown", "x" * 32, "x" * 5000, "\x00" * 32, "é" * 32, "' OR 1=1 --"])
def test_a_strange_key_is_an_unknown_one(alder, key):
    with schema_of(alder):
        assert SessionStore(key).get(SESSION_KEY) is None

    assert with_cookie(key.encode("unicode_escape").decode(), alder).get("/account/").status_code == 302


def test_a_cookie_of_escapes_is_an_unknown_one(alder):
    client = Client(headers={"host": host_of(alder), "cookie": rf'{settings.SESSION_COOKIE_NAME}="\000\000"'})

    assert client.get("/account/").status_code == 302
