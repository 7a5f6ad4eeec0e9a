"""A token is good on its own hosts and is, anywhere else, as unknown as one that never was."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shared_apps.accounts import services
from shared_apps.accounts.models import NetworkAccess, User
from shared_apps.api.models import ApiToken, hash_of
from shared_apps.api.signals import token_accepted
from shared_apps.audit.models import PlatformEvent
from shared_apps.audit.services import Actor
from tests.builders.accounts import client_of, client_with, host_of, make_account, token_client

pytestmark = pytest.mark.usefixtures("sample_urls")


RANDOM = "sbm_" + "r" * 43
PROBLEM = {
    "type": "about:blank",
    "title": "Unauthorized",
    "status": 401,
    "detail": "This token is not valid here.",
}


def whole(response) -> tuple:
    """Everything of an answer but the id it is found by in the log."""
    headers = {name: value for name, value in response.items() if name != "X-Request-Id"}
    return response.status_code, response.content, headers, response.cookies.output()


@pytest.fixture
def place_of(alder, birch):
    return {"alder": alder, "birch": birch, "collective": "collective", "platform": "platform"}


@pytest.mark.parametrize(
    ("of", "good_on"),
    [("alder", {"alder", "collective"}), ("birch", {"birch", "collective"}), ("platform", {"platform"})],
)
def test_a_token_is_good_on_its_own_hosts_alone(place_of, of, good_on):
    account = make_account(place_of["alder"], place_of["birch"], operator=True)

    answers = {
        name: token_client(account, place_of[of], on=place).get("/api/v1/who/") for name, place in place_of.items()
    }

    assert {name for name, answer in answers.items() if answer.status_code == 200} == good_on
    random = {name: whole(client_with(RANDOM, place).get("/api/v1/who/")) for name, place in place_of.items()}
    refused = {name: whole(answer) for name, answer in answers.items() if name not in good_on}
    assert refused == {name: random[name] for name in refused}
    assert all(answer[0] == 401 for answer in refused.values())


def test_a_refusal_is_a_problem(alder):
    response = client_with(RANDOM, alder).get("/api/v1/who/")

    assert (response.status_code, response["Content-Type"]) == (401, "application/problem+json")
    assert response["WWW-Authenticate"] == 'Bearer realm="api"'
    assert response.json() == PROBLEM


def test_on_the_collective_a_token_acts_for_its_network(alder, birch):
    account = make_account(alder, birch)

    answer = token_client(account, birch, on="collective").get("/api/v1/who/").json()

    assert answer == {
        "email": account.email,
        "network": "birch",
        "actor": [str(account.pk), "api", "127.0.0.1"],
    }


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer x", "Basic dTpw", "Token " + RANDOM, f"Bearer {RANDOM} {RANDOM}",
     "Bearer " + "é" * 30, "Bearer sbm_\x00" + "r" * 40, "Bearer " + "r" * 5000],
)  # fmt: skip
def test_a_strange_header_is_an_unknown_token(alder, header):
    response = Client(headers={"host": host_of(alder), "authorization": header}).get("/api/v1/who/")

    assert (response.status_code, response.json()) == (401, PROBLEM)


def test_no_token_is_told_to_send_one(alder):
    response = Client(headers={"host": host_of(alder)}).get("/api/v1/who/")

    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Bearer realm="api"'
    assert response.json()["detail"] == "Send a token: Authorization: Bearer …"


def test_a_session_is_no_token(alder):
    client = client_of(make_account(alder), alder)
    assert client.get("/sign-in/")["Location"] == "/"

    assert client.get("/api/v1/who/").status_code == 401
    assert client.post("/api/v1/accounts/", {}, content_type="application/json").status_code == 401


@pytest.mark.parametrize("end", ["revoked", "access", "suspended", "closed"])
def test_a_token_ends_with_what_it_stands_on(alder, end):
    account = make_account(alder)
    client = token_client(account, alder, on="collective")
    assert client.get("/api/v1/who/").status_code == 200

    if end == "revoked":
        assert services.revoke_token(account, token_id=ApiToken.objects.get().pk, by=Actor.system())
    elif end == "access":
        NetworkAccess.objects.update(state="ended")
    elif end == "suspended":
        alder.state = "suspended"
        alder.save(update_fields=["state"])
    else:
        User.objects.update(is_active=False)

    assert whole(client.get("/api/v1/who/")) == whole(client_with(RANDOM, "collective").get("/api/v1/who/"))


def test_an_operators_token_ends_with_the_office(alder):
    account = make_account(operator=True)
    client = token_client(account, "platform")
    assert client.get("/api/v1/who/").status_code == 200

    User.objects.update(is_operator=False)

    assert client.get("/api/v1/who/").status_code == 401


def test_revoking_access_revokes_the_tokens_there(alder, birch):
    account = make_account(alder, birch)
    in_alder, in_birch = token_client(account, alder), token_client(account, birch)

    services.revoke_access(account_id=account.pk, network=alder)
    services.grant_access(account_id=account.pk, network=alder, display_name="Priya")

    assert in_alder.get("/api/v1/who/").status_code == 401
    assert in_birch.get("/api/v1/who/").status_code == 200


def test_only_the_hash_is_stored(alder):
    made = services.create_network_token(make_account(alder), network_id=alder.id, name="Finance", by=Actor.system())

    row = ApiToken.objects.values().get()

    assert row["token_hash"] == hash_of(made.secret)
    assert row["prefix"] == made.secret[:10]
    assert made.secret not in str(row)
    assert len(made.secret) == 47


def test_making_and_revoking_is_audited(alder):
    account = make_account(alder)
    made = services.create_network_token(account, network_id=alder.id, name="Finance", by=Actor.system())
    services.revoke_token(account, token_id=made.token.pk, by=Actor.system())

    events = PlatformEvent.objects.filter(name__startswith="api.token").order_by("id").values_list("name", "target_id")

    assert list(events) == [("api.token.created", made.token.pk), ("api.token.revoked", made.token.pk)]


def test_nobody_makes_a_token_for_a_network_they_are_not_in(alder, birch):
    with pytest.raises(services.NoAccessError):
        services.create_network_token(make_account(alder), network_id=birch.id, name="x", by=Actor.system())


def test_nobody_but_an_operator_makes_an_operators_token(alder):
    with pytest.raises(services.NoAccessError):
        services.create_operator_token(make_account(alder), name="x", by=Actor.system())


@pytest.mark.parametrize("operator", [True, False])
def test_the_database_keeps_operators_and_networks_apart(alder, operator):
    account = make_account(alder)

    with pytest.raises(IntegrityError, match="token_operator_xor_network"), transaction.atomic():
        ApiToken.objects.create(
            token_hash="x",
            prefix="x",
            account=account,
            network=alder if operator else None,
            is_operator=operator,
            name="x",
        )


def test_use_is_noted_once_a_minute(alder):
    client = token_client(make_account(alder), alder)
    client.get("/api/v1/who/")
    first = ApiToken.objects.get().last_used_at
    client.get("/api/v1/who/")

    assert first is not None
    assert ApiToken.objects.get().last_used_at == first


def test_a_token_costs_one_query(alder):
    client = token_client(make_account(alder), alder)
    client.get("/api/v1/who/")

    with CaptureQueriesContext(connection) as queries:
        client.get("/api/v1/who/")

    of_ours = [query["sql"] for query in queries if '"accounts_' in query["sql"] or '"api_' in query["sql"]]
    assert len(of_ours) == 1


def test_apps_are_told_of_an_accepted_token_alone(alder):
    account, told = make_account(alder), []

    def note(sender, request, token, **_):
        told.append((request.user, token.network, request.actor.via))

    token_accepted.connect(note)
    try:
        client_with(RANDOM, alder).get("/api/v1/who/")
        token_client(account, alder).get("/api/v1/who/")
    finally:
        token_accepted.disconnect(note)

    assert told == [(account, alder, "api")]
