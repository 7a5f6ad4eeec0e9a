"""Telling followers once, and stopping by the link in the email."""

from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from shared_apps.accounts.models import NetworkAccess
from shared_apps.mail import services as mail
from shared_apps.mail.models import Message
from shared_apps.mail.services import email_of
from tenant_apps.members import services as members
from tenant_apps.members.enums import Role
from tenant_apps.notifications import selectors, services
from tenant_apps.notifications.enums import Kind
from tenants.context import in_network
from tenants.ids import new_id
from tests.builders.members import make_member

THING = new_id()


@pytest.fixture
def following(alder):
    member = make_member(alder)
    with in_network(alder):
        services.follow(member, kind="discussion", object_id=THING)
    return member


def tell(by: UUID | None = None, **changes) -> int:
    happening = services.Happening(kind=Kind.REPLY, things=[("discussion", THING)], by=by)
    facts = {
        "key": "reply.1",
        "title": "Who cuts your grass?",
        "line": "Dawn replied",
        "path": "/discussions/1/",
        "about": ("discussion", THING),
    }
    return services.notify(happening, services.Tidings(**(facts | changes)))


def test_follow_twice_is_once(in_alder):
    member = make_member(in_alder)

    services.follow(member, kind="discussion", object_id=THING)
    services.follow(member, kind="discussion", object_id=THING)

    assert [each.id for each in selectors.followers(kind="discussion", object_id=THING)] == [member.id]
    assert selectors.followed_ids(member, kind="discussion", object_ids=[THING, new_id()]) == {THING}


def test_unfollow(in_alder):
    member = make_member(in_alder)
    services.follow(member, kind="discussion", object_id=THING)

    services.unfollow(member, kind="discussion", object_id=THING)

    assert not selectors.is_following(member, kind="discussion", object_id=THING)


def test_notify_queues_one_message_each_and_none_twice(alder, following):
    other = make_member(alder, name="Dawn Okafor")
    with in_network(alder):
        services.follow(other, kind="discussion", object_id=THING)

        tell(by=other.id)
        tell(by=other.id)

        queued = list(Message.objects.exclude(kind="invitation").values_list("to_address", "subject", "kind"))
    assert queued == [(following.email, "Who cuts your grass?", "news.reply")]


def test_notify_leaves_out_who_left(alder, following):
    owner = make_member(alder, name="Helen Marsh", role=Role.OWNER)
    with in_network(alder):
        members.remove_member(following, by=owner)

        assert tell() == 0


def test_notify_offers_to_stop_with_one_click(alder, following):
    with in_network(alder):
        tell()
        headers = Message.objects.latest("id").headers

    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Unsubscribe"].startswith("<http://alder.localhost")


def test_notify_stays_in_the_network(alder, birch, following):
    with in_network(birch):
        make_member(birch, email=following.email)

        assert tell() == 0


@pytest.fixture
def path(alder, following):
    with in_network(alder):
        return urlsplit(services.unsubscribe_url(following, kind="discussion", object_id=THING)).path


def follows(network, member) -> bool:
    with in_network(network):
        return selectors.is_following(member, kind="discussion", object_id=THING)


def test_unsubscribe_asks_first(alder, following, path, client_for):
    response = client_for(alder).get(path)

    assert "Stop emails about this discussion?" in response.content.decode()
    assert follows(alder, following)


def test_unsubscribe_works_with_one_click_and_no_cookie(alder, following, path):
    strict = Client(headers={"host": "alder.localhost"}, enforce_csrf_checks=True)

    response = strict.post(path, {"List-Unsubscribe": "One-Click"})

    assert (response.status_code, follows(alder, following)) == (200, False)


def test_unsubscribe_can_be_taken_back(alder, following, path, client_for):
    client_for(alder).post(path)

    client_for(alder).post(path, {"do": "follow"})

    assert follows(alder, following)


@pytest.mark.parametrize("host", ["birch.localhost", "localhost", "collective.localhost"])
def test_unsubscribe_is_worth_nothing_on_another_host(alder, birch, following, path, host):
    response = Client(headers={"host": host}).post(path)

    assert (response.status_code, follows(alder, following)) == (404, True)


@pytest.mark.parametrize("change", [lambda token: token[:-1], lambda token: "x" + token, lambda token: "nothing"])
def test_unsubscribe_needs_the_whole_signature(alder, following, path, client_for, change):
    token = path.rstrip("/").rsplit("/", 1)[1]

    response = client_for(alder).post(path.replace(token, change(token)))

    assert (response.status_code, follows(alder, following)) == (404, True)


def test_notify_names_who_wrote_and_keeps_the_thread(alder, following):
    tidings = {"title": "Who cuts your grass?", "path": "/discussions/1/", "about": ("discussion", THING)}
    happening = services.Happening(kind="reply", things=[("discussion", THING)])
    with in_network(alder):
        for number, title in enumerate(("Who cuts your grass?", "Renamed since")):
            facts = tidings | {"title": title, "by_name": 'Dawn "D" Okafor', "key": f"reply.{number}"}
            services.notify(happening, services.Tidings(**facts))
        first, second = (email_of(each) for each in Message.objects.filter(kind="news.reply").order_by("id"))

    assert first.from_email.startswith('"Dawn D Okafor via Alder SBM Network" <')
    assert first.subject == second.subject == "Who cuts your grass?"
    assert first.extra_headers["References"] == second.extra_headers["References"]
    assert first.extra_headers["Message-ID"] != second.extra_headers["Message-ID"]


@pytest.mark.parametrize("always", [True, False])
def test_notify_members_in_words_of_their_own(alder, following, always):
    with in_network(alder):
        for _time in range(2):
            services.notify_members(
                [following],
                kind=Kind.MODERATION,
                key="moderation.act.1",
                title="You cannot write for now",
                words={"heading": "You cannot write", "paragraphs": ["You can read."], "reason": "It is about you."},
                path="/moderation/",
                mail_kind="moderation.act",
                always=always,
            )
        (message,) = Message.objects.filter(kind="moderation.act")
        (told,) = selectors.inbox_of(following)

    assert (told.news.title, told.news.text) == ("You cannot write for now", "You can read.")
    assert (message.text.count("You can read."), message.html.count("You can read.")) == (1, 2)  # with the preview
    assert "It is about you.\n" in message.text
    assert ("List-Unsubscribe" in message.headers, "/unsubscribe/" in message.text) == (not always, not always)


def test_notify_in_quiet_hours_waits_with_the_email_only(alder, following):
    hour = timezone.localtime().hour
    mail.save_recipient(following.account_id, quiet_from=hour, quiet_until=(hour + 2) % 24)
    DBTaskResult.objects.all().delete()
    with in_network(alder):
        tell()

    assert DBTaskResult.objects.get().run_after > timezone.now()
    assert NetworkAccess.objects.get(account_id=following.account_id, network=alder).unseen == 1
