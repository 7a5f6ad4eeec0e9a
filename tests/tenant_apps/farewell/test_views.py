"""An owner announces that the network closes, everybody is told, and an owner takes it back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from collective.publications.models import Publication
from shared_apps.audit.models import Event
from shared_apps.closing import services
from shared_apps.closing.enums import ClosingState
from shared_apps.closing.models import Closing
from shared_apps.jobs.worker import Worker
from shared_apps.mail.models import Message
from tenant_apps.members.enums import Role
from tenant_apps.notifications.enums import Channel, Kind
from tenant_apps.notifications.models import Notification
from tenant_apps.notifications.services import set_channel
from tenants.context import in_collective, in_network
from tenants.middleware import forget_hosts
from tenants.models import Network
from tests.builders.closing import announce
from tests.builders.discussions import make_discussion, share
from tests.builders.members import client_of, make_member, program_of

URL, STOP, NOTICE = "/manage/closing/", "/manage/closing/stop/", "/closing/"


@pytest.fixture
def closing(alder, owner):
    return announce(alder, owner)


def answers(days=30, **changed):
    day = timezone.localdate() + timedelta(days=days)
    usual = {"closes_on": day.isoformat(), "keeps_publications": "keep", "words": "Thank you all, it was good."}
    return usual | changed


def mails(network, kind):
    with in_network(network):
        found = Message.objects.filter(kind=kind).order_by("to_address")
        return list(found.values_list("to_address", flat=True))


def test_an_owner_announces_it_and_everybody_is_told_once(alder, birch, owner, browser):
    quiet = make_member(alder, name="Quin Quiet")
    make_member(birch, name="Bea Birch", role=Role.OWNER)
    with in_network(alder):
        set_channel(quiet, Kind.MODERATION, Channel.NONE)

    asked = browser.post(URL, answers()).content.decode()
    assert "Close the network?" in asked
    assert not Closing.objects.exists()
    page = browser.post(URL, answers(confirmed="yes"), follow=True).content.decode()
    Worker().drain()
    Worker().drain()

    assert "Announced." in page
    closing = Closing.objects.get()
    assert (closing.network_id, closing.state, closing.asked_by) == (alder.id, ClosingState.NOTICE, "owner")
    assert closing.deletes_at > closing.closes_at > timezone.now() + timedelta(days=29)
    assert mails(alder, "closing.announced") == [owner.email, quiet.email]
    assert mails(birch, "closing.announced") == []
    with in_network(alder):
        text = Message.objects.filter(kind="closing.announced").first().text
        assert Notification.objects.filter(news__key__startswith="closing.announced").count() == 2
        assert Event.objects.filter(name="closing.network.announced", actor_id=owner.account_id).exists()
    assert "Thank you all, it was good." in text
    assert "stays there, as from" in text


def test_every_page_says_it_and_a_member_reads_what_happens_when(alder, birch, owner, closing):
    forget_hosts()
    assert "Set up the network" not in client_of(owner, alder).get("/").content.decode()
    member = client_of(make_member(alder, name="Mo Member"), alder)
    other = client_of(make_member(birch, name="Bea Birch"), birch)

    assert "This network closes on" in member.get("/members/").content.decode()
    page = member.get(NOTICE).content.decode()

    assert "Goodbye, and thank you." in page
    assert "Olu Owner" in page
    assert STOP not in page
    assert "This network closes on" not in other.get("/members/").content.decode()
    assert "This network goes on" in other.get(NOTICE).content.decode()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"days": 29}, "30 days’ notice"),
        ({"days": 400}, "within a year"),
        ({"closes_on": "31 2 2027"}, "Enter a real date"),
        ({"keeps_publications": ""}, "Choose what becomes of it"),
        ({"words": "x" * 1001}, "at most 1,000 characters"),
    ],
)
def test_it_needs_a_day_with_notice_and_a_choice(browser, changed, words):
    page = browser.post(URL, answers(confirmed="yes", **changed))

    assert page.status_code == 422
    assert words in page.content.decode()
    assert not Closing.objects.exists()


def test_another_owner_takes_it_back_and_everybody_is_told(alder, owner, closing):
    second = make_member(alder, name="Ola Owner", role=Role.OWNER)
    browser = client_of(second, alder)

    assert "Keep the network" in browser.get(STOP).content.decode()
    page = browser.post(STOP, follow=True).content.decode()
    Worker().drain()
    Worker().drain()

    assert "Taken back." in page
    network = Network.objects.get(id=alder.id)
    assert (network.closes_at, network.deletes_at, network.is_read_only) == (None, None, False)
    assert mails(alder, "closing.called_off") == sorted([owner.email, second.email])
    assert f"{alder.name} is not closing." in browser.post(STOP, follow=True).content.decode()
    with in_network(alder):
        assert Event.objects.filter(name="closing.network.called_off", actor_id=second.account_id).exists()


@pytest.mark.parametrize("role", [Role.ORGANISER, Role.MEMBER])
def test_others_decide_nothing(alder, closing, role):
    other = client_of(make_member(alder, name="Ori Other", role=role), alder)

    assert other.get(URL).status_code == 403
    assert other.post(URL, answers(confirmed="yes")).status_code == 403
    assert other.post(STOP).status_code == 403
    assert Closing.objects.get().state == ClosingState.NOTICE


def test_announcing_and_taking_back_ask_for_a_fresh_proof(browser, closing, settings):
    settings.SECOND_STEP_REQUIRED = True

    for url in (URL, STOP):
        answer = browser.post(url, answers(confirmed="yes"))
        assert answer.status_code == 302
        assert "/account/confirm/" in answer.url
    assert Closing.objects.get().state == ClosingState.NOTICE


def test_until_the_last_day_members_take_back_what_stays(alder, owner):
    member = make_member(alder, name="Mo Member")
    with in_network(alder):
        question = share(make_discussion(member), member)
    closing = announce(alder, owner, keeps=True)
    services.advance_all(closing.closes_at + timedelta(days=1))
    forget_hosts()

    browser = client_of(member, alder)
    for page in ("/", "/discussions/"):  # offer nothing that would be refused
        assert "/discussions/new/" not in browser.get(page).content.decode()
    answer = browser.post(f"/discussions/{question.id}/share/withdraw/")

    assert answer.status_code == 302
    assert "Share again" not in browser.get(answer.url).content.decode()  # which the network would refuse now
    with in_collective():
        assert not Publication.objects.filter(origin_id=alder.id).exists()


def test_programs_of_owners_see_and_take_back_but_announce_nothing(alder, owner, closing):
    client, url = program_of(owner, alder), "/api/v1/closing/"
    other = program_of(make_member(alder, name="Ori Other", role=Role.ORGANISER), alder)

    assert client.get(url).json()["id"] == str(closing.id)
    assert other.get(url).status_code == 403
    assert client.post(url, answers(), content_type="application/json").status_code == 405
    services.advance_all(closing.closes_at + timedelta(days=1))
    forget_hosts()
    assert other.delete(url).status_code == 403
    assert client.delete(url).status_code == 204
    assert client.get(url).status_code == 404
    assert client.delete(url).status_code == 409
