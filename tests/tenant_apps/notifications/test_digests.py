"""One digest for each person, of all their networks, at their hour, once."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail as outbox
from django.test import Client
from django.utils import timezone

from shared_apps.accounts.models import NetworkAccess
from shared_apps.jobs.worker import Worker
from shared_apps.mail import selectors as mail_selectors
from shared_apps.mail import services as mail
from shared_apps.mail.enums import DigestState
from shared_apps.mail.models import Address, Digest, Message, PlatformMessage, Recipient
from tenant_apps.discussions import services as discussions
from tenant_apps.notifications import selectors, services, tasks
from tenant_apps.notifications.enums import Channel, Kind
from tenant_apps.notifications.models import Notification
from tenants.context import each_network, in_network, in_public
from tenants.enums import NetworkState
from tenants.models import Network
from tests.builders.accounts import host_of
from tests.builders.discussions import make_discussion
from tests.builders.members import client_of, make_member
from tests.isolation import rows

LONDON = ZoneInfo("Europe/London")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=LONDON)  # the 20th is a Friday


@pytest.mark.parametrize(
    ("wish", "now", "slot"),
    [
        ({}, at(20, 7, 5), at(20, 7)),
        ({}, at(20, 6, 59), at(19, 7)),
        ({"digest_hour": 16}, at(20, 12), at(19, 16)),
        ({"digest": "weekly", "digest_weekday": 4}, at(20, 8), at(20, 7)),
        ({"digest": "weekly", "digest_weekday": 4}, at(20, 6), at(13, 7)),
        ({"digest": "weekly", "digest_weekday": 0}, at(20, 8), at(16, 7)),
        ({"digest": "never"}, at(20, 8), None),
    ],
)
def test_last_slot(wish, now, slot):
    assert mail_selectors.last_slot(Recipient(**wish), now) == slot


@pytest.fixture
def priya(alder, birch):
    """Somebody in both networks, whom each has something to tell in the digest."""
    here = make_member(alder, name="Priya Raman")
    there = make_member(birch, name="Priya Raman", email=here.email)
    for network in (alder, birch):
        asker = make_member(network, name=f"Asker of {network.name}")
        with in_network(network):
            make_discussion(asker, title=f"Asked in {network.name}?", body=f"canary-{network.subdomain}-kept")
    Worker().drain()
    outbox.outbox.clear()
    assert here.account_id == there.account_id
    return here


def tomorrow() -> datetime:
    return timezone.now() + timedelta(days=1)


def plan_and_send(now: datetime | None = None) -> list:
    """Send what is due, and return the digests that went out."""
    with in_public():
        services.plan_digests(now or tomorrow())
    Worker().drain()
    return [each for each in outbox.outbox if each.subject.startswith("Your digest")]


def to(priya, sent: list) -> list:
    return [each for each in sent if each.to == [priya.email]]


def test_digest_is_one_for_all_networks(alder, birch, priya):
    (digest,) = to(priya, plan_and_send())

    html = digest.alternatives[0].content
    for words in ("Alder SBM Network", "Birch Bursars", "Asked in Alder SBM Network?", "Asked in Birch Bursars?"):
        assert words in digest.body
        assert words in html
    assert "http://alder.localhost" in digest.body
    assert "http://birch.localhost" in digest.body
    assert digest.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert digest.extra_headers["Precedence"] == "list"
    assert digest.from_email.startswith('"SBM Collective"')


def test_digest_is_stored_nowhere(alder, birch, priya):
    plan_and_send()

    for network in each_network():
        other = "birch" if network.subdomain == "alder" else "alder"
        for table in rows.tables(network.schema_name):
            assert not any(f"canary-{other}" in text for text in rows.texts(network.schema_name, table)), table
        assert not Message.objects.filter(subject__startswith="Your digest").exists()
    for table in rows.tables("public"):
        assert not any("canary" in text for text in rows.texts("public", table)), table
    assert not PlatformMessage.objects.filter(subject__startswith="Your digest").exists()


def test_digest_is_read_in_development_on_each_network_by_itself(alder, birch, priya, settings):
    settings.DEBUG = True
    plan_and_send()

    for network, other in ((alder, birch), (birch, alder)):
        with in_network(network):
            (kept,) = Message.objects.filter(kind="digest", to_address=priya.email)
            page = Client(headers={"host": host_of(network)}).get(f"/dev/mail/{kept.id}/")
        assert f"canary-{network.subdomain}-kept" in page.text
        assert f"canary-{other.subdomain}" not in f"{page.text}{kept.html}{kept.subject}{kept.headers}"
        assert Client(headers={"host": host_of(other)}).get(f"/dev/mail/{kept.id}/").status_code == 404
    assert "canary-" not in "".join(rows.texts("public", "mail_platform_message"))


def test_digest_says_nothing_twice(alder, birch, priya):
    first = to(priya, plan_and_send())
    again = to(priya, plan_and_send())
    next_day = to(priya, plan_and_send(tomorrow() + timedelta(days=1)))

    assert len(first) == len(again) == len(next_day) == 1


def test_digest_leaves_out_what_was_emailed_at_once_or_read(alder, birch, priya):
    with in_network(alder):
        asker = make_member(alder, name="Another asker")
        read = make_discussion(asker, title="Read already")
        mine = make_discussion(priya, title="Her own question")
        discussions.post_reply(mine, body="Told at once", by=asker)
    Worker().drain()
    client_of(priya, alder).get(f"/discussions/{read.id}/")

    (digest,) = to(priya, plan_and_send())

    assert "Read already" not in digest.body
    assert "Told at once" not in digest.body


def test_digest_waits_for_the_hour(alder, birch, priya):
    with in_public():
        assert services.plan_digests(timezone.now() - timedelta(days=1)) == 0


def test_digest_of_one_network_is_from_it(alder, birch, priya):
    with in_network(birch):
        Notification.objects.all().delete()

    (digest,) = to(priya, plan_and_send())

    assert digest.from_email.startswith('"Alder SBM Network"')


@pytest.mark.parametrize("state", [DigestState.SENDING, DigestState.SENT])
def test_digest_that_may_have_gone_is_not_sent_again(alder, birch, priya, state):
    """A worker was killed while the mail server was asked, or just after."""
    with in_public():
        services.plan_digests(tomorrow())
        Digest.objects.update(state=state)

    Worker().drain()

    assert not [each for each in outbox.outbox if each.subject.startswith("Your digest")]


def test_digest_that_may_not_have_arrived_is_in_the_inbox_once(alder, birch, priya):
    plan_and_send()
    Digest.objects.filter(account_id=priya.account_id).update(state=DigestState.SENDING)
    with in_public():
        assert services.keep_doubtful() == 0  # it may be on its way
        unseen = [access.unseen for access in NetworkAccess.objects.filter(account_id=priya.account_id)]
        assert [services.keep_doubtful(tomorrow() + timedelta(days=1)) for _time in range(2)] == [1, 0]

    assert unseen == [0, 0]
    assert [access.unseen for access in NetworkAccess.objects.filter(account_id=priya.account_id)] == [1, 1]
    with in_network(alder):
        assert [told.news.title for told in selectors.inbox_of(priya)] == ["Asked in Alder SBM Network?"]
    assert Digest.objects.get(account_id=priya.account_id).state == DigestState.DOUBTFUL
    assert mail_selectors.count_doubtful_digests() == 1


@pytest.mark.parametrize("state", [DigestState.PLANNED, DigestState.FAILED])
def test_digest_that_was_never_taken_is_in_the_inbox(alder, birch, priya, state):
    """The mail server refused it, for now and until its job gave up, or for good; one network was closed meanwhile."""
    plan_and_send()
    Digest.objects.filter(account_id=priya.account_id).update(state=state, sent_at=None)
    Network.objects.filter(id=birch.id).update(state=NetworkState.SUSPENDED)
    with in_public():
        assert services.keep_doubtful() == 0  # its job may be trying
        assert [services.keep_doubtful(tomorrow() + timedelta(days=1)) for _time in range(2)] == [1, 0]

    for network in (alder, birch):
        with in_network(network):
            mine = Notification.objects.get(member__account_id=priya.account_id)
            assert mine.in_inbox
    assert len(to(priya, plan_and_send(tomorrow() + timedelta(days=1)))) == 1


def test_digest_given_up_takes_nothing_more(alder, birch, priya, monkeypatch):
    """Its job was still gathering."""
    with in_public():
        services.plan_digests(tomorrow())
        digest = Digest.objects.get(account_id=priya.account_id)

        def give_up(addresses):
            services.keep_doubtful(tomorrow() + timedelta(days=1))
            return {}

        monkeypatch.setattr(mail_selectors, "paused_addresses", give_up)
        services.send_digest(digest.id)

    assert not to(priya, outbox.outbox)
    for network in (alder, birch):
        with in_network(network):
            assert Notification.objects.get(member__account_id=priya.account_id).digest_id is None


def test_digest_whose_address_was_paused_meanwhile_gives_back_what_it_took(alder, birch, priya):
    plan_and_send()
    outbox.outbox.clear()
    Digest.objects.filter(account_id=priya.account_id).update(state=DigestState.PLANNED, sent_at=None)
    digest = Digest.objects.get(account_id=priya.account_id)
    with in_public():
        mail.take_bounce(priya.email, is_hard=True)
        services.send_digest(digest.id)
        digest.refresh_from_db()
        Address.objects.update(paused_at=None, reason="")

    assert digest.state == DigestState.EMPTY
    (sent,) = to(priya, plan_and_send(tomorrow() + timedelta(days=1)))
    assert "Asked in Alder SBM Network?" in sent.body
    assert "Asked in Birch Bursars?" in sent.body


def test_digest_that_another_worker_is_sending_keeps_what_it_took(alder, birch, priya, monkeypatch):
    plan_and_send()
    digest = Digest.objects.get(account_id=priya.account_id)
    Digest.objects.filter(id=digest.id).update(state=DigestState.PLANNED, sent_at=None)
    sending = Digest.objects.filter(id=digest.id)
    monkeypatch.setattr(mail_selectors, "paused_addresses", lambda _: sending.update(state=DigestState.SENDING) and {})
    with in_public():
        services.send_digest(digest.id)

    for network in (alder, birch):
        with in_network(network):
            assert Notification.objects.get(member__account_id=priya.account_id).digest_id == digest.id


def test_digest_killed_before_it_was_sent_is_sent_whole(alder, birch, priya, monkeypatch):
    with in_public():
        services.plan_digests(tomorrow())
        digest = Digest.objects.get(account_id=priya.account_id)
    monkeypatch.setattr(mail, "send_digest", lambda *args, **kwargs: (_ for _ in ()).throw(KeyboardInterrupt))
    with in_public(), pytest.raises(KeyboardInterrupt):
        services.send_digest(digest.id)
    monkeypatch.undo()

    with in_public():
        tasks.send_digest.run_now(digest_id=digest.id)

    (sent,) = to(priya, outbox.outbox)
    assert "Asked in Alder SBM Network?" in sent.body
    assert "Asked in Birch Bursars?" in sent.body


def test_digest_gathers_replies_under_their_discussion(alder, birch, priya):
    with in_network(alder):
        services.set_channel(priya, Kind.REPLY, Channel.DIGEST)
        mine = make_discussion(priya, title="Her own question")
        helper = make_member(alder, name="Helper")
        for body in ("First thing", "Second thing"):
            discussions.post_reply(mine, body=body, by=helper)
    Worker().drain()

    (digest,) = to(priya, plan_and_send())

    assert digest.body.count("Her own question") == 1
    assert "First thing" in digest.body
    assert "Second thing" in digest.body


def test_digest_link_stops_the_digest(alder, birch, priya, client_for):
    (digest,) = to(priya, plan_and_send())
    link = digest.extra_headers["List-Unsubscribe"].strip("<>")
    host, path = link.split("//")[1].split("/", 1)
    place = alder if host.startswith("alder") else birch

    client_for(place).post(f"/{path}", {"List-Unsubscribe": "One-Click"})

    assert Recipient.objects.get(account_id=priya.account_id).digest == "never"
