"""Drafts by a program: the member's own, as the pages keep them, and never over a newer one."""

import pytest
from django.test import Client

from tenant_apps.discussions import services
from tenant_apps.discussions.models import Draft
from tenant_apps.discussions.services import Written
from tenants.context import in_network
from tenants.ids import new_id
from tenants.selectors import network_url
from tests.builders.discussions import make_discussion
from tests.builders.members import make_member, program_of
from tests.builders.pages import count_queries

DRAFTS = "/api/v1/drafts/"
NEW = {
    "title": " Summer lettings",
    "body": "Who lets\nthe hall? ",
    "kind": "discussion",
    "category": "Energy",
    "tags": ["hall", "lettings"],
    "is_anonymous": True,
    "poll": {
        "question": "Which week?",
        "options": ["First", "Second"],
        "is_multiple": True,
        "is_secret": False,
        "closes_on": "2030-07-31",
    },
}


@pytest.fixture
def program(alder, tom) -> Client:
    return program_of(tom, alder)


def save(client: Client, *, key: str = "", **values):
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(DRAFTS, values, content_type="application/json", headers=headers)


def test_what_a_program_saves_is_in_the_form_of_the_page(alder, program, browser) -> None:
    answer = save(program, **NEW)

    saved = answer.json()
    form = browser.get("/discussions/new/").context["form"]
    assert answer.status_code == 201
    assert saved == NEW | {
        "id": saved["id"],
        "discussion": None,
        "saved_at": saved["saved_at"],
        "url": network_url(alder, "/discussions/new/"),
    }
    assert program.get(f"{DRAFTS}{saved['id']}/").json() == saved
    assert (form["title"].value(), form["tags"].value()) == (NEW["title"], "hall, lettings")
    assert form.poll["options"].value() == "First\nSecond"
    assert (form.poll["is_multiple"].value(), form.poll["is_secret"].value()) == ("on", None)


def test_what_the_page_saved_is_read_by_a_program(program, browser, asked, form) -> None:
    browser.post("/drafts/", form)
    browser.post("/drafts/", {"discussion": asked.id, "body": "Half a th"})

    reply, new = program.get(DRAFTS).json()["results"]

    assert (reply["discussion"], reply["body"], reply["category"], reply["poll"]) == (
        str(asked.id),
        "Half a th",
        None,
        None,
    )
    assert reply["url"].endswith(f"/discussions/{asked.id}/#reply")
    assert (new["title"], new["category"], new["tags"]) == (form["title"], asked.category.name, ["hall", "lettings"])
    assert new["poll"] == NEW["poll"]


def test_a_newer_draft_is_not_written_over(alder, program, browser, asked) -> None:
    about = {"discussion": str(asked.id)}
    first = save(program, body="First", **about).json()
    browser.post("/drafts/", about | {"body": "From a window", "saved_at": first["saved_at"]})

    unknowing, old = (save(program, body="Mine", saved_at=at, **about) for at in (None, first["saved_at"]))
    window = program.get(f"{DRAFTS}{first['id']}/").json()
    same = save(program, body="From a window", **about)
    knowing = save(program, body="Mine", saved_at=same.json()["saved_at"], **about)

    assert (unknowing.status_code, old.status_code, window["body"]) == (409, 409, "From a window")
    assert "another window" in old.json()["detail"]
    assert (same.status_code, knowing.status_code, knowing.json()["body"]) == (200, 200, "Mine")
    assert knowing.json()["id"] == first["id"]
    with in_network(alder):
        assert Draft.objects.get().body == "Mine"


