"""The emails about replies: each follower one, not the author, of every reply wherever it was written."""

import re

import pytest
from django.test import Client

from collective.publications import services as publications
from collective.publications.models import PublicationReply
from shared_apps.jobs.worker import Worker
from shared_apps.mail.models import Message
from tenant_apps.discussions import services, tasks
from tenant_apps.discussions.models import Discussion
from tenant_apps.notifications.selectors import is_following
from tenant_apps.sharing import services as sharing
from tenants.context import in_collective, in_network
from tenants.models import Network
from tests.builders.accounts import host_of
from tests.builders.discussions import away_reply, make_discussion, share
from tests.builders.members import make_member


@pytest.fixture
def discussion(alder: Network, priya) -> Discussion:
    with in_network(alder):
        return make_discussion(priya, title="Who does your PAT testing?")


def sent(network: Network) -> list[Message]:
    """Return what was sent but the invitation of onboarding."""
    Worker().drain()
    with in_network(network):
        return list(Message.objects.exclude(kind="invitation").order_by("created_at", "id"))


def told(network: Network) -> list[str]:
    return sorted(message.to_address for message in sent(network))


def test_each_follower_gets_one_and_the_author_none(alder: Network, birch, discussion, priya, tom) -> None:
    dawn = make_member(alder, name="Dawn Okafor")
    make_member(alder, name="Nobody Following")
    with in_network(alder):
        services.follow(discussion, member=dawn)
        reply = services.post_reply(discussion, body="We use **Circuit Sense**.", by=tom)

    assert told(alder) == [dawn.email, priya.email]
    with in_network(alder):
        tasks.tell_of_reply.run_now(reply_id=str(reply.id))
    assert told(alder) == [dawn.email, priya.email]
    assert sent(birch) == []


def test_the_email_says_enough_and_leads_to_the_reply(alder: Network, discussion, priya, tom) -> None:
    with in_network(alder):
        reply = services.post_reply(discussion, body="We use **Circuit Sense**.\n\n<b>Really</b>", by=tom)

    (message,) = sent(alder)

    assert message.subject == "Who does your PAT testing?"
    assert "Tom Whitlock replied" in message.text
    assert "> We use Circuit Sense.\n>\n> <b>Really</b>" in message.text
    assert "&lt;b&gt;Really&lt;/b&gt;" in message.html
    assert re.search(rf"http://alder\.localhost(:\d+)?/discussions/{discussion.id}/#reply-{reply.id}\b", message.text)


def test_the_subject_stays_whatever_the_state(alder: Network, discussion, priya, tom) -> None:
    with in_network(alder):
        first = services.post_reply(discussion, body="One", by=tom)
        services.mark_reply(discussion, first.id, is_answer=True, by=priya)
        services.post_reply(discussion, body="Two", by=tom)

    messages = sent(alder)

    assert [message.kind for message in messages] == ["news.reply", "news.answer", "news.reply"]
    assert {message.subject for message in messages} == {"Who does your PAT testing?"}


def test_the_link_stops_them_without_a_session(alder: Network, birch, discussion, priya, tom) -> None:
    with in_network(alder):
        services.post_reply(discussion, body="One", by=tom)
    (message,) = sent(alder)
    path = re.search(r"https?://[^/]+(/notifications/unsubscribe/\S+)", message.text)[1]
    browser, elsewhere = Client(headers={"host": host_of(alder)}), Client(headers={"host": host_of(birch)})

    assert elsewhere.post(path).status_code == 404
    assert browser.get(path).status_code == 200
    with in_network(alder):
        assert is_following(priya, kind="discussion", object_id=discussion.id)
    browser.post(path)

    with in_network(alder):
        assert not is_following(priya, kind="discussion", object_id=discussion.id)
        services.post_reply(discussion, body="Two", by=tom)
    assert told(alder) == [priya.email]


def test_a_reply_from_elsewhere_is_told_once_with_its_origin(alder: Network, birch, discussion, priya, martin) -> None:
    with in_network(alder):
        share(discussion, priya)
        reply = away_reply(discussion, martin, birch, body="We use Circuit Sense.")

    messages = sent(alder)
    for _ in range(2):
        with in_network(alder):
            tasks.take_in_away_reply.run_now(publication_id=str(discussion.publication_id), reply_id=str(reply.id))

    assert [message.to_address for message in messages] == [priya.email]
    assert f"Martin Bayliss, {birch.name} replied" in messages[0].text
    assert f"#reply-{reply.id}" in messages[0].text
    assert (len(sent(alder)), sent(birch)) == (1, [])
    with in_network(alder):
        assert Discussion.objects.get().away_count == 1


def test_a_reply_that_comes_home_before_the_job_runs_is_told_all_the_same(
    alder: Network, birch, discussion, priya, martin
) -> None:
    with in_network(alder):
        share(discussion, priya)
        away_reply(discussion, martin, birch, body="Just in time.")
        sharing.withdraw_item("discussion", discussion.id, by=priya)

    assert told(alder) == [priya.email]
    with in_network(alder):
        found = Discussion.objects.get()
        assert (found.away_count, found.received_count) == (1, 1)


def test_a_reply_taken_back_before_the_job_runs_is_not_told(alder: Network, birch, discussion, priya, martin) -> None:
    with in_network(alder):
        share(discussion, priya)
        away_reply(discussion, martin, birch)
    with in_collective():
        publications.withdraw_reply(PublicationReply.objects.get(), account_id=martin.account_id)

    assert sent(alder) == []
    with in_network(alder):
        assert Discussion.objects.get().away_count == 0


def test_the_author_of_an_answer_is_told_of_the_withdrawal_in_their_network(
    alder: Network, birch, discussion, priya, martin
) -> None:
    with in_network(alder):
        share(discussion, priya)
        away_reply(discussion, martin, birch)
        sharing.withdraw_item("discussion", discussion.id, by=priya)

    messages = sent(birch)

    assert [message.to_address for message in messages] == [martin.email]
    assert "withdrawn" in messages[0].subject
    assert "/answers/" in messages[0].text
    assert "PAT testing" not in messages[0].text + messages[0].html
