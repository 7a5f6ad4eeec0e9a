"""Search for programs."""

import pytest
from django.test import Client

from tenant_apps.discussions import services as discussions
from tenants.context import in_network
from tests.builders.accounts import host_of
from tests.builders.discussions import make_discussion
from tests.builders.members import program_of


@pytest.fixture
def api(alder, priya) -> Client:
    return program_of(priya, alder)


def test_search_finds_with_a_sentence(alder, api, priya, tom) -> None:
    with in_network(alder):
        discussion = make_discussion(priya, title="Zeppelin hire", body="Where?")
        discussions.post_reply(discussion, body="Ask the <b>aerodrome</b>.", by=tom)

    (row,) = api.get("/api/v1/search/", {"q": "which aerodrome is it"}).json()["results"]

    assert row.pop("score") > 0
    assert row.pop("created_at")
    assert row == {
        "id": str(discussion.id),
        "kind": "question",
        "title": "Zeppelin hire",
        "snippet": "Ask the <b>aerodrome</b>.",
        "url": f"http://{host_of(alder)}/discussions/{discussion.id}/",
        "is_answered": False,
    }


def test_search_is_narrowed_and_paged(alder, api, priya) -> None:
    with in_network(alder):
        for number in range(3):
            make_discussion(priya, title=f"Zeppelin {number}")
        make_discussion(priya, title="Zeppelin talk", kind="discussion")

    first = api.get("/api/v1/search/?q=zeppelin&kind=question&page_size=2").json()
    second = api.get(first["next"]).json()

    assert ([len(page["results"]) for page in (first, second)], second["next"]) == ([2, 1], None)


def test_a_token_of_another_network_finds_nothing(alder, birch, priya, martin) -> None:
    with in_network(alder):
        make_discussion(priya, title="Zeppelin hire")

    answer = program_of(martin, birch).get("/api/v1/search/?q=zeppelin")

    assert (answer.status_code, answer.json()["results"]) == (200, [])
