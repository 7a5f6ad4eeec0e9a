"""Closing, pinning, hiding and moving: what it does to whom, in the network and in the Collective, and its undoing."""

import pytest
from django.test import Client

from collective.publications.models import Publication
from collective.publications.services import ReplyRefusedError
from shared_apps.accounts.models import User
from shared_apps.audit.models import Event
from shared_apps.jobs.worker import Worker
from shared_apps.mail.models import Message
from tenant_apps.discussions import selectors, services
from tenant_apps.discussions.models import Category, Discussion, Reply
from tenant_apps.discussions.services import DiscussionError, NotAllowedError
from tenant_apps.members.enums import Role
from tenant_apps.members.models import Member
from tenant_apps.sharing import services as sharing
from tenants.context import in_collective, in_network
from tenants.models import Network
from tests.builders.accounts import client_of as account_client
from tests.builders.accounts import token_client
from tests.builders.discussions import away_reply, make_discussion, share
from tests.builders.members import client_of, make_member
from tests.builders.pages import count_queries, text_of


@pytest.fixture
def discussion(alder: Network, priya, tom) -> Discussion:
    with in_network(alder):
        made = make_discussion(priya, title="Canary question", body="Canary body")
        services.post_reply(made, body="Canary reply", by=tom)
        made.refresh_from_db()
        return made


def account_of(member: Member) -> User:
    return User.objects.with_networks().get(pk=member.account_id)


def last_event() -> tuple[str, dict]:
    event = Event.objects.order_by("-id").first()
    return event.name, event.details


ACTS = {
    "lock": lambda d, by: services.lock_discussion(d, is_locked=True, by=by),
    "pin": lambda d, by: services.pin_discussion(d, is_pinned=True, by=by),
    "hide": lambda d, by: services.hide_discussion(d, reason="x", by=by),
    "show": lambda d, by: services.show_discussion(d, by=by),
    "move": lambda d, by: services.move_discussion(d, category=Category.objects.last(), by=by),
    "hide_reply": lambda d, by: services.hide_reply(Reply.objects.get(), reason="x", by=by),
}


@pytest.mark.parametrize("act", ACTS)
def test_only_moderators_do_it(in_alder: Network, discussion, priya, act) -> None:
    before = Event.objects.count()

    with pytest.raises(NotAllowedError, match="Only moderators"):
        ACTS[act](discussion, priya)

    assert Event.objects.count() == before


# Closing


def test_lock_refuses_replies_of_members_and_not_of_moderators(in_alder: Network, discussion, tom, rob) -> None:
    services.lock_discussion(discussion, is_locked=True, by=rob)

    assert last_event() == ("discussions.discussion.locked", {"is_locked": True})
    with pytest.raises(DiscussionError, match="closed this discussion"):
        services.post_reply(discussion, body="More", by=tom)
    assert Reply.objects.count() == 1
    services.post_reply(discussion, body="Continued elsewhere.", by=rob)
    services.lock_discussion(discussion, is_locked=False, by=rob)
    services.post_reply(discussion, body="More", by=tom)
    discussion.refresh_from_db()
    assert (discussion.reply_count, Reply.objects.count()) == (3, 3)


def test_lock_closes_the_publication_to_other_networks(alder, birch, discussion, priya, rob, martin) -> None:
    with in_network(alder):
        share(discussion, priya)
        services.lock_discussion(discussion, is_locked=True, by=rob)
        publication_id = Discussion.objects.get().publication_id
    browser = account_client(account_of(martin), "collective")
    program = token_client(account_of(martin), birch, on="collective")

    page = browser.get(f"/publications/{publication_id}/")
    posted = browser.post(f"/publications/{publication_id}/", {"body": "Mine", "identity": "named"})
    called = program.post(
        f"/api/v1/publications/{publication_id}/replies/", {"body": "Mine"}, content_type="application/json"
    )

    assert "Closed to replies" in text_of(page)
    assert 'name="body"' not in page.content.decode()
    assert (posted.status_code, called.status_code >= 400) == (422, True)
    assert program.get(f"/api/v1/publications/{publication_id}/").json()["is_closed"] is True
    with in_collective():
        assert Publication.objects.get().reply_count == 0
    with in_network(alder):
        services.lock_discussion(discussion, is_locked=False, by=rob)
    assert 'name="body"' in browser.get(f"/publications/{publication_id}/").content.decode()


def test_reply_to_a_closed_publication_says_so(in_alder: Network, birch, discussion, priya, rob, martin) -> None:
    share(discussion, priya)
    services.lock_discussion(discussion, is_locked=True, by=rob)
    discussion.refresh_from_db()

    with pytest.raises(ReplyRefusedError, match="closed this to replies"):
        away_reply(discussion, martin, birch)


