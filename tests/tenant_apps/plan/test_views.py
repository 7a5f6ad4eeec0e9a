"""The owners' page: how the plan stands, an invoice to ask for and to print, also where the network is read-only."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shared_apps.audit.services import Actor
from shared_apps.billing import selectors, services
from shared_apps.billing.enums import State
from shared_apps.billing.models import Invoice, Subscription
from tenant_apps.members.enums import Role
from tenants.middleware import forget_hosts
from tenants.models import Network
from tests.builders.members import client_of, make_member

URL = "/manage/plan/"
WANTED = {"plan": "small", "period": "term", "purchase_order": "PO 7"}


def test_page_says_how_it_stands_and_what_it_costs(browser):
    page = browser.get(URL).content.decode()

    assert "Free trial" in page
    assert "Small: £60 a term or £150 a year, plus VAT" in page


def test_a_network_that_closes_is_offered_nothing_to_pay(browser, alder):
    Network.objects.filter(pk=alder.pk).update(closes_at=timezone.now(), deletes_at=timezone.now())
    forget_hosts()

    page = browser.get(URL).content.decode()

    assert ("there is nothing to pay ahead" in page, "Get the invoice" in page) == (True, False)


def test_the_number_of_an_order_is_for_one_invoice(browser):
    browser.post(URL, WANTED)
    Invoice.objects.update(state="paid", paid_at=timezone.now())

    assert "PO 7" not in browser.get(URL).content.decode()


def test_an_owner_gets_an_invoice_to_print(browser, alder):
    page = browser.post(URL, WANTED, follow=True).content.decode()

    invoice = Invoice.objects.get()
    issued = f"{timezone.localtime(invoice.issued_at):%B %Y}"
    for words in (invoice.number, "PO 7", issued, "£60", "VAT at 20%", "£12", "£72", alder.name):
        assert words in page
    assert "There is an invoice to pay" in browser.get(URL).content.decode()


def test_a_second_invoice_is_refused_on_the_form(browser):
    browser.post(URL, WANTED)

    answer = browser.post(URL, WANTED)

    assert answer.status_code == 422
    assert Invoice.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"plan": ""}, "Choose a plan"),
        ({"plan": "huge"}, "Choose a plan"),
        ({"period": "week"}, "Choose a term or a year"),
        ({"purchase_order": "7" * 31}, "at most 30 characters"),
    ],
)
def test_what_is_wrong_is_said(browser, changed, words):
    answer = browser.post(URL, WANTED | changed)

    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_only_owners_see_it(alder, owner):
    organiser = make_member(alder, name="Ori Organiser", role=Role.ORGANISER)

    answer = client_of(organiser, alder).get(URL)

    assert answer.status_code == 403
    assert "Olu Owner can help" in answer.content.decode()


def test_a_read_only_network_says_so_and_can_still_pay(browser, alder):
    now = timezone.now()
    Subscription.objects.filter(network=alder).update(trial_ends_at=now - timedelta(days=40))
    services.review_all(now=now)
    forget_hosts()

    refused = browser.post("/discussions/new/", {"title": "A title", "body": "Words"})
    banner = browser.get("/").content.decode()
    asked = browser.post(URL, WANTED)

    assert selectors.subscription_of(alder).state == State.READ_ONLY
    assert refused.status_code == 403
    assert "Pay, or see the plan" in banner
    assert asked.status_code == 302


def test_an_invoice_of_another_network_is_not_there(browser, birch):
    owner = make_member(birch, name="Bo Owner", role=Role.OWNER)
    client_of(owner, birch).post(URL, WANTED)

    assert browser.get(f"{URL}invoices/{Invoice.objects.get().id}/").status_code == 404


def test_page_costs_the_same_with_three_invoices(browser, alder):
    browser.post(URL, WANTED)
    with CaptureQueriesContext(connection) as one:
        browser.get(URL)
    for _ in range(2):
        services.mark_paid(Invoice.objects.get(state="open"), now=timezone.now(), by=Actor.system())
        browser.post(URL, WANTED)

    with CaptureQueriesContext(connection) as three:
        browser.get(URL)

    assert Invoice.objects.count() == 3
    assert len(three) == len(one)


def test_an_owner_pays_by_card_on_stripes_page_and_finds_the_way_back(browser, alder, till):
    asked = browser.post(URL, WANTED | {"card": "1"}).content.decode()
    url = re.search(rf'href="({till.stand_in.url}/c/pay/[^"]+)"', asked).group(1)
    till.pay_by_card(url)
    till.deliver()

    page = browser.get(URL).content.decode()
    portal = browser.post(f"{URL}card/").content.decode()

    assert "The card is charged next on" in page
    assert "Get the invoice" not in page
    assert f"{till.stand_in.url}/p/session/" in portal


def test_an_invoice_of_stripe_is_shown_with_the_way_to_pay_it(browser, till):
    page = browser.post(URL, WANTED, follow=True).content.decode()

    invoice = Invoice.objects.get()
    for words in (invoice.number, "PO 7", "£60", "VAT at 20%", "£12", "£72", invoice.pay_url):
        assert words in page


def test_while_stripe_does_not_answer_the_form_says_so(browser, till):
    till.stand_in.deliveries.is_down = True

    answers = [browser.post(URL, WANTED | more) for more in ({}, {"card": "1"})]

    assert [answer.status_code for answer in answers] == [422, 422]
    for answer in answers:
        assert "Our payment service did not answer" in answer.content.decode()
    assert not Invoice.objects.exists()


def test_an_owner_sees_what_another_plan_costs_before_it_is_changed(browser, alder):
    browser.post(URL, WANTED | {"period": "year"})
    services.mark_paid(Invoice.objects.get(), now=timezone.now(), by=Actor.system())
    Subscription.objects.filter(network=alder).update(trial_ends_at=timezone.now())

    link = browser.get(URL).content.decode()
    asked = browser.post(f"{URL}change/", {"plan": "medium"})
    before = selectors.subscription_of(alder).plan.code
    browser.post(f"{URL}change/", {"plan": "medium", "confirm": "1"})

    assert "Change the plan" in link
    assert "You get an invoice for £" in asked.content.decode()
    assert (before, selectors.subscription_of(alder).plan.code) == ("small", "medium")
    assert Invoice.objects.filter(state="open", description="Change to Medium").count() == 1


def test_a_change_that_is_not_possible_is_said_on_the_form(browser):
    answers = [browser.post(f"{URL}change/", {"plan": code}) for code in ("", "huge")]

    assert [answer.status_code for answer in answers] == [422, 422]
