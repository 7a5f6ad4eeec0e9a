"""Going from host to host: who arrives, with what, and everything that is refused."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from shared_apps.accounts import services
from shared_apps.accounts.enums import Strength
from shared_apps.accounts.models import HandOff, NetworkAccess, Session
from shared_apps.accounts.selectors import site_of_host
from shared_apps.accounts.services import HandOffError, hash_of, issue_hand_off, redeem_hand_off
from shared_apps.accounts.views.switch import STATE_COOKIE
from shared_apps.audit.services import Actor
from tenants.selectors import crossing_url
from tests.builders.accounts import PASSWORD, client_of, host_of, make_account
from tests.builders.at_once import at_once

SENTENCE = "That way in has run out. Sign in here instead."


def client_at(place) -> Client:
    return Client(headers={"host": host_of(place)})


def follow(client: Client, url: str):
    """Let the browser of this host follow a redirect that comes to it."""
    parts = urlsplit(url)
    return client.get(f"{parts.path}?{parts.query}")


def travel(origin: Client, destination: Client, *, origin_host: str, path: str = "/account/"):
    """Go the whole way, and return the answer of the destination."""
    started = destination.get("/switch/start/", {"from": origin_host, "next": path})
    left = follow(origin, started["Location"])
    return follow(destination, left["Location"])


def is_signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def query_of(url: str) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}


# The way -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("to", ["birch", "collective", "platform"])
def test_a_person_arrives_signed_in(alder, birch, to):
    account = make_account(alder, birch)
    origin, destination = client_of(account, alder), client_at({"birch": birch}.get(to, to))

    arrived = travel(origin, destination, origin_host=host_of(alder))

    assert (arrived.status_code, arrived["Location"]) == (302, "/account/")
    assert destination.get("/account/").context["user"] == account
    assert is_signed_in(origin)


def test_each_step_goes_to_the_right_host(alder, birch):
    account = make_account(alder, birch)
    origin, destination = client_of(account, alder), client_at(birch)

    started = destination.get("/switch/start/", {"from": host_of(alder), "next": "/a/?b=1"})
    state = destination.cookies[STATE_COOKIE]
    left = follow(origin, started["Location"])

    asked, answered = urlsplit(started["Location"]), urlsplit(left["Location"])
    assert (asked.hostname, asked.path) == (host_of(alder), "/switch/leave/")
    assert query_of(started["Location"]) == {"to": host_of(birch), "state": hash_of(state.value), "next": "/a/?b=1"}
    assert (answered.hostname, answered.path) == (host_of(birch), "/switch/arrive/")
    assert set(query_of(left["Location"])) == {"code", "next"}
    assert (state["httponly"], state["samesite"], state["domain"]) == (True, "Lax", "")


def test_what_is_stored_is_worth_nothing_to_a_reader(alder, birch):
    account = make_account(alder, birch)
    destination = client_at(birch)
    started = destination.get("/switch/start/", {"from": host_of(alder)})
    left = follow(client_of(account, alder), started["Location"])

    row = HandOff.objects.get()

    code, state = query_of(left["Location"])["code"], destination.cookies[STATE_COOKIE].value
    assert (row.code_hash, row.state_hash) == (hash_of(code), hash_of(state))
    assert (row.account, row.from_host, row.to_host) == (account, host_of(alder), host_of(birch))
    assert (row.expires_at - row.created_at).total_seconds() == pytest.approx(60, abs=1)


def test_strength_travels(alder, birch):
    account = make_account(alder, birch)
    origin = client_at(alder)
    origin.post("/sign-in/", {"email": account.email, "password": PASSWORD})
    middle, last = client_at(birch), client_at("collective")

    travel(origin, middle, origin_host=host_of(alder))
    travel(middle, last, origin_host=host_of(birch))

    assert set(HandOff.objects.values_list("strength", flat=True)) == {Strength.PASSWORD}
    assert HandOff.objects.count() == 2


def test_signed_in_already_goes_straight_on(alder, birch):
    client = client_of(make_account(alder, birch), birch)

    response = client.get("/switch/start/", {"from": host_of(alder), "next": "/switch/"})

    assert response["Location"] == "/switch/"
    assert STATE_COOKIE not in response.cookies


def test_signed_out_at_the_origin_finds_the_destinations_sign_in(alder, birch):
    make_account(alder, birch)
    started = client_at(birch).get("/switch/start/", {"from": host_of(alder), "next": "/switch/"})

    left = follow(client_at(alder), started["Location"])

    assert left["Location"] == f"http://{host_of(birch)}:8000/sign-in/?next=%2Fswitch%2F"
    assert HandOff.objects.count() == 0


# What is refused -----------------------------------------------------------------------------------------------------


def test_a_stranger_to_the_destination_gets_no_code(alder, birch):
    account = make_account(alder)
    started = client_at(birch).get("/switch/start/", {"from": host_of(alder)})

    left = follow(client_of(account, alder), started["Location"])

    assert urlsplit(left["Location"]).path == "/sign-in/"
    assert HandOff.objects.count() == 0


@pytest.fixture
def on_the_way(alder, birch):
    """A destination's browser, and the address that would sign it in."""
    account = make_account(alder, birch)
    destination = client_at(birch)
    started = destination.get("/switch/start/", {"from": host_of(alder)})
    left = follow(client_of(account, alder), started["Location"])
    return account, destination, left["Location"]


