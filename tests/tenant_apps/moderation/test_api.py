"""Moderation for programs."""

import pytest

from shared_apps.accounts.selectors import account_of_email
from tenant_apps.moderation import services
from tenants.context import in_network
from tests.builders.accounts import token_client
from tests.builders.discussions import make_discussion, share
from tests.builders.members import make_member

JSON = {"content_type": "application/json"}


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


def test_an_appeal_is_decided_once_by_another_moderator(alder, clients, people, asked):
    with in_network(alder):
        case = services.report("discussion", asked.id, reason="rude", by=people["reader"]).case
        act = services.decide(case, kind="hidden", reason="Rude.", by=people["moderator"])
        made = services.appeal(act, words="It is true.", by=people["author"])
    path, said = f"/api/v1/appeals/{made.id}/", {"is_granted": True, "reason": "A joke."}

    (listed,) = clients["owner"].get("/api/v1/appeals/").json()["results"]
    by_actor = clients["moderator"].post(f"{path}decision/", said, **JSON)
    decided = clients["owner"].post(f"{path}decision/", said, **JSON)
    again = clients["owner"].post(f"{path}decision/", {"is_granted": False, "reason": "No."}, **JSON)

    assert (listed["id"], listed["act"]["kind"], listed["decided_at"]) == (str(made.id), "hidden", None)
    assert (by_actor.status_code, again.status_code) == (403, 409)
    assert (decided.status_code, decided.json()["is_granted"], decided.json()["decided_by"]) == (200, True, "Olu Owner")
    assert clients["author"].get(path).json()["reason"] == "A joke."
    assert clients["author"].get(f"/api/v1/acts/{act.id}/").json()["kind"] == "hidden"
    assert {clients["reader"].get(each).status_code for each in (path, f"/api/v1/acts/{act.id}/")} == {404}
    assert clients["reader"].get("/api/v1/appeals/").status_code == 403
    assert clients["owner"].get("/api/v1/appeals/", {"show": "decided"}).json()["results"][0]["id"] == str(made.id)


def test_a_case_that_was_decided_meanwhile_is_a_conflict(clients, asked):
    clients["reader"].post("/api/v1/reports/", {"kind": "discussion", "id": str(asked.id), "reason": "rude"}, **JSON)
    (case,) = clients["owner"].get("/api/v1/cases/").json()["results"]
    path, act = f"/api/v1/cases/{case['id']}/acts/", {"kind": "warned", "reason": "Rude."}

    answers = [clients["owner"].post(path, act | more, **JSON) for more in ({}, {}, {"acts_seen": 1})]

    assert [answer.status_code for answer in answers] == [201, 409, 201]
    assert clients["owner"].get("/api/v1/acts/", {"about": "me"}).json()["results"] == []


def test_reports_elsewhere_are_ones_own_and_all_for_moderators(alder, birch, clients, people):
    theirs = make_member(birch, name="Bert Author")
    with in_network(birch):
        asked = share(make_discussion(theirs, title="Is Ron a crook?"), theirs)
    reader = token_client(account_of_email(people["reader"].email), alder, on="collective")
    reader.post(f"/api/v1/publications/{asked.publication_id}/reports/", {"reason": "rude", "words": ""}, **JSON)

    path = "/api/v1/reports-elsewhere/"
    found = {who: client.get(path).json()["results"] for who, client in clients.items()}

    assert [each["title"] for each in found["reader"]] == ["Is Ron a crook?"]
    assert found["moderator"] == found["owner"] == found["reader"]
    assert found["author"] == []
