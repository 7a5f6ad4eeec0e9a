"""The front page: what is new, where one could help, and what others ask."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collective.publications import services as publishing
from collective.publications.enums import Identity
from tenant_apps.discussions import services
from tenant_apps.discussions.models import Discussion
from tenant_apps.home.views import _greeting
from tenant_apps.members.models import Member
from tenants.context import in_collective, in_network
from tenants.models import Network
from tests.builders.accounts import host_of
from tests.builders.discussions import away_reply, make_discussion, share
from tests.builders.members import client_of, make_member
from tests.builders.pages import text_of


@pytest.fixture
def priya(alder: Network) -> Member:
    return make_member(alder, name="Priya Raman", school="Moor End Primary School")


@pytest.fixture
def tom(alder: Network) -> Member:
    return make_member(alder, name="Tom Whitlock", school="Hillside School")


@pytest.fixture
def martin(birch: Network) -> Member:
    return make_member(birch, name="Martin Bayliss")


@pytest.fixture
def client(alder: Network, priya) -> Client:
    return client_of(priya, alder)


def test_strangers_sign_in_first(alder: Network) -> None:
    answer = Client(headers={"host": host_of(alder)}).get("/")

    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=/")


def test_an_empty_network_says_what_to_do(client) -> None:
    page = text_of(client.get("/"))

    assert "No discussions yet" in page
    assert "Nobody here waits for an answer." in page
    assert "No question waits elsewhere" in page


def test_the_front_page(alder: Network, birch, client, priya, tom, martin) -> None:
    with in_network(alder):
        mine, theirs = make_discussion(priya, title="Mine"), make_discussion(tom, title="Canary waiting")
        Discussion.objects.filter(id=theirs.id).update(created_at=timezone.now() - timedelta(days=4))
        services.post_reply(mine, body="x", by=tom)
    with in_network(birch):
        share(make_discussion(martin, title="Elsewhere"), martin)

    page = client.get("/")

    words = text_of(page)
    assert re.search(r"Good (morning|afternoon|evening), Priya", words)
    assert "2 discussions have something new. 2 questions wait for an answer." in words
    assert "Canary waiting Waiting 4 days, no reply yet" in words
    assert f"Elsewhere {birch.name}" in words or "Elsewhere Birch" in words
    assert "Tom Whitlock Hillside School" in words
    assert "/switch/start/?from=alder.localhost&amp;next=%2Fpublications%2F" in page.content.decode()


@pytest.mark.parametrize("why", ["blocked", "suspended", "anonymous"])
def test_what_others_ask_shows_no_more_than_it_may(alder: Network, birch, client, martin, why) -> None:
    identity = Identity.ANONYMOUS if why == "anonymous" else Identity.NAMED
    with in_network(birch):
        share(make_discussion(martin, title="Canary elsewhere"), martin, identity=identity)
    with in_collective():
        publishing.save_origin(birch, blocks=[alder.id] if why == "blocked" else [], is_visible=why != "suspended")

    page = client.get("/").content.decode()

    assert ("Canary elsewhere" in page, birch.name in page, "Birch" in page) == (why == "anonymous", False, False)


def test_nothing_of_birch_shows_in_alder(alder: Network, birch, client, martin) -> None:
    with in_network(birch):
        make_discussion(martin, title="Canary birch")

    page = client.get("/").content.decode()

    assert ("Canary birch" in page, "Martin" in page) == (False, False)


def test_the_front_page_costs_the_same_for_one_and_three(alder: Network, birch, client, tom, martin) -> None:
    costs = []
    for number in range(3):
        with in_network(alder):
            away_reply(share(make_discussion(tom, title=f"Here {number}"), tom), martin, birch)
        with in_network(birch):
            share(make_discussion(martin, title=f"There {number}"), martin)
        make_member(alder, name=f"New {number}")
        client.get("/")
        with CaptureQueriesContext(connection) as captured:
            assert f"There {number}" in text_of(client.get("/"))
        costs.append(len(captured))

    assert len(set(costs)) == 1


@pytest.mark.parametrize(
    ("hour", "words"),
    [
        (0, "Good morning, Priya"),
        (11, "Good morning, Priya"),
        (12, "Good afternoon, Priya"),
        (18, "Good evening, Priya"),
    ],
)
def test_greeting(hour, words) -> None:
    assert _greeting(hour, "Priya Raman") == words