def assert_refused(response, client) -> None:
    assert response["Location"].startswith("/sign-in/")
    assert not is_signed_in(client)
    assert SENTENCE in client.get("/sign-in/").content.decode()


def test_a_code_works_once(on_the_way):
    _, destination, address = on_the_way
    state = destination.cookies[STATE_COOKIE].value
    follow(destination, address)
    assert is_signed_in(destination)

    destination.post("/sign-out/")
    destination.cookies[STATE_COOKIE] = state

    assert_refused(follow(destination, address), destination)


def test_a_code_in_another_browser_is_refused(on_the_way, birch):
    _, destination, address = on_the_way
    victim = client_at(birch)

    assert_refused(follow(victim, address), victim)
    assert is_signed_in_after(destination, address)


def test_a_code_with_the_state_of_another_try_is_refused(on_the_way, alder, birch):
    _, _, address = on_the_way
    other = client_at(birch)
    other.get("/switch/start/", {"from": host_of(alder)})

    assert_refused(follow(other, address), other)


def is_signed_in_after(client, address) -> bool:
    follow(client, address)
    return is_signed_in(client)


def test_a_code_on_another_host_is_answered_like_a_random_one(on_the_way, alder):
    _, destination, address = on_the_way
    elsewhere, random = client_at(alder), client_at(alder)
    for client in (elsewhere, random):
        client.cookies[STATE_COOKIE] = destination.cookies[STATE_COOKIE].value

    answers = [follow(elsewhere, address), random.get("/switch/arrive/?code=random&next=/")]

    assert_refused(answers[0], elsewhere)
    assert_refused(answers[1], random)
    assert answers[0]["Location"] == answers[1]["Location"]
    assert is_signed_in_after(destination, address)


def test_a_code_is_too_old_after_a_minute(on_the_way):
    _, destination, address = on_the_way
    HandOff.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert_refused(follow(destination, address), destination)


def test_access_is_looked_at_again_on_arrival(on_the_way, birch):
    account, destination, address = on_the_way
    NetworkAccess.objects.filter(account=account, network=birch).update(state="ended")

    assert_refused(follow(destination, address), destination)
    assert Session.objects.filter(account_id=account.pk, network_id=birch.id).count() == 0


def test_signing_out_everywhere_stops_a_code_on_its_way(on_the_way):
    account, destination, address = on_the_way

    services.sign_out_everywhere(account, by=Actor.system())

    assert_refused(follow(destination, address), destination)


@pytest.mark.parametrize("query", ["", "?code=", "?code=%00", "?code=" + "x" * 5000, "?code=é"])
def test_nonsense_is_refused(birch, query):
    client = client_at(birch)

    assert_refused(client.get(f"/switch/arrive/{query}"), client)


@pytest.mark.parametrize("path", ["/switch/start/", "/switch/leave/", "/switch/arrive/"])
def test_only_get_moves_between_hosts(alder, path):
    assert client_of(make_account(alder), alder).post(path).status_code == 405


# No open redirects ---------------------------------------------------------------------------------------------------

ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "http://birch.localhost:8000/",
    "javascript:alert(1)",
    "/\r\nSet-Cookie: a=b",
    "/\x00",
]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_next_is_local_at_every_step(alder, birch, target):
    account = make_account(alder, birch)
    origin, destination = client_of(account, alder), client_at(birch)

    started = destination.get("/switch/start/", {"from": host_of(alder), "next": target})
    left = follow(origin, started["Location"])
    arrived = follow(destination, left["Location"])

    assert query_of(started["Location"])["next"] == query_of(left["Location"])["next"] == arrived["Location"] == "/"


@pytest.mark.parametrize("target", ELSEWHERE)
def test_next_is_local_when_it_is_changed_on_the_way(on_the_way, target):
    _, destination, address = on_the_way

    arrived = destination.get("/switch/arrive/", {"code": query_of(address)["code"], "next": target})

    assert arrived["Location"] == "/"


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "evil.example",
        "alder.localhost.evil.example",
        "alder.localhost:80@evil.example",
        "x" * 300,
        "a\x00b",
        "unknown.localhost",
    ],
)
def test_start_asks_only_our_own_hosts(alder, birch, origin):
    response = client_at(birch).get("/switch/start/", {"from": origin, "next": "/switch/"})

    assert response["Location"] == "/sign-in/?next=%2Fswitch%2F"
    assert STATE_COOKIE not in response.cookies


