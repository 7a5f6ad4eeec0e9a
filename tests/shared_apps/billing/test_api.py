"""`/api/v1/networks/<id>/subscription/` and its invoices: what operators' own programs may see and do."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from shared_apps.audit.models import PlatformEvent
from shared_apps.audit.services import Actor
from shared_apps.billing import services
from shared_apps.billing.models import Invoice, Subscription
from tenants.models import Network
from tests.builders.accounts import make_account, token_client
from tests.till import day


@pytest.fixture
def program(operator):
    return token_client(operator, "platform")


@pytest.fixture
def url(alder):
    return f"/api/v1/networks/{alder.id}/"


def send(client, method: str, url: str, body: dict):
    return getattr(client, method)(url, body, content_type="application/json")


def test_subscription_says_how_it_stands(program, url, alder):
    found = program.get(f"{url}subscription/").json()

    assert {name: found[name] for name in ("network", "state", "plan", "period", "sponsor", "invoices")} == {
        "network": str(alder.id),
        "state": "trial",
        "plan": "medium",
        "period": "year",
        "sponsor": "",
        "invoices": [],
    }


def test_subscription_takes_plan_trial_and_sponsor(program, url):
    until = (timezone.now() + timedelta(days=400)).isoformat()

    answer = send(
        program,
        "patch",
        f"{url}subscription/",
        {"plan": "large", "discount_percent": 50, "sponsor": "A trust", "sponsored_until": until},
    )

    found = answer.json()
    assert (found["plan"], found["discount_percent"], found["state"]) == ("large", 50, "active")
    names = set(PlatformEvent.objects.values_list("name", flat=True))
    assert {"billing.plan.set", "billing.sponsor.set", "billing.subscription.moved"} <= names


@pytest.mark.parametrize(
    "body",
    [{}, {"plan": "huge"}, {"sponsor": "A trust"}, {"discount_percent": 101}, {"trial_ends_at": "soon"}],
)
def test_subscription_refuses_what_it_does_not_know(program, url, body):
    assert send(program, "patch", f"{url}subscription/", body).status_code == 400


def test_a_trial_that_is_over_makes_the_network_past_due_or_read_only(program, url, alder, subscription):
    past = subscription.created_at + timedelta(seconds=1)

    answer = send(program, "patch", f"{url}subscription/", {"trial_ends_at": past.isoformat()})

    assert answer.json()["state"] == "past_due"
    assert not Network.objects.get(id=alder.id).is_read_only


def test_invoice_is_issued_once_and_paid_once(program, url):
    new = {"plan": "small", "period": "term", "purchase_order": "PO 7"}

    made = send(program, "post", f"{url}invoices/", new)
    again = send(program, "post", f"{url}invoices/", new)
    one = f"{url}invoices/{made.json()['id']}/"
    paid = send(program, "patch", one, {"state": "paid"})
    twice = send(program, "patch", one, {"state": "paid"})

    assert [each.status_code for each in (made, again, paid, twice)] == [201, 409, 200, 409]
    assert (made.json()["pence"], paid.json()["state"]) == (72_00, "paid")
    assert program.get(one).json()["paid_at"] is not None


def test_an_invoice_of_another_network_is_not_there(program, url, birch):
    made = send(program, "post", f"{url}invoices/", {"plan": "small", "period": "term"}).json()

    assert program.get(f"/api/v1/networks/{birch.id}/invoices/{made['id']}/").status_code == 404
    assert program.get(f"/api/v1/networks/{uuid4()}/subscription/").status_code == 404


def test_only_operators_ask(url, alder, subscription):
    account = make_account(alder)

    answers = [
        token_client(account, alder, on="platform").get(f"{url}subscription/").status_code,
        token_client(account, alder).get(f"{url}subscription/").status_code,
    ]

    assert answers == [401, 404]
    assert not Invoice.objects.exists()


def test_a_sponsor_needs_to_know_when_the_card_ends(program, url, alder, subscription, till):
    till.customer(alder)
    Subscription.objects.filter(id=subscription.id).update(trial_ends_at=day(0))
    said = {"email": "o@alder.example", "back_to": "http://alder.test/", "now": day(0), "by": Actor.system("command")}
    till.pay_by_card(services.start_card(subscription, plan=subscription.plan, period="year", **said))
    body = {"sponsor": "A trust", "sponsored_until": day(800).isoformat()}

    answers = [send(program, "patch", f"{url}subscription/", body | more) for more in ({}, {"end_card": "now"})]
    alone = send(program, "patch", f"{url}subscription/", {"end_card": "now"})

    assert [answer.status_code for answer in (*answers, alone)] == [409, 200, 400]
    assert "Say when that ends" in answers[0].json()["detail"]
    (invoice,) = answers[1].json()["invoices"]
    assert (invoice["state"], invoice["pence_refunded"], invoice["given_back_at"]) == ("paid", 0, None)


def test_while_stripe_does_not_answer_a_program_is_told_to_come_back(program, url, till):
    till.stand_in.deliveries.is_down = True

    answer = send(program, "post", f"{url}invoices/", {"plan": "small", "period": "term"})

    assert (answer.status_code, answer.json()["status"]) == (503, 503)