def test_a_draft_is_thrown_away_and_saved_once_for_a_key(alder, program) -> None:
    first, again = (save(program, key="once", body="Half") for _ in range(2))
    path = f"{DRAFTS}{first.json()['id']}/"

    gone, twice = program.delete(path), program.delete(path)

    assert (again.status_code, again.json(), again["Idempotency-Replayed"]) == (201, first.json(), "true")
    assert (gone.status_code, twice.status_code, program.get(path).status_code) == (204, 404, 404)
    with in_network(alder):
        assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("values", "pointer"),
    [
        ({}, "#"),
        ({"body": " \n", "kind": "question", "category": "Energy"}, "#"),
        ({"title": "x" * 201}, "#/title"),
        ({"body": "x" * 20_001}, "#/body"),
        ({"body": "x", "kind": "rant"}, "#/kind"),
        ({"body": "x", "category": "Nothing"}, "#/category"),
        ({"body": "x", "tags": ["a, b"]}, "#/tags"),
        ({"body": "x", "tags": "hall"}, "#/tags"),
        ({"body": "x", "poll": {"options": ["x" * 201]}}, "#/poll/options/0"),
        ({"body": "x", "saved_at": "yesterday"}, "#/saved_at"),
        ({"body": "x", "discussion": "0198c0de-0000-7000-8000-000000000000"}, "#/discussion"),
        ({"body": "x", "discussion": "nonsense"}, "#/discussion"),
    ],
)
def test_what_is_no_draft_is_refused(alder, program, values, pointer) -> None:
    answer = save(program, **values)

    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    with in_network(alder):
        assert not Draft.objects.exists()


def test_a_reply_has_a_body_only(program, asked) -> None:
    answer = save(program, **NEW | {"discussion": str(asked.id)})

    assert answer.status_code == 400
    assert {error["pointer"] for error in answer.json()["errors"]} == {f"#/{name}" for name in NEW if name != "body"}


def test_a_draft_is_its_writers_alone(alder, birch, program, priya, asked) -> None:
    saved = save(program, body="canary-draft", discussion=str(asked.id)).json()
    path = f"{DRAFTS}{saved['id']}/"
    martin = program_of(make_member(birch, name="Martin Bayliss"), birch)

    for other in (program_of(priya, alder), martin):
        answers = [other.get(path), other.delete(path)]
        nobodys = [other.get(f"{DRAFTS}{new_id()}/"), other.delete(f"{DRAFTS}{new_id()}/")]
        assert [(each.status_code, each.content) for each in answers] == [
            (each.status_code, each.content) for each in nobodys
        ]
        assert [each.status_code for each in answers] == [404, 404]
        assert other.get(DRAFTS).json()["results"] == []
    assert save(martin, body="x", discussion=str(asked.id)).status_code == 400
    assert program.get(path).json() == saved


def test_who_is_suspended_reads_and_throws_away_and_saves_nothing(program, tom, suspend) -> None:
    saved = save(program, body="Half").json()
    suspend(tom)

    refused = save(program, body="More", saved_at=saved["saved_at"])

    assert (refused.status_code, refused["Content-Type"]) == (403, "application/problem+json")
    assert program.get(DRAFTS).json()["results"] == [saved]
    assert program.delete(f"{DRAFTS}{saved['id']}/").status_code == 204


def test_a_draft_of_what_was_hidden_is_out_of_sight(alder, program, asked, tom) -> None:
    with in_network(alder):
        services.save_draft(Written(body="Half"), discussion=asked, by=tom)
        moderator = make_member(alder, name="Mo Moderator", role="moderator")
        services.hide_discussion(asked, reason="Rude", by=moderator)

    assert program.get(DRAFTS).json()["results"] == []


def test_the_list_is_in_pages_and_costs_the_same_for_one_and_three(alder, program, priya, tom) -> None:
    costs = []
    for number in range(3):
        with in_network(alder):
            services.save_draft(Written(body=f"{number}"), discussion=make_discussion(priya, title="x"), by=tom)
        costs.append(count_queries(program, DRAFTS))

    first = program.get(f"{DRAFTS}?page_size=2").json()
    second = program.get(first["next"]).json()

    assert len(set(costs)) == 1
    assert [each["body"] for each in first["results"] + second["results"]] == ["2", "1", "0"]
