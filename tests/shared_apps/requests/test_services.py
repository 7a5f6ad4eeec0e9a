"""Asking, confirming, deciding, forgetting: nobody sees what nobody confirmed, and nothing is kept for ever."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from shared_apps.audit.models import PlatformEvent
from shared_apps.audit.services import Actor
from shared_apps.mail.models import PlatformMessage
from shared_apps.operator import services as operating
from shared_apps.requests import selectors, services
from shared_apps.requests.enums import RequestState
from shared_apps.requests.models import NetworkRequest
from tenants.enums import NetworkState
from tenants.models import Network
from tenants.names import NetworkNameError
from tests.builders.accounts import make_account
from tests.builders.requests import WANTED, ask_for_network, make_request

BY = Actor.system("command")


def later(**by: int):
    return timezone.now() + timedelta(**by)


def test_nobody_sees_a_request_whose_address_is_not_confirmed(db):
    make_account(email="olive@platform.example", operator=True)

    ask_for_network()

    row = NetworkRequest.objects.get()
    assert (list(selectors.requests()), selectors.queue(), selectors.get_request(row.id)) == ([], (0, None), None)
    assert list(PlatformMessage.objects.values_list("to_address", flat=True)) == ["rhoda@rowan.example"]


def test_nothing_that_a_stranger_typed_is_sent_to_an_address_that_is_not_confirmed(db):
    """Otherwise anybody could have us send their words to anybody."""
    ask_for_network(name="Buy gold now", person="Click here", organisation="Win.example", words="A prize waits.")

    mail = PlatformMessage.objects.get()
    for typed in ("gold", "Click", "Win", "prize"):
        assert typed not in mail.text + mail.html + mail.subject


def test_a_confirmed_request_waits_and_operators_hear_of_it(db):
    make_account(email="olive@platform.example", operator=True)

    row = make_request()

    assert [each.id for each in selectors.waiting_requests()] == [row.id]
    assert selectors.queue() == (1, row.confirmed_at)
    told = PlatformMessage.objects.get(kind="requests.waits")
    assert told.to_address == "olive@platform.example"
    assert f"/operator/requests/{row.id}/" in told.text
    assert PlatformEvent.objects.get(target_id=row.id).name == "requests.request.confirmed"


def test_a_link_works_once_and_for_a_week(db):
    token = ask_for_network()
    row = selectors.request_of_token(token, later(days=6))

    assert selectors.request_of_token(token, later(days=8)) is None
    assert selectors.request_of_token(f"x{token}", timezone.now()) is None
    services.confirm(row, now=timezone.now(), by=BY)
    with pytest.raises(services.RequestError, match="meanwhile"):
        services.confirm(row, now=timezone.now(), by=BY)


def test_asked_again_the_latest_words_wait(db):
    make_request(words="First.")
    make_request(words="Second.")
    make_request(words="Of somebody else.", email="robin@rowan.example")

    assert [each.words for each in selectors.waiting_requests()] == ["Second.", "Of somebody else."]


@pytest.mark.parametrize("subdomain", ["alder", "www", "Rowan", "../x"])
def test_an_address_that_nobody_can_have_is_refused(alder, subdomain):
    with pytest.raises((services.RequestError, NetworkNameError)):
        services.ask(services.Wanted(**(WANTED | {"subdomain": subdomain})), now=timezone.now())

    assert not NetworkRequest.objects.exists()


def test_accepted_it_becomes_a_network_of_who_asked(db):
    row = make_request()

    network = operating.accept_request(row, plan="small", now=timezone.now(), by=BY)

    row.refresh_from_db()
    assert (row.state, row.network) == (RequestState.ACCEPTED, network)
    assert (network.name, network.owner_email, network.region) == (row.name, row.email, "South East")
    assert network.subscription.plan.code == "small"
    with pytest.raises(services.RequestError, match="meanwhile: accepted"):
        services.decline(row, answer="No.", now=timezone.now(), by=BY)


def test_what_was_decided_meanwhile_makes_no_network(db):
    row = make_request()
    services.decline(row, answer="No.", now=timezone.now(), by=BY)

    with pytest.raises(services.RequestError, match="meanwhile: declined"):
        operating.accept_request(row, now=timezone.now(), by=BY)

    assert not Network.objects.filter(subdomain="rowan").exists()


def test_a_network_that_is_taken_back_puts_its_request_back(db):
    row = make_request()
    network = operating.accept_request(row, now=timezone.now(), by=BY)

    operating.remove_unfinished(network, by=BY)

    row.refresh_from_db()
    assert (row.state, row.network, network.state) == (RequestState.WAITING, None, NetworkState.REQUESTED)


def test_declined_who_asked_reads_why(db):
    services.decline(make_request(), answer="Join Alder, near you.", now=timezone.now(), by=BY)

    mail = PlatformMessage.objects.get(kind="requests.declined")
    assert mail.to_address == "rhoda@rowan.example"
    assert "Join Alder, near you." in mail.text
    with pytest.raises(services.RequestError, match="Say why"):
        services.decline(make_request(), answer=" ", now=timezone.now(), by=BY)


def test_nothing_of_a_stranger_is_kept_for_ever(db):
    ask_for_network(subdomain="forgotten")
    services.decline(make_request(subdomain="declined"), answer="No.", now=timezone.now(), by=BY)
    make_request(subdomain="waiting")
    kept = NetworkRequest.objects.order_by("subdomain").values_list("subdomain", flat=True)

    assert services.give_up(later(days=29)) == 0
    assert services.forget_old(later(days=6)) == 0
    assert services.forget_old(later(days=8)) == 1
    assert list(kept.all()) == ["declined", "waiting"]
    services.forget_old(later(days=31))

    assert list(kept.all()) == ["waiting"]
    assert services.give_up(later(days=31)) == 1
    assert list(kept.all()) == []
    told = PlatformMessage.objects.get(kind="requests.unanswered")
    assert told.to_address == "rhoda@rowan.example"
    for typed in (WANTED["name"], "waiting.localhost", WANTED["person"]):
        assert typed not in told.text, "what they wrote is deleted"
    assert PlatformEvent.objects.filter(name="requests.request.unanswered").count() == 1


def test_operators_are_reminded_once_a_week_of_what_waits_long(db):
    make_account(email="olive@platform.example", operator=True)
    make_request()
    monday = (now := later(days=6)) + timedelta(days=7 - now.weekday())
    reminders = PlatformMessage.objects.filter(kind="requests.remind", to_address="olive@platform.example")

    sent = [(services.remind(now=at), reminders.count()) for at in (later(days=4), monday, monday + timedelta(days=6))]
    services.remind(now=monday + timedelta(days=7))

    assert sent == [(0, 0), (1, 1), (1, 1)]
    assert reminders.count() == 2
    assert "/operator/requests/" in reminders[0].text


@pytest.mark.parametrize("state", [RequestState.WAITING, RequestState.DECLINED])
def test_the_database_keeps_unconfirmed_requests_from_operators(db, state):
    ask_for_network()

    with pytest.raises(IntegrityError), transaction.atomic():
        NetworkRequest.objects.update(state=state)