def test_the_page_of_a_closed_discussion_has_no_form_for_members(alder: Network, discussion, tom, rob) -> None:
    moderator, reader = client_of(rob, alder), client_of(tom, alder)
    path = f"/discussions/{discussion.id}/"

    closed = moderator.post(f"{path}lock/", follow=True)

    assert "Closed to replies." in text_of(closed)
    assert f'action="{path}unlock/"' in closed.content.decode()
    assert "Post reply" not in text_of(reader.get(path))
    assert reader.post(path, {"body": "More"}).status_code == 422
    assert "Post reply" in text_of(moderator.get(path))
    assert "Closed to replies" in text_of(reader.get("/discussions/"))


# Pinning


def test_pin_keeps_it_at_the_top_of_every_page_of_the_list(alder: Network, discussion, priya, rob) -> None:
    with in_network(alder):
        make_discussion(priya, title="Newer")
        services.pin_discussion(discussion, is_pinned=True, by=rob)
    body = client_of(priya, alder).get("/discussions/").content.decode()

    assert body.index("Canary question") < body.index("Newer")
    assert "Kept at the top" in body
    with in_network(alder):
        services.pin_discussion(discussion, is_pinned=False, by=rob)
    body = client_of(priya, alder).get("/discussions/").content.decode()
    assert body.index("Newer") < body.index("Canary question")


def test_at_most_five_stay_at_the_top(in_alder: Network, discussion, priya, rob) -> None:
    for number in range(5):
        services.pin_discussion(make_discussion(priya, title=str(number)), is_pinned=True, by=rob)

    with pytest.raises(DiscussionError, match="At most 5"):
        services.pin_discussion(discussion, is_pinned=True, by=rob)


def test_the_list_reads_pinned_first_from_its_index(in_alder: Network, discussion, priya) -> None:
    from django.db import connection

    found = selectors.pinned_first(selectors.discussions(priya))[:20]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        sql, values = found.query.sql_with_params()
        cursor.execute(f"EXPLAIN {sql}", values)
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "discussion_pinned_first" in plan
    assert "Sort" not in plan


# Hiding


def test_a_hidden_discussion_is_gone_for_everybody_else(alder: Network, discussion, priya, tom, rob) -> None:
    path = f"/discussions/{discussion.id}/"
    with in_network(alder):
        reply = Reply.objects.get()
        services.hide_discussion(discussion, reason="It names a pupil.", by=rob)
        assert last_event() == ("discussions.discussion.hidden", {"is_hidden": True})
        assert selectors.count_unanswered() == 0
        assert selectors.count_unread(make_member(alder, name="New Here")) == 0
    reader, author, moderator = (client_of(each, alder) for each in (tom, priya, rob))
    program = token_client(account_of(tom), alder)

    for address in (path, f"{path}edit/", f"{path}history/", f"{path}replies/{reply.id}/edit/", f"/api/v1{path}"):
        client = program if address.startswith("/api") else reader
        assert client.get(address).status_code == (405 if "replies" in address and "api" in address else 404), address
    assert program.get(f"/api/v1{path}replies/").status_code == 404
    assert reader.post(path, {"body": "More"}).status_code == 404
    for address in ("/discussions/", "/discussions/?show=unanswered", "/discussions/?q=canary", "/"):
        assert "Canary" not in reader.get(address).content.decode(), address
    assert "Canary" not in program.get("/api/v1/discussions/").content.decode()
    for client in (author, moderator):
        assert "It names a pupil." in text_of(client.get(path))
        assert "Canary" not in client.get("/discussions/").content.decode()
    assert "Hidden by a moderator" in text_of(author.get("/discussions/?show=mine"))
    assert "Post reply" not in text_of(author.get(path))


def test_show_again_undoes_hiding(alder: Network, discussion, tom, rob) -> None:
    moderator, reader = client_of(rob, alder), client_of(tom, alder)
    path = f"/discussions/{discussion.id}/"

    refused = moderator.post(f"{path}hide/", {"reason": " "})
    hidden = moderator.post(f"{path}hide/", {"reason": "A mistake"}, follow=True)

    assert (refused.status_code, "Say why" in text_of(refused)) == (422, True)
    assert f'action="{path}show/"' in hidden.content.decode()
    assert reader.get(path).status_code == 404
    moderator.post(f"{path}show/")
    assert reader.get(path).status_code == 200
    assert "A mistake" not in moderator.get(path).content.decode()


def test_hiding_what_is_shared_withdraws_it(alder: Network, birch, discussion, priya, rob, martin) -> None:
    with in_network(alder):
        share(discussion, priya)
        away_reply(discussion, martin, birch)
        services.hide_discussion(discussion, reason="x", by=rob)
        hidden = Discussion.objects.get()
    with in_collective():
        assert Publication.objects.count() == 0
    with in_network(alder):
        assert (hidden.publication_id, hidden.received_count, hidden.is_hidden) == (None, 1, True)
        with pytest.raises(sharing.NothingToShareError):
            share(discussion, priya)
        services.show_discussion(discussion, by=rob)
        assert share(Discussion.objects.get(), priya).is_shared


