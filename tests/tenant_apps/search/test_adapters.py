"""What is like a question being written: of this network, and shared by others as far as it may be seen."""

import pytest
from django.core.cache import caches
from django.test import Client

from tenant_apps.discussions import services as discussions
from tenant_apps.discussions.services import MOST_COMPARED_IN_A_MINUTE
from tenant_apps.sharing import services as sharing
from tenants.context import in_network
from tenants.selectors import collective_url, network_url
from tests.builders.discussions import make_discussion, share
from tests.builders.members import client_of, make_member, program_of
from tests.builders.pages import count_queries, text_of

SIMILAR, NEW = "/discussions/similar/", "/discussions/new/"


@pytest.fixture
def client(alder, priya) -> Client:
    caches["network"].clear()
    with in_network(alder):
        caches["network"].clear()
    return client_of(priya, alder)


@pytest.fixture
def shared(birch, martin) -> None:
    with in_network(birch):
        share(make_discussion(martin, title="Zeppelin hire for fetes"), martin)


def test_what_is_similar_comes_from_here_and_from_others(alder, client, priya, tom, shared) -> None:
    with in_network(alder):
        first = make_discussion(tom, title="Zeppelin hire prices")
        make_discussion(tom, title="Boiler service")
        share(first, tom)

    page = client.get(SIMILAR, {"q": "Hire a zeppelin"})

    words = text_of(page)
    assert words.startswith("2 discussions like this Zeppelin hire prices")
    assert "Zeppelin hire for fetes" in words
    assert ("Birch" in words, "Boiler" in words, "<html" in page.content.decode()) == (True, False, False)
    assert page["Cache-Control"] == "private, no-store"


def test_what_shares_only_a_common_word_is_not_similar(alder, client, priya) -> None:
    with in_network(alder):
        make_discussion(priya, title="Catering contract with staff lunches for inset")

    assert text_of(client.get(SIMILAR, {"q": "zeppelin aerodrome mooring contract basket wicker"})) != ""
    with in_network(alder):
        make_discussion(priya, title="Zeppelin aerodrome mooring basket wicker")
    words = text_of(client.get(SIMILAR, {"q": "zeppelin aerodrome mooring contract basket wicker"}))
    assert ("1 discussion like this" in words, "Catering" in words) == (True, False)


def test_a_short_title_asks_nothing(client, shared) -> None:
    assert text_of(client.get(SIMILAR, {"q": "Zeppel"})) == text_of(client.get(SIMILAR)) == ""


def test_what_is_hidden_or_blocked_is_not_similar(alder, birch, client, priya, tom, shared) -> None:
    with in_network(alder):
        discussions.hide_discussion(make_discussion(priya, title="Zeppelin hire prices"), reason="No", by=tom)
    owner = make_member(birch, name="Olive Owner", role="owner")
    assert "fetes" in text_of(client.get(SIMILAR, {"q": "Zeppelin hire"}))
    with in_network(birch):
        sharing.update_policy(approval_required=False, kept_categories=[], blocked_networks=[alder.id], by=owner)

    assert text_of(client.get(SIMILAR, {"q": "Zeppelin hire"})) == ""


def test_who_asks_faster_than_people_type_is_answered_nothing(client) -> None:
    answers = [client.get(SIMILAR, {"q": f"Zeppelin {n}"}).status_code for n in range(MOST_COMPARED_IN_A_MINUTE + 1)]

    assert (set(answers[:-1]), answers[-1]) == ({200}, 429)


API = f"/api/v1{SIMILAR}"


