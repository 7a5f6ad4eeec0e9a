"""A long discussion has pages, every address of a reply finds it, and a list counts no further than people leaf."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tenant_apps.discussions.models import Discussion, Reply
from tenant_apps.discussions.selectors import place_of_reply
from tenant_apps.discussions.views import paging
from tenants.context import in_network
from tenants.models import Network
from tests.builders.discussions import make_discussion
from tests.builders.members import client_of, make_member
from tests.builders.pages import text_of

NUMBER = 230


@pytest.fixture
def client(alder: Network) -> Client:
    return client_of(make_member(alder, name="Tom Whitlock"), alder)


@pytest.fixture
def long(alder: Network) -> Discussion:
    with in_network(alder):
        priya = make_member(alder)
        discussion = make_discussion(priya)
        start = timezone.now() - timedelta(days=1)
        Reply.objects.bulk_create(
            Reply(discussion=discussion, author=priya, body=f"Reply-{n}-", created_at=start + timedelta(seconds=n))
            for n in range(NUMBER)
        )
        Discussion.objects.filter(id=discussion.id).update(reply_count=NUMBER)
        discussion.refresh_from_db()
    return discussion


def shown(client: Client, discussion: Discussion, query: str) -> tuple[int, int]:
    """Return the numbers of the first and the last reply of a page."""
    html = client.get(f"/discussions/{discussion.id}/{query}").content.decode()
    found = [int(each) for each in re.findall(r"Reply-(\d+)-", html)]
    return found[0], found[-1]


def test_a_long_discussion_has_pages(client, long) -> None:
    assert [shown(client, long, query) for query in ("", "?page=2", "?page=3", "?page=last", "?page=x")] == [
        (0, 99),
        (100, 199),
        (200, 229),
        (200, 229),
        (0, 99),
    ]
    page = text_of(client.get(f"/discussions/{long.id}/?page=2"))
    assert ("230 replies" in page, "101 to 200 of 230" in page) == (True, True)


def test_the_address_of_a_reply_leads_to_its_page(alder, client, long) -> None:
    with in_network(alder):
        reply = Reply.objects.get(discussion=long, body="Reply-150-")
        other = make_discussion(make_member(alder, name="Priya Short"))

    place = place_of_reply(long, reply.id)

    assert place == f"?reply={reply.id}#reply-{reply.id}"
    assert shown(client, long, place.partition("#")[0]) == (100, 199)
    assert shown(client, long, f"?reply={other.id}") == (0, 99)
    assert place_of_reply(other, reply.id) == f"#reply-{reply.id}"


def test_who_replies_to_a_long_discussion_sees_their_reply(client, long) -> None:
    answer = client.post(f"/discussions/{long.id}/", {"body": "Reply-230-"})

    assert answer.status_code == 302
    path, _, fragment = answer["Location"].partition("#")
    assert f'id="{fragment}"' in client.get(path).content.decode()


def test_a_page_costs_the_same_queries_whichever(client, long) -> None:
    client.get(f"/discussions/{long.id}/")
    counts = []
    for query in ("", "?page=2", "?page=last"):
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/discussions/{long.id}/{query}")
        counts.append(len(captured))

    assert len(set(counts)) == 1


def test_a_list_counts_no_further_than_people_leaf(alder, client, monkeypatch) -> None:
    monkeypatch.setattr(paging, "MOST_LISTED", 30)
    with in_network(alder):
        priya = make_member(alder)
        for number in range(31):
            make_discussion(priya, title=f"Title {number}")

    assert "1 to 20 of 30+" in text_of(client.get("/discussions/"))
    assert "21 to 30 of 30+" in text_of(client.get("/discussions/?page=9"))


def test_moderators_come_back_to_where_they_were(alder: Network, long) -> None:
    mo = client_of(make_member(alder, name="Mo Moderator", role="moderator"), alder)
    with in_network(alder):
        reply = Reply.objects.get(body="Reply-150-")
    page, root = f"/discussions/{long.id}/", f"/discussions/{long.id}/replies/{reply.id}/"

    hidden = mo.post(f"{root}hide/", {"reason": "Rude"})
    shown_again = mo.post(f"{root}show/")
    edited = mo.post(f"{root}edit/", {"body": "Reply-150-"})
    helpful = mo.post(f"{root}helpful/", {"helpful": "true"})

    place = f"{page}?reply={reply.id}#reply-{reply.id}"
    assert {each["Location"] for each in (hidden, shown_again, edited, helpful)} == {place}
    assert f'href="{place}">Leave it' in mo.get(f"{root}hide/").content.decode()
    assert shown(mo, long, f"?reply={reply.id}") == (100, 199)


@pytest.mark.parametrize(("page", "back"), [("3", "?page=3"), ("1", ""), ("x", ""), ("//evil.example", "")])
def test_acts_on_the_whole_come_back_to_the_page(alder: Network, long, page, back) -> None:
    mo = client_of(make_member(alder, name="Mo Moderator", role="moderator"), alder)

    locked = mo.post(f"/discussions/{long.id}/lock/", {"page": page}, follow=True)

    assert locked.redirect_chain == [(f"/discussions/{long.id}/{back}", 302)]
    assert f'action="/discussions/{long.id}/unlock/{back}"' in locked.content.decode()
    assert mo.post(f"/discussions/{long.id}/unlock/{back}")["Location"] == f"/discussions/{long.id}/{back}"
