"""The operator's page of what a network has: invoices are noted as paid, and plan, trial and sponsor are set."""

from datetime import timedelta

import pytest
from django.utils import timezone

from shared_apps.audit.services import Actor
from shared_apps.billing import services
from shared_apps.billing.enums import InvoiceState, State
from shared_apps.billing.models import Invoice, Subscription
from tests.builders.accounts import client_of, make_account


@pytest.fixture
def url(alder):
    return f"/operator/networks/{alder.id}/plan/"


@pytest.fixture
def invoice(subscription) -> Invoice:
    return services.request_invoice(
        subscription,
        plan=subscription.plan,
        period="year",
        purchase_order="PO 7",
        now=timezone.now(),
        by=Actor.system("command"),
    )


def test_page_shows_what_the_network_has_and_is_linked(console, url, alder, invoice):
    page = console.get(url).content.decode()

    assert "SBM-000001" in page
    assert "PO 7" in page
    assert url in console.get(f"/operator/networks/{alder.id}/").content.decode()


def test_money_that_came_is_noted_once(console, url, invoice, subscription):
    path = f"{url}invoices/{invoice.id}/paid/"

    first, second = (console.post(path, follow=True).content.decode() for _ in range(2))

    assert "Noted as paid" in first
    assert "Invoice SBM-000001 is paid." in second
    assert Subscription.objects.get(id=subscription.id).state == State.ACTIVE


def test_an_invoice_is_withdrawn(console, url, invoice):
    console.post(f"{url}invoices/{invoice.id}/withdraw/")

    assert Invoice.objects.get().state == InvoiceState.VOID


def test_plan_trial_and_sponsor_are_set_each_by_its_own_form(console, url, subscription):
    day = timezone.localdate() + timedelta(days=200)
    forms = (
        {"form": "plan", "plan": "large", "discount_percent": "25"},
        {"form": "trial", "last_day": day.strftime("%d %m %Y")},
        {"form": "sponsor", "sponsor": "A trust", "sponsored_until": day.strftime("%d/%m/%Y")},
    )

    assert [console.post(url, each).status_code for each in forms] == [302, 302, 302]
    saved = Subscription.objects.get(id=subscription.id)
    assert (saved.plan.code, saved.discount_percent, saved.sponsor, saved.state) == (
        "large",
        25,
        "A trust",
        State.ACTIVE,
    )
    assert [timezone.localdate(each) for each in (saved.trial_ends_at, saved.sponsored_until)] == [day, day]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"form": "plan", "plan": "huge", "discount_percent": "0"}, "Choose a plan"),
        ({"form": "plan", "plan": "large", "discount_percent": "101"}, "Enter a whole number from 0 to 100"),
        ({"form": "trial", "last_day": "31 2 2027"}, "Enter a real date"),
        ({"form": "trial", "last_day": "1 1 2020"}, "A trial ends after it begins."),
        ({"form": "sponsor", "sponsor": ""}, "Enter who sponsors the network"),
    ],
)
def test_what_cannot_be_is_said_on_the_form(console, url, subscription, given, words):
    answer = console.post(url, given)

    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_only_operators_see_it(url, alder):
    account = make_account(alder)

    assert client_of(account, "platform").get(url).status_code == 403
