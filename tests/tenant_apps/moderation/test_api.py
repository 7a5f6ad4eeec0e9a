"""Moderation for programs."""

import pytest

from shared_apps.accounts.selectors import account_of_email
from tenant_apps.members.enums import Role
from tenants.context import in_network
from tests.builders.accounts import token_client
from tests.builders.discussions import make_discussion, share
from tests.builders.members import make_member

JSON = {"content_type": "application/json"}


@pytest.fixture
def people(alder):
    return {
        "author": make_member(alder, name="Ada Author"),
        "reader": make_member(alder, name="Rita Reader"),
        "moderator": make_member(alder, name="Mo Derator", role=Role.MODERATOR),
        "owner": make_member(alder, name="Olu Owner", role=Role.OWNER),
    }


@pytest.fixture
def clients(alder, people):
    return {who: token_client(account_of_email(member.email), alder) for who, member in people.items()}


@pytest.fixture
def asked(alder, people):
    with in_network(alder):
        return make_discussion(people["author"])


def test_report_decide_take_back_and_appeal(clients, asked):
    said = {"kind": "discussion", "id": str(asked.id), "reason": "rude", "words": "Unfair."}
    report = clients["reader"].post("/api/v1/reports/", said, **JSON)
    assert report.status_code == 201, report.content
    assert report.json()["ended"] == ""

    (case,) = clients["moderator"].get("/api/v1/cases/").json()["results"]
    assert (case["title"], case["author"], case["state"]) == (asked.title, "Ada Author", "open")
    act = clients["moderator"].post(f"/api/v1/cases/{case['id']}/acts/", {"kind": "hidden", "reason": "Rude."}, **JSON)
    assert act.status_code == 201, act.content
    whole = clients["moderator"].get(f"/api/v1/cases/{case['id']}/").json()
    assert [each["reporter"] for each in whole["reports"]] == ["Rita Reader"]
    assert [each["kind"] for each in whole["acts"]] == ["hidden"]
    assert clients["reader"].get("/api/v1/reports/").json()["results"][0]["ended"] == "The moderators have hidden it."

    (mine,) = clients["author"].get("/api/v1/acts/").json()["results"]
    assert clients["reader"].get("/api/v1/acts/").json()["results"] == []
    appeal = clients["author"].post(f"/api/v1/acts/{mine['id']}/appeal/", {"words": "It is true."}, **JSON)
    assert (appeal.status_code, appeal.json()["is_granted"]) == (201, None)
    assert clients["author"].post(f"/api/v1/acts/{mine['id']}/appeal/", {"words": "Again."}, **JSON).status_code == 409

    undone = clients["owner"].post(f"/api/v1/acts/{mine['id']}/take-back/", {"reason": "A joke."}, **JSON)
    assert (undone.status_code, undone.json()["kind"]) == (201, "shown")


def test_only_moderators_see_cases_and_decide(clients, asked):
    clients["reader"].post("/api/v1/reports/", {"kind": "discussion", "id": str(asked.id), "reason": "rude"}, **JSON)
    (case,) = clients["owner"].get("/api/v1/cases/").json()["results"]
    path = f"/api/v1/cases/{case['id']}/"

    assert clients["reader"].get("/api/v1/cases/").status_code == 403
    assert clients["reader"].get(path).status_code == 403
    assert clients["reader"].post(f"{path}acts/", {"kind": "left", "reason": "No."}, **JSON).status_code == 403


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"kind": "nonsense"}, 404),
        ({"id": "01a20095-0000-7000-8000-000000000000"}, 404),
        ({"reason": "nonsense"}, 400),
        ({"reason": "other"}, 400),
    ],
)
def test_a_report_that_cannot_be_is_refused(clients, asked, change, status):
    said = {"kind": "discussion", "id": str(asked.id), "reason": "rude"} | change

    assert clients["reader"].post("/api/v1/reports/", said, **JSON).status_code == status


def test_a_publication_is_reported_from_another_network(alder, birch, people, asked):
    with in_network(alder):
        share(asked, people["author"])
    reader = make_member(birch, name="Bea Reader")
    client = token_client(account_of_email(reader.email), birch, on="collective")
    path = f"/api/v1/publications/{asked.publication_id}/reports/"

    made = client.post(path, {"reason": "rude", "words": "Unfair."}, **JSON)

    assert made.status_code == 201, made.content
    assert made.json()["origin_outcome"] == ""
    assert client.post(path, {"reason": "rude", "reply": str(asked.id)}, **JSON).status_code == 404
    assert client.post(path, {"reason": "other"}, **JSON).status_code == 409