def test_a_program_is_answered_as_the_page_is(alder, priya, tom, shared) -> None:
    with in_network(alder):
        here = make_discussion(tom, title="Zeppelin hire prices")
        make_discussion(tom, title="Boiler service")

    program = program_of(priya, alder)
    answer = program.get(API, {"q": " Hire a zeppelin\t"}).json()

    mine, theirs = answer["results"]
    publication = theirs["publication"]
    assert mine == {
        "discussion": str(here.id),
        "publication": None,
        "title": "Zeppelin hire prices",
        "is_answered": False,
        "replies": 0,
        "origin": None,
        "url": network_url(alder, f"/discussions/{here.id}/"),
    }
    assert (theirs["discussion"], theirs["title"], theirs["origin"]) == (
        None,
        "Zeppelin hire for fetes",
        "Birch Bursars",
    )
    assert theirs["url"] == collective_url(f"/publications/{publication}/")
    assert (answer["next"], answer["previous"]) == (None, None)
    assert [program.get(API, {"q": words}).json()["results"] for words in ("Zeppel", "", "Qwertyuiop")] == [[]] * 3


def test_a_program_sees_no_more_than_a_page(alder, birch, priya, tom, martin, shared, client_for) -> None:
    with in_network(alder):
        discussions.hide_discussion(make_discussion(priya, title="Zeppelin hire prices"), reason="No", by=tom)
        make_discussion(priya, title="Zeppelin hire insurance")
    owner = make_member(birch, name="Olive Owner", role="owner")
    theirs = program_of(martin, birch)

    assert [each["title"] for each in theirs.get(API, {"q": "Zeppelin hire"}).json()["results"]] == [
        "Zeppelin hire for fetes"
    ]
    with in_network(birch):
        sharing.update_policy(approval_required=False, kept_categories=[], blocked_networks=[alder.id], by=owner)
    found = program_of(priya, alder).get(API, {"q": "Zeppelin hire"}).json()["results"]
    assert [each["title"] for each in found] == ["Zeppelin hire insurance"]
    assert client_for(alder).get(API, {"q": "Zeppelin hire"}).status_code == 401
    assert program_of(martin, birch, on=alder).get(API, {"q": "Zeppelin hire"}).status_code == 401


def test_a_program_costs_the_same_for_one_and_three_and_is_told_to_wait(alder, priya, tom) -> None:
    program, costs = program_of(priya, alder), []
    for title in ("Zeppelin hire prices", "Zeppelin hire insurance", "Zeppelin hire weather"):
        with in_network(alder):
            make_discussion(tom, title=title)
        costs.append(count_queries(program, f"{API}?q=Zeppelin+hire"))

    answers = [program.get(API, {"q": "Zeppelin"}) for _ in range(MOST_COMPARED_IN_A_MINUTE - 5)]

    assert len(set(costs)) == 1
    assert [each.status_code for each in answers] == [200] * (MOST_COMPARED_IN_A_MINUTE - 6) + [429]
    assert answers[-1]["Retry-After"] == "60"


def test_without_script_a_button_asks_and_keeps_what_was_written(client, shared) -> None:
    page = client.post(NEW, {"use": "similar", "title": "Zeppelin hire", "body": "How much?", "kind": "question"})

    html = page.content.decode()
    assert page.status_code == 200
    assert ("Zeppelin hire for fetes" in html, 'value="Zeppelin hire"' in html, "How much?" in html) == (True,) * 3


def test_a_post_that_failed_shows_it_too(client, shared) -> None:
    page = client.post(NEW, {"title": "Zeppelin hire", "body": "", "kind": "question"})

    assert (page.status_code, "Zeppelin hire for fetes" in page.content.decode()) == (422, True)


def test_typing_on_changes_nothing_while_the_same_is_similar(alder, client, priya) -> None:
    with in_network(alder):
        make_discussion(priya, title="Zeppelin hire prices")
    first = client.get(SIMILAR, {"q": "Zeppelin hire"})

    same = client.get(SIMILAR, {"q": "Zeppelin hire prices"}, headers={"if-none-match": first["ETag"]})
    other = client.get(SIMILAR, {"q": "Boiler service"}, headers={"if-none-match": first["ETag"]})

    assert (same.status_code, same.content, other.status_code) == (304, b"", 200)