def test_a_hidden_reply_is_gone_from_page_api_counts_and_answers(alder, discussion, priya, tom, rob) -> None:
    with in_network(alder):
        reply = Reply.objects.get()
        services.mark_reply(discussion, reply.id, is_answer=True, by=priya)
        services.hide_reply(reply, reason="It is an advertisement.", by=rob)
        found = Discussion.objects.get()
        assert (found.reply_count, found.state) == (0, "unanswered")
        assert found.last_activity_at == found.created_at
    path = f"/discussions/{discussion.id}/"
    asker, author, moderator = (client_of(each, alder) for each in (priya, tom, rob))
    program = token_client(account_of(priya), alder)

    page = asker.get(path).content.decode()
    assert "Canary reply" not in page
    assert "0 replies" in page
    assert program.get(f"/api/v1{path}replies/").json()["results"] == []
    assert asker.get(f"{path}replies/{reply.id}/history/").status_code == 404
    for client in (author, moderator):
        assert "It is an advertisement." in text_of(client.get(path))
    moderator.post(f"{path}replies/{reply.id}/show/")
    assert "Canary reply" in asker.get(path).content.decode()
    with in_network(alder):
        assert (Discussion.objects.get().reply_count, Discussion.objects.get().state) == (1, "answered")


def test_what_is_hidden_before_its_email_goes_is_not_told(alder: Network, discussion, rob) -> None:
    with in_network(alder):
        services.hide_discussion(discussion, reason="x", by=rob)
    Worker().drain()

    with in_network(alder):
        told = Message.objects.filter(text__contains="Canary").exclude(kind="moderation.act")  # which its author gets
        assert not told.exists()


# Moving


def test_move_and_its_undo(alder: Network, discussion, rob, tom) -> None:
    moderator, path = client_of(rob, alder), f"/discussions/{discussion.id}/"
    with in_network(alder):
        old, new = discussion.category, Category.objects.get(name="Energy")

    moved = moderator.post(f"{path}move/", {"category": str(new.id)}, follow=True)

    assert "Moved to Energy." in text_of(moved)
    assert moderator.post(f"{path}move/?category={old.id}").status_code == 302
    with in_network(alder):
        assert Discussion.objects.get().category_id == old.id
        assert last_event()[0] == "discussions.discussion.moved"
    assert client_of(tom, alder).get(f"{path}move/").status_code == 404


def test_moving_to_a_category_that_stays_here_withdraws(in_alder: Network, discussion, priya, rob) -> None:
    owner = make_member(in_alder, name="Helen Marsh", role=Role.OWNER)
    sharing.update_policy(approval_required=False, kept_categories=["Staff"], blocked_networks=[], by=owner)
    share(discussion, priya)

    services.move_discussion(discussion, category=Category.objects.get(name="Staff"), by=rob)

    assert Discussion.objects.get().publication_id is None


# Programs, and other networks


def test_programs_of_moderators_do_it_and_of_members_do_not(alder: Network, discussion, tom, rob) -> None:
    path = f"/api/v1/discussions/{discussion.id}/"
    change = {"locked": True, "pinned": True, "hidden": True, "reason": "x"}

    refused = token_client(account_of(tom), alder).patch(path, change, content_type="application/json")
    done = token_client(account_of(rob), alder).patch(path, change, content_type="application/json")

    assert refused.status_code == 403
    assert done.status_code == 200
    assert {name: done.json()[name] for name in ("locked", "pinned", "hidden")} == {
        "locked": True,
        "pinned": True,
        "hidden": True,
    }


@pytest.mark.parametrize("act", ["lock", "pin", "show", "hide", "move", "replies/{reply}/hide", "replies/{reply}/show"])
def test_ids_of_another_network_are_unknown(alder: Network, birch, discussion, act) -> None:
    with in_network(alder):
        reply = Reply.objects.get()
    moderator = client_of(make_member(birch, name="Birch Mod", role=Role.MODERATOR), birch)

    answer = moderator.post(f"/discussions/{discussion.id}/{act.format(reply=reply.id)}/", {"reason": "x"})

    assert answer.status_code == 404
    with in_network(alder):
        found = Discussion.objects.get()
        assert (found.locked_at, found.pinned_at, found.hidden_at) == (None, None, None)


def test_the_page_costs_the_same_with_everything_set(alder: Network, discussion, priya, rob) -> None:
    client: Client = client_of(rob, alder)
    path = f"/discussions/{discussion.id}/"
    client.get(path)
    plain = count_queries(client, path)
    with in_network(alder):
        services.lock_discussion(discussion, is_locked=True, by=rob)
        services.pin_discussion(discussion, is_pinned=True, by=rob)
        services.hide_reply(Reply.objects.get(), reason="x", by=rob)
    client.get(path)

    assert count_queries(client, path) == plain
