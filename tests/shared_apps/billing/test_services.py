"""Invoices, sponsors and the review: a network goes through every state and comes back with nothing lost."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from shared_apps.audit.services import Actor
from shared_apps.billing import selectors, services
from shared_apps.billing.enums import InvoiceState, Period, State
from shared_apps.billing.models import Invoice, Plan, Subscription, VatRate
from shared_apps.billing.services import BillingError, invoicing
from shared_apps.jobs.worker import Worker
from shared_apps.mail.models import Message, PlatformMessage
from tenant_apps.members.enums import Role
from tenants.context import in_network
from tenants.enums import NetworkState
from tenants.models import Network
from tenants.services import reactivate_network, suspend_network
from tests.builders import meanwhile
from tests.builders.members import client_of, make_member

pytestmark = pytest.mark.django_db
BY = Actor.system("command")


@pytest.fixture
def start(subscription):
    return subscription.created_at


def ask(subscription, now, *, plan="medium", period=Period.YEAR) -> Invoice:
    plan = Plan.objects.get(code=plan)
    return services.request_invoice(subscription, plan=plan, period=period, purchase_order="PO 7", now=now, by=BY)


def review(subscription, now) -> str:
    """Let the daily review run at this time and the emails be written; return the state."""
    services.review_all(now=now)
    Worker().drain()
    subscription.refresh_from_db()
    return subscription.state


def emails(network) -> list[str]:
    """Kinds of the emails about the plan, in the order they were written, the network's and the platform's."""
    with in_network(network):
        own = list(Message.objects.filter(kind__startswith="plan.").values_list("created_at", "kind"))
    own += PlatformMessage.objects.filter(kind__startswith="plan.").values_list("created_at", "kind")
    return [kind.removeprefix("plan.") for _, kind in sorted(own)]


def test_a_new_network_is_on_trial_for_a_term(subscription, start):
    assert (subscription.state, subscription.plan.code) == (State.TRIAL, "medium")
    assert subscription.trial_ends_at - start >= timedelta(days=119)


def test_an_unpaid_network_goes_through_every_state_and_comes_back_whole(alder, owner, subscription, start):
    """On a clock that the test moves; twice a day, as a job that runs again would."""
    end = subscription.trial_ends_at
    seen = []
    for days in (-20, -13, -1, 1, 24, 31, 80, 91):
        for again in range(2):
            state = review(subscription, end + timedelta(days=days, hours=again))
            network = Network.objects.get(id=alder.id)
            seen.append((days, state, network.is_read_only, network.state))
    assert seen[::2] == seen[1::2]
    assert seen[::2] == [
        (-20, "trial", False, "live"),
        (-13, "trial", False, "live"),
        (-1, "trial", False, "live"),
        (1, "past_due", False, "live"),
        (24, "past_due", False, "live"),
        (31, "read_only", True, "live"),
        (80, "read_only", True, "live"),
        (91, "suspended", True, "suspended"),
    ]
    told = ["trial_ending", "past_due", "read_only_soon", "read_only", "suspended"]
    assert emails(alder) == told

    invoice = ask(subscription, end + timedelta(days=92))
    services.mark_paid(invoice, now=end + timedelta(days=93), by=BY)
    back = Network.objects.get(id=alder.id)

    assert review(subscription, end + timedelta(days=94)) == State.ACTIVE
    assert (back.state, back.is_read_only) == (NetworkState.LIVE, False)
    assert emails(alder) == [*told, "invoiced", "active"]
    assert client_of(owner, back).get("/manage/plan/").status_code == 200


def test_each_owner_is_told_and_nobody_else(alder, owner, subscription):
    make_member(alder, name="Mo Member")
    make_member(alder, name="Ola Owner", role=Role.OWNER)

    review(subscription, subscription.trial_ends_at + timedelta(days=1))

    with in_network(alder):
        told = Message.objects.filter(kind="plan.past_due").values_list("to_address", flat=True)
        assert sorted(told) == ["ola.owner@alder.example", "olu.owner@alder.example"]


def test_an_invoice_asked_for_in_time_is_cover_until_it_is_due(subscription):
    end = subscription.trial_ends_at
    invoice = ask(subscription, end - timedelta(days=1))

    assert review(subscription, end + timedelta(days=28)) == State.ACTIVE
    assert review(subscription, end + timedelta(days=30)) == State.PAST_DUE
    assert (invoice.covers_from, invoice.pence_net, invoice.pence_vat) == (end, 300_00, 60_00)


def test_paying_late_and_paying_again_extend_the_cover(subscription, start):
    first = ask(subscription, start, period=Period.TERM)
    services.mark_paid(first, now=start, by=BY)

    second = ask(subscription, start + timedelta(days=1), period=Period.TERM)

    assert second.covers_from == first.covers_until
    assert first.number < second.number


def test_there_is_one_open_invoice(subscription, start):
    ask(subscription, start)

    with pytest.raises(BillingError, match="There is an invoice to pay already"):
        ask(subscription, start)
    with pytest.raises(IntegrityError, match="invoice_one_open"), transaction.atomic():
        Invoice.objects.create(**{**_fields(Invoice.objects.get()), "number": "SBM-999999"})


@pytest.mark.django_db(transaction=True)
def test_two_invoices_at_once_have_numbers_of_their_own(alder, birch):
    """The second waits for the first, and then reads its number too."""
    first, second = (selectors.subscription_of(network) for network in (alder, birch))

    with transaction.atomic():
        ask(first, timezone.now())
        end = meanwhile.begin(lambda: ask(second, timezone.now()))
    end()

    assert set(Invoice.objects.values_list("number", flat=True)) == {"SBM-000001", "SBM-000002"}


def test_an_invoice_is_paid_or_withdrawn_once(subscription, start):
    invoice = ask(subscription, start)
    services.withdraw_invoice(invoice, now=start, by=BY)

    with pytest.raises(BillingError, match="is withdrawn"):
        services.mark_paid(Invoice.objects.get(), now=start, by=BY)
    assert Invoice.objects.get().state == InvoiceState.VOID


def test_a_plan_too_small_is_refused(alder, subscription, start):
    Plan.objects.filter(code="small").update(member_limit=1)
    for name in ("Ann One", "Bob Two"):
        make_member(alder, name=name)

    with pytest.raises(BillingError, match="Small has room for 1 members, and you have 2"):
        ask(subscription, start, plan="small")


def test_owners_are_warned_once_when_nine_places_of_ten_are_taken(alder, owner, subscription, start):
    Plan.objects.filter(code="medium").update(member_limit=10)
    for number in range(8):
        make_member(alder, name=f"Ann {number}", email=f"ann{number}@alder.example")

    review(subscription, start + timedelta(days=1))
    review(subscription, start + timedelta(days=2))

    assert emails(alder) == ["nearly_full"]


def test_vat_is_that_of_the_day_and_the_discount_comes_first(subscription, start):
    later = start + timedelta(days=400)
    VatRate.objects.create(from_date=timezone.localdate(later), basis_points=1750)
    plan = Plan.objects.get(code="medium")
    services.set_plan(subscription, plan=plan, discount_percent=10, now=start, by=BY)

    first = ask(subscription, start)
    services.withdraw_invoice(first, now=start, by=BY)
    second = ask(subscription, later)

    assert [(each.pence_net, each.pence_vat) for each in (first, second)] == [(270_00, 54_00), (270_00, 47_25)]


def test_a_sponsored_network_owes_nothing_until_it_ends(subscription, start):
    until = subscription.trial_ends_at + timedelta(days=200)
    services.set_sponsor(subscription, sponsor="A trust", until=until, now=start, by=BY)

    assert review(subscription, until - timedelta(days=1)) == State.ACTIVE
    assert review(subscription, until + timedelta(days=1)) == State.PAST_DUE


def test_a_suspension_by_the_operator_is_not_lifted_by_paying(alder, subscription, start):
    invoice = ask(subscription, start)
    suspend_network(alder)

    services.mark_paid(invoice, now=start, by=BY)

    assert Network.objects.get(id=alder.id).state == NetworkState.SUSPENDED
    reactivate_network(alder)


def test_one_network_that_fails_delays_no_other(alder, birch, monkeypatch):
    real, broken = invoicing.locked, selectors.subscription_of(alder).id

    def locked(subscription_id):
        if subscription_id == broken:
            raise RuntimeError
        return real(subscription_id)

    monkeypatch.setattr(invoicing, "locked", locked)

    services.review_all(now=selectors.subscription_of(birch).trial_ends_at + timedelta(days=31))

    assert [selectors.subscription_of(each).state for each in (alder, birch)] == ["trial", "read_only"]


def test_a_network_from_before_there_were_plans_begins_its_trial_at_the_next_review(alder):
    Subscription.objects.filter(network=alder).delete()

    services.review_all(now=timezone.now())

    assert selectors.subscription_of(alder).state == State.TRIAL


def _fields(invoice: Invoice) -> dict:
    names = [field.attname for field in Invoice._meta.concrete_fields if field.name != "id"]
    return {name: getattr(invoice, name) for name in names}