@pytest.mark.parametrize("to", ["", "evil.example", "alder.localhost", "birch.localhost@evil.example", "a\x00b"])
def test_leave_goes_only_to_our_other_hosts(alder, birch, to):
    client = client_of(make_account(alder, birch), alder)

    response = client.get("/switch/leave/", {"to": to, "state": "0" * 64})

    assert response["Location"] == "/switch/"
    assert HandOff.objects.count() == 0


@pytest.mark.parametrize("state", ["", "0" * 63, "g" * 64, "0" * 65])
def test_leave_needs_a_state(alder, birch, state):
    client = client_of(make_account(alder, birch), alder)

    response = client.get("/switch/leave/", {"to": host_of(birch), "state": state})

    assert response["Location"] == "/switch/"
    assert HandOff.objects.count() == 0


def test_a_suspended_network_is_no_destination(alder, birch):
    client = client_of(make_account(alder, birch), alder)
    birch.state = "suspended"
    birch.save(update_fields=["state"])

    response = client.get("/switch/leave/", {"to": host_of(birch), "state": "0" * 64})

    assert response["Location"] == "/switch/"


# The services by themselves ------------------------------------------------------------------------------------------


def test_issue_refuses_who_may_not_enter(alder, birch):
    account = make_account(alder)

    with pytest.raises(services.NoAccessError):
        issue(account, alder, birch)


def test_redeem_uses_the_code_up_even_when_access_is_gone(alder, birch):
    account = make_account(alder, birch)
    code = issue(account, alder, birch)
    services.revoke_access(account_id=account.pk, network=birch)

    with pytest.raises(HandOffError):
        redeem(code, birch)

    assert HandOff.objects.get().used_at is not None


def test_redeem_says_who_came_and_how(alder, birch):
    account = make_account(alder, birch)

    arrival = redeem(issue(account, alder, birch), birch)

    assert (arrival.account, arrival.strength) == (account, Strength.CODE)


@pytest.mark.django_db(transaction=True)
def test_a_code_redeemed_twice_at_once_works_once(alder, birch):
    account = make_account(alder, birch)
    code = issue(account, alder, birch)

    ended = at_once(*[lambda: redeem(code, birch).account] * 2)

    assert account in ended
    assert any(isinstance(each, HandOffError) for each in ended)


def issue(account, from_place, to_place) -> str:
    return issue_hand_off(
        account,
        from_site=site_of_host(host_of(from_place)),
        to_site=site_of_host(host_of(to_place)),
        state_hash=hash_of("state"),
        strength=Strength.CODE,
        now=timezone.now(),
    )


def redeem(code, place):
    return redeem_hand_off(code, state="state", to_site=site_of_host(host_of(place)), now=timezone.now())


# The page ------------------------------------------------------------------------------------------------------------


def test_switch_lists_the_places_of_this_person(alder, birch):
    account = make_account(alder)

    page = client_of(account, alder).get("/switch/")

    places = [(place.label, place.current, place.url) for place in page.context["places"]]
    assert places == [
        ("Alder SBM Network", True, "/"),
        ("The Collective", False, crossing_url("collective.localhost", from_host="alder.localhost")),
    ]
    assert "Birch" not in page.content.decode()


def test_switch_shows_operators_the_console(alder):
    account = make_account(operator=True)

    page = client_of(account, "platform").get("/switch/")

    assert [(place.label, place.url) for place in page.context["places"]] == [("Operator console", "/operator/")]


def test_switch_needs_a_sign_in(alder):
    assert client_at(alder).get("/switch/")["Location"] == "/sign-in/?next=/switch/"


def test_the_network_one_acts_for_is_the_first_until_another_is_chosen(alder, birch):
    client = client_of(make_account(alder, birch), "collective")
    assert client.get("/switch/").context["acting"].id == alder.id

    client.post("/switch/acting/", {"network": str(birch.id)})

    assert client.get("/switch/").context["acting"].id == birch.id


def test_nobody_acts_for_a_network_they_are_not_in(alder, birch):
    client = client_of(make_account(alder), "collective")

    client.post("/switch/acting/", {"network": str(birch.id)})

    assert client.get("/switch/").context["acting"].id == alder.id


def test_acting_ends_with_the_access(alder, birch):
    account = make_account(alder, birch)
    client = client_of(account, "collective")
    client.post("/switch/acting/", {"network": str(birch.id)})

    services.revoke_access(account_id=account.pk, network=birch)

    assert client.get("/switch/").context["acting"].id == alder.id
