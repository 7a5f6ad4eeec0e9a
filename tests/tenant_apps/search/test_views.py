"""The search page: ranked, narrowed, counted, and only what a member of this network may see."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tenant_apps.discussions import services as discussions
from tenant_apps.discussions.models import Discussion
from tenants.context import in_network
from tests.builders.discussions import make_discussion
from tests.builders.members import client_of
from tests.builders.pages import text_of
from tests.builders.suppliers import make_supplier
from tests.conftest import host_of


@pytest.fixture
def client(alder, priya) -> Client:
    return client_of(priya, alder)


def ask(network, by, *titles: str, **values) -> list[Discussion]:
    with in_network(network):
        return [make_discussion(by, title=title, **values) for title in titles]


def test_strangers_sign_in_first(alder) -> None:
    answer = Client(headers={"host": host_of(alder)}).get("/search/?q=zeppelin")

    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=/search/%3Fq%3Dzeppelin")


def test_the_bar_asks_this_page(client) -> None:
    assert 'class="bar-search" role="search" action="/search/"' in client.get("/").content.decode()


def test_a_sentence_finds_its_answer_with_its_words_marked(alder, client, priya, tom) -> None:
    (first,) = ask(alder, priya, "Zeppelin hire", body="Where do we hire one?")
    ask(alder, priya, "Boiler service")
    with in_network(alder):
        discussions.post_reply(first, body="Ask the aerodrome at Cardington.", by=tom)

    page = client.get("/search/", {"q": "who knows an aerodrome for zeppelins"})

    html = page.content.decode()
    assert "<mark>Zeppelin</mark> hire" in html
    assert "From the replies:" in html
    assert "<mark>aerodrome</mark>" in html
    assert "Boiler" not in html
    assert "1 result in this network" in text_of(page)
    assert "next=%2F%3Fq%3Dwho%2Bknows" in html  # the same words in the Collective


def test_results_are_narrowed_and_counted(alder, client, priya, tom) -> None:
    ask(alder, priya, "Zeppelin hire")
    ask(alder, tom, "Zeppelin upkeep", kind="discussion")
    with in_network(alder):
        make_supplier(tom, name="Zeppelin Works")

    everything = text_of(client.get("/search/?q=zeppelin"))
    narrowed = client.get(f"/search/?q=zeppelin&author={tom.id}")

    assert "3 results" in everything
    assert re.search(r"Questions\s+1\s+Discussions\s+1\s+Suppliers\s+1", everything)
    assert "Remove Tom Whitlock" in text_of(narrowed)
    assert ("Zeppelin</mark> upkeep" in narrowed.content.decode(), "hire" in narrowed.content.decode()) == (True, False)
    assert "Zeppelin</mark> Works" in client.get("/search/?q=zeppelin&kind=supplier").content.decode()
    assert "1 result " in text_of(client.get("/search/?q=zeppelin&answered=no"))
    assert "Search without filters" in text_of(client.get("/search/?q=zeppelin&year=1999"))


def test_without_words_the_newest(alder, client, priya) -> None:
    ask(alder, priya, "Zeppelin hire")

    assert "2 results in this network, newest first." in text_of(client.get("/search/"))


def test_what_cannot_be_read_narrows_nothing(alder, client, priya) -> None:
    ask(alder, priya, "Zeppelin hire")

    page = client.get("/search/?q=zeppelin%00&kind=boat&author=x&category=y&year=20a1&answered=perhaps&page=x")

    assert "1 result " in text_of(page)


def test_a_page_that_is_not_there_is_the_first(alder, client, priya) -> None:
    ask(alder, priya, *(f"Zeppelin {number}" for number in range(25)))

    assert "1 to 20 of 25" in text_of(client.get("/search/?q=zeppelin"))
    assert "21 to 25 of 25" in text_of(client.get("/search/?q=zeppelin&page=2"))
    assert "1 to 20 of 25" in text_of(client.get("/search/?q=zeppelin&page=40"))


def test_a_network_finds_nothing_of_another(alder, birch, client, priya, martin) -> None:
    ask(birch, martin, "Zeppelin hire")
    ask(alder, priya, "Boiler service")

    assert "No results in this network" in text_of(client.get("/search/?q=zeppelin"))
    assert "1 result " in text_of(client_of(martin, birch).get("/search/?q=zeppelin"))


def test_who_has_left_is_not_offered_as_an_author(alder, client, priya, tom) -> None:
    ask(alder, tom, "Zeppelin hire")
    tom.state, tom.left_at = "left", tom.joined_at
    with in_network(alder):
        tom.save()

    assert "Tom Whitlock" not in client.get("/search/?q=zeppelin").content.decode()


def test_what_was_hidden_behind_the_index_is_not_shown(alder, client, priya) -> None:
    (first,) = ask(alder, priya, "Zeppelin hire")
    with in_network(alder):
        Discussion.objects.filter(id=first.id).update(hidden_at=first.created_at)

    assert "Zeppelin" not in client.get("/search/?q=zeppelin").content.decode().split("<main")[1].split("results")[1]


def test_the_queries_are_the_same_for_one_and_three(alder, client, priya) -> None:
    ask(alder, priya, "Zeppelin hire")
    client.get("/search/?q=zeppelin")
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get("/search/?q=zeppelin")
    ask(alder, priya, "Zeppelin upkeep", "Zeppelin hangar")
    with CaptureQueriesContext(connection) as three:
        client.get("/search/?q=zeppelin")

    assert len(one) == len(three) <= 12
