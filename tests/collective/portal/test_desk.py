"""What a network left that has closed is reported to the people who run the platform, and they decide about it."""

import re
from functools import partial

import pytest

from collective.publications import services as publications
from collective.publications.models import KeptPublication, Publication, PublicationReply
from shared_apps.accounts.models import User
from shared_apps.audit.models import Event
from shared_apps.jobs.worker import Worker
from shared_apps.mail.models import Message, PlatformMessage
from tenants.context import in_collective, in_network
from tests.builders.accounts import client_of, make_account, token_client
from tests.builders.closing import left_behind
from tests.builders.members import make_member
from tests.builders.pages import count_queries, text_of
from tests.builders.publications import publish, reply

LIST = "/operator/reports/"


@pytest.fixture
def author(db):
    """She is in no network any more."""
    return make_account(email="ada@nowhere.example", name="Ada Author")


@pytest.fixture
def left(author):
    with in_collective():
        return left_behind(author.pk, title="Is Ron a crook?", body="Everybody **says** so.")


@pytest.fixture
def operator(db):
    return make_account(email="olive@platform.example", name="Olive Operator", operator=True)


@pytest.fixture
def console(operator):
    return client_of(operator, "platform")


@pytest.fixture
def martin(birch):
    return make_member(birch, name="Martin Bayliss")


@pytest.fixture
def reader(martin):
    return client_of(User.objects.with_networks().get(pk=martin.account_id), "collective")


def path_of_report(console) -> str:
    return re.search(rf"{LIST}[\w-]+/", console.get(LIST).content.decode())[0]


def kinds() -> list[tuple[str, str]]:
    found = PlatformMessage.objects.filter(kind__startswith="portal.").order_by("id")
    return list(found.values_list("kind", "to_address"))


def test_operators_hear_of_it_and_take_it_down(birch, left, author, operator, console, reader, martin):
    answer = reader.post(f"/publications/{left.id}/report/", {"reason": "rude", "words": "Unfair."}, follow=True)
    Worker().drain()
    path = path_of_report(console)
    page = text_of(console.get(path))
    done = console.post(path, {"decision": "hidden"}, follow=True)
    Worker().drain()

    assert "The people who run the platform look at it" in text_of(answer)
    assert [words for words in ("Everybody says so.", "Unfair.", birch.name, "rude") if words not in page] == []
    assert "Decided." in text_of(done)
    assert kinds() == [("portal.report", operator.email), ("portal.taken_down", author.email)]
    mails = PlatformMessage.objects.filter(kind__startswith="portal.").values_list("text", flat=True)
    assert [word for text in mails for word in ("Ron", "Unfair", "Martin", birch.name) if word in text] == []
    with in_network(birch):
        assert "hidden it" in Message.objects.get(kind="moderation.report", to_address=martin.email).text
    with in_collective():
        assert not Publication.objects.exists()
        assert not KeptPublication.objects.exists()
        event = Event.objects.get(name="publications.report.decided")
        assert (event.actor_id, event.details["outcome"]) == (operator.pk, "hidden")
    assert "not there any more" in text_of(console.get(path))
    assert "decided meanwhile" in text_of(console.post(path, {"decision": "left"}, follow=True))


def test_left_as_it_is_it_stays_and_waits_again_when_more_is_said(left, console, reader):
    for words in ("Unfair.", "Unfair, and not true."):
        reader.post(f"/publications/{left.id}/report/", {"reason": "rude", "words": words})
        Worker().drain()
        path = path_of_report(console)
        assert words in text_of(console.get(path))
        assert console.post(path, {"decision": ""}).status_code == 422
        console.post(path, {"decision": "left"})

    assert [kind for kind, _ in kinds()] == ["portal.report", "portal.report"]
    assert "Nothing waits" in text_of(console.get(LIST))
    with in_collective():
        assert Publication.objects.filter(id=left.id).exists()


def test_a_reply_to_it_is_hidden(alder, left, console, reader):
    with in_collective():
        Publication.objects.filter(id=left.id).update(is_closed=False)
        said = reply(Publication.objects.get(id=left.id), alder)
    reader.post(f"/publications/{left.id}/replies/{said.id}/report/", {"reason": "wrong"})
    console.post(path_of_report(console), {"decision": "hidden"})

    with in_collective():
        assert PublicationReply.objects.get(id=said.id).is_hidden
        assert Publication.objects.get(id=left.id).reply_count == 0


def test_what_waited_for_its_moderators_is_the_platforms_when_it_closes(alder, console, operator, reader):
    with in_collective():
        shared = publish(alder, title="Is Rita a crook?")
    reader.post(f"/publications/{shared.id}/report/", {"reason": "rude"})
    assert "Is Rita" not in text_of(console.get(LIST))

    with in_collective():
        publications.keep_after_closing(alder.id)
    Worker().drain()

    assert kinds() == [("portal.report", operator.email)]
    assert "Is Rita a crook?" in text_of(console.get(LIST))


def test_nobody_else_sees_the_queue(left, author, reader, console):
    reader.post(f"/publications/{left.id}/report/", {"reason": "rude"})
    path = path_of_report(console)
    other = client_of(author, "platform")

    assert [other.get(LIST).status_code, other.get(path).status_code] == [403, 403]
    assert other.post(path, {"decision": "hidden"}).status_code == 403


def test_queue_costs_the_same_for_one_and_for_three(left, author, reader, console):
    reader.post(f"/publications/{left.id}/report/", {"reason": "rude"})
    one = count_queries(console, LIST)
    for title in ("Second", "Third"):
        with in_collective():
            more = left_behind(author.pk, title=title)
        reader.post(f"/publications/{more.id}/report/", {"reason": "rude"})

    assert count_queries(console, LIST) == one


def test_programs_of_operators_decide_too_and_once(birch, left, author, operator, reader):
    program, url = token_client(operator, "platform"), "/api/v1/reports/"
    reader.post(f"/publications/{left.id}/report/", {"reason": "rude", "words": "Unfair."})
    (waiting,) = program.get(url).json()["results"]
    decide = partial(program.post, f"{url}{waiting['id']}/decision/", content_type="application/json")

    assert (waiting["text"], waiting["words"], waiting["origin_outcome"]) == ("Everybody **says** so.", "Unfair.", "")
    assert decide({"decision": "warned"}).status_code == 400
    once = {"Idempotency-Key": "a-key"}
    answers = [decide({"decision": "hidden"}, headers=once) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json() == program.get(f"{url}{waiting['id']}/").json()
    assert (answers[0].json()["origin_outcome"], answers[0].json()["text"]) == ("hidden", None)
    assert decide({"decision": "left"}).status_code == 409
    with in_collective():
        assert Event.objects.filter(name="publications.report.decided").count() == 1
