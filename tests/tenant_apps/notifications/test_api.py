"""The inbox and preferences, for programs."""

import pytest

from shared_apps.jobs.worker import Worker
from shared_apps.mail import services as mail
from tenant_apps.discussions import services as discussions
from tenant_apps.notifications.enums import Kind
from tenants.context import in_network
from tests.builders.discussions import make_discussion
from tests.builders.members import make_member, program_of

JSON = {"content_type": "application/json"}
INBOX, PREFERENCES = "/api/v1/notifications/", "/api/v1/notification-preferences/"


@pytest.fixture
def priya(alder):
    return make_member(alder, name="Priya Raman")


@pytest.fixture
def told(alder, priya):
    """Tom, who told Priya something."""
    tom = make_member(alder, name="Tom Whitlock")
    with in_network(alder):
        reply = discussions.post_reply(make_discussion(priya), body="We use Circuit Sense.", by=tom)
    Worker().drain()
    return tom, reply


def test_notifications_are_listed_and_marked(alder, priya, told):
    client, (_, reply) = program_of(priya, alder), told

    (found,) = client.get(INBOX, {"unseen": "true"}).json()["results"]
    seen = client.patch(f"{INBOX}{found['id']}/", {"seen": True}, content_type="application/json").json()

    assert {name: found[name] for name in ("kind", "title", "line", "text", "channel", "seen")} == {
        "kind": "reply",
        "title": "Who does your PAT testing?",
        "line": "Tom Whitlock replied",
        "text": "We use Circuit Sense.",
        "channel": "email",
        "seen": False,
    }
    assert found["url"].endswith(f"#reply-{reply.id}")
    assert seen["seen"] is True
    assert client.get(INBOX, {"unseen": "true"}).json()["results"] == []


def test_notifications_of_another_are_not_there(alder, priya, told):
    (hers,) = program_of(priya, alder).get(INBOX).json()["results"]
    client = program_of(told[0], alder)

    assert client.get(f"{INBOX}{hers['id']}/").status_code == 404
    assert client.patch(f"{INBOX}{hers['id']}/", {"seen": True}, content_type="application/json").status_code == 404


def test_preferences_are_shown_and_changed(alder, priya):
    client = program_of(priya, alder)
    before = client.get(PREFERENCES).json()

    changes = {"level": "mentions", "channels": {"reply": "digest"}, "digest": "weekly", "quiet_from": 20}
    answer = client.patch(PREFERENCES, {**changes, "quiet_until": 7}, content_type="application/json")

    assert before["level"] == "digest"
    assert before["channels"] == dict.fromkeys(Kind.values, "email")
    assert answer.json() == before | {
        "level": "mentions",
        "channels": before["channels"] | {"reply": "digest"},
        "digest": "weekly",
        "quiet_from": 20,
        "quiet_until": 7,
    }


def test_a_category_has_a_level_of_its_own_until_it_is_taken_back(alder, priya):
    client = program_of(priya, alder)
    first = client.get(PREFERENCES).json()["topics"][0]

    def chosen(level):
        answer = client.patch(PREFERENCES, {"topics": [{"id": first["id"], "level": level}]}, **JSON)
        return answer.json()["topics"][0]

    assert (first["name"], first["level"]) == ("Buildings", None)
    assert chosen("mute") == first | {"level": "mute"}
    assert chosen(None) == first


def test_everything_is_marked_as_seen(alder, priya, told):
    client = program_of(priya, alder)
    before = client.get(f"{INBOX}count/").json()

    answer = client.post(f"{INBOX}seen/")

    assert (before, answer.status_code, client.get(f"{INBOX}count/").json()) == ({"unseen": 1}, 204, {"unseen": 0})


def test_an_address_that_bounced_is_used_again(alder, priya):
    mail.take_bounce(priya.email, is_hard=True)
    client = program_of(priya, alder)
    before = client.get(PREFERENCES).json()["address_paused"]

    answer = client.post(f"{PREFERENCES}address/")

    assert (before, answer.json()["address_paused"]) == ("bounce", "")


@pytest.mark.parametrize(
    "wrong",
    [
        {"topics": [{"id": "01a20095-0000-7000-8000-000000000000", "level": "mute"}]},
        {"level": "loud"},
        {"channels": {"pigeon": "email"}},
        {"quiet_from": 3},
        {"digest_hour": 24},
    ],
)
def test_preferences_refuse_what_makes_no_sense(alder, priya, wrong):
    answer = program_of(priya, alder).patch(PREFERENCES, wrong, content_type="application/json")

    assert answer.status_code == 400
