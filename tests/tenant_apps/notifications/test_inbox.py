"""The inbox, its number beside the access of each network, and the bell."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shared_apps.accounts.models import NetworkAccess
from shared_apps.jobs.worker import Worker
from tenant_apps.discussions import services as discussions
from tenant_apps.notifications import services
from tenant_apps.notifications.models import Notification
from tenants.context import in_network
from tenants.ids import new_id
from tests.builders.discussions import make_discussion
from tests.builders.members import client_of, make_member


@pytest.fixture
def priya(alder):
    return make_member(alder, name="Priya Raman")


@pytest.fixture
def tom(alder):
    return make_member(alder, name="Tom Whitlock")


def reply(network, priya, tom, *bodies: str):
    """Tom replies to Priya, who is told."""
    with in_network(network):
        discussion = make_discussion(priya, title="Who does your PAT testing?")
        for body in bodies or ("We use Circuit Sense.",):
            discussions.post_reply(discussion, body=body, by=tom)
    Worker().drain()
    return discussion


def unseen(member, network) -> tuple[int, int]:
    """Return the number beside the access, and how many rows it should count."""
    beside = NetworkAccess.objects.get(account_id=member.account_id, network=network).unseen
    with in_network(network):
        return beside, Notification.objects.filter(member=member, seen_at=None, in_inbox=True).count()


def test_inbox_shows_what_happened_and_counts_it(alder, priya, tom):
    reply(alder, priya, tom, "One", "Two")

    page = client_of(priya, alder).get("/inbox/").content.decode()

    assert "Who does your PAT testing?" in page
    assert "Tom Whitlock replied" in page
    assert unseen(priya, alder) == (2, 2)
    assert unseen(tom, alder) == (0, 0)


def test_inbox_mark_one_then_all(alder, priya, tom):
    reply(alder, priya, tom, "One", "Two", "Three")
    client = client_of(priya, alder)
    with in_network(alder):
        first = Notification.objects.filter(member=priya).first()

    client.post("/inbox/seen/", {"notification": str(first.id)})
    assert unseen(priya, alder) == (2, 2)

    client.post("/inbox/seen/", {"notification": str(first.id)})
    assert unseen(priya, alder) == (2, 2)

    client.post("/inbox/seen/")
    assert unseen(priya, alder) == (0, 0)


def test_inbox_reading_the_discussion_is_seeing(alder, priya, tom):
    discussion = reply(alder, priya, tom)

    client_of(priya, alder).get(f"/discussions/{discussion.id}/")

    assert unseen(priya, alder) == (0, 0)


def test_inbox_nobody_marks_anothers(alder, priya, tom):
    reply(alder, priya, tom)
    with in_network(alder):
        hers = Notification.objects.get(member=priya)

    client_of(tom, alder).post("/inbox/seen/", {"notification": str(hers.id)})
    client_of(tom, alder).post("/inbox/seen/", {"notification": "nonsense"})
    client_of(tom, alder).post("/inbox/seen/")

    assert unseen(priya, alder) == (1, 1)


def test_inbox_of_another_network_shows_a_number_and_the_way_there(alder, birch, priya, tom):
    reply(alder, priya, tom, "canary-alder-kept")
    with in_network(birch):
        there = make_member(birch, name="Priya Raman", email=priya.email)

    page = client_of(there, birch).get("/inbox/").content.decode()

    assert "Alder SBM Network" in page
    assert "1 new" in page
    assert "http://alder.localhost/switch/start/?from=birch.localhost&amp;next=%2Finbox%2F" in page.replace(":8000", "")
    assert "PAT testing" not in page
    assert "canary" not in page


@pytest.mark.parametrize("path", ["/inbox/", "/discussions/"])
def test_inbox_badge_takes_no_query(alder, priya, tom, path):
    client, counts = client_of(priya, alder), []
    for bodies in (["One"], ["Two", "Three", "Four"]):
        reply(alder, priya, tom, *bodies)
        client.get(path)
        with CaptureQueriesContext(connection) as caught:
            client.get(path)
        counts.append(len(caught))

    assert counts[0] == counts[1]
    assert len(set(counts)) == 1


def test_inbox_count_answers_304_while_nothing_changed(alder, priya, tom):
    reply(alder, priya, tom)
    client = client_of(priya, alder)

    first = client.get("/inbox/count/")
    again = client.get("/inbox/count/", headers={"if-none-match": first["ETag"]})
    reply(alder, priya, tom)
    changed = client.get("/inbox/count/", headers={"if-none-match": first["ETag"]})

    assert (first.status_code, first.json()) == (200, {"unseen": 1})
    assert (again.status_code, again.content) == (304, b"")
    assert (changed.status_code, changed.json()) == (200, {"unseen": 2})
    assert "private" in first["Cache-Control"]


def test_inbox_needs_a_member(alder, client_for):
    for path in ("/inbox/", "/inbox/count/", "/notifications/preferences/"):
        assert client_for(alder).get(path).status_code == 302


def test_forget_news_takes_back_what_was_hidden(alder, priya, tom):
    discussion = reply(alder, priya, tom, "One", "Two")

    with in_network(alder):
        services.forget_news("discussion", discussion.id)

    assert unseen(priya, alder) == (0, 0)


def test_mark_seen_of_nothing_is_nothing(alder, priya):
    with in_network(alder):
        assert services.mark_seen(priya, [new_id()]) == 0
