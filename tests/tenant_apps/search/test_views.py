"""The search page: ranked, narrowed, counted, and only what a member of this network may see."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from collective.publications.models import PublicationReply
from collective.publications.services import withdraw_reply
from tenant_apps.discussions import services as discussions
from tenant_apps.discussions.models import Discussion
from tenant_apps.files.services import attach
from tenant_apps.search.models import SearchEntry
from tenant_apps.search.tasks import keep
from tenants.context import in_collective, in_network
from tests.builders.accounts import host_of
from tests.builders.discussions import away_reply, make_discussion, share
from tests.builders.files import pdf
from tests.builders.members import client_of
from tests.builders.pages import text_of
from tests.builders.suppliers import make_supplier


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
    with CaptureQueriesContext(connection) as one:
        client.get("/search/?q=zeppelin")
    ask(alder, priya, "Zeppelin upkeep", "Zeppelin hangar")
    with CaptureQueriesContext(connection) as three:
        client.get("/search/?q=zeppelin")

    assert len(one) == len(three) <= 20


@pytest.fixture
def answered_elsewhere(alder, birch, priya, martin) -> tuple[Discussion, PublicationReply]:
    with in_network(alder):
        asked = share(make_discussion(priya, title="Zeppelin hire"), priya)
        reply = away_reply(asked, martin, birch, body="Ask the aerodrome at <b>Cardington</b>.")
        discussions.count_away_replies(asked)
        return asked, reply


def test_what_other_networks_replied_is_found_apart(client, answered_elsewhere) -> None:
    page = client.get("/search/?q=aerodrome")

    words = text_of(page)
    assert "No results in this network." in words
    assert re.search(
        r"In replies from other networks .*Zeppelin hire From another network: Ask the aerodrome at", words
    )
    assert f'href="/discussions/{answered_elsewhere[0].id}/"' in page.content.decode()


def test_what_is_found_anyway_says_what_other_networks_replied(client, answered_elsewhere) -> None:
    words = text_of(client.get("/search/?q=zeppelin+aerodrome"))

    assert "1 result in this network" in words
    assert "From another network: Ask the aerodrome" in words
    assert "In replies from other networks" not in words


@pytest.mark.parametrize("narrowed", ["kind=discussion", "year=1999", "answered=yes", "author={birch}", "kind=member"])
def test_filters_narrow_what_other_networks_replied(client, answered_elsewhere, martin, narrowed) -> None:
    page = client.get("/search/?q=aerodrome&" + narrowed.format(birch=martin.id))

    assert "<article" not in page.content.decode()


def test_what_other_networks_take_back_is_found_no_more(alder, client, answered_elsewhere) -> None:
    _, reply = answered_elsewhere
    with in_collective():
        withdraw_reply(reply, account_id=reply.account_id)
    assert "<article" not in client.get("/search/?q=aerodrome").content.decode()


def test_what_is_hidden_here_is_not_found_by_replies_from_elsewhere(alder, client, answered_elsewhere) -> None:
    asked, _ = answered_elsewhere
    with in_network(alder):
        Discussion.objects.filter(id=asked.id).update(hidden_at=asked.created_at)

    assert "<article" not in client.get("/search/?q=aerodrome").content.decode()


def test_who_answered_elsewhere_does_not_find_it_at_home(birch, martin, answered_elsewhere) -> None:
    assert "<article" not in client_of(martin, birch).get("/search/?q=aerodrome").content.decode()


def test_a_misspelt_word_is_spelled_under_the_same_filters(alder, client, priya) -> None:
    ask(alder, priya, "Zeppelin hire")

    page = client.get("/search/?q=zepelin&kind=question").content.decode()

    assert 'Did you mean <a href="?q=zeppelin&amp;kind=question">zeppelin</a>?' in page


def test_an_index_that_is_being_filled_says_so(alder, client, priya) -> None:
    ask(alder, priya, "Zeppelin hire")
    with in_network(alder):
        SearchEntry.objects.all().delete()

    assert "Search is still being prepared" in text_of(client.get("/search/?q=zeppelin"))
    with in_network(alder):
        keep.run_now()
    page = text_of(client.get("/search/?q=zeppelin"))
    assert ("being prepared" in page, "1 result " in page) == (False, True)


def test_a_file_is_found_by_its_name_only_where_the_thing_it_hangs_on_is_seen(alder, client, priya, tom) -> None:
    with in_network(alder):
        reply = discussions.post_reply(make_discussion(priya, title="Zeppelin hire"), body="Attached.", by=priya)
        attach("mooring-tariff.pdf", pdf(), kind="reply", object_id=reply.id, by=priya)
    assert "1 result " in text_of(client.get("/search/?q=tariff"))

    with in_network(alder):
        discussions.hide_reply(reply, reason="Off the subject", by=tom)

    assert "No results" in text_of(client.get("/search/?q=tariff"))


@pytest.mark.parametrize(
    "query", ["%", "'; DROP TABLE x; --", '"', '""', "-", "<img src=x onerror=alert(1)>", "\\", "a" * 600]
)
def test_no_query_breaks_the_page(client, query) -> None:
    page = client.get("/search/", {"q": query})

    assert page.status_code == 200
    assert "<img src=x" not in page.content.decode()
