"""Paying at Stripe, against its stand-in: by card, by invoice and bank transfer, in the portal, and what goes wrong."""

from datetime import timedelta

import pytest
import requests
from django.utils import timezone

from shared_apps.audit.services import Actor
from shared_apps.billing import selectors, services, tasks
from shared_apps.billing.enums import InvoiceState, Period, State
from shared_apps.billing.models import Invoice, Notice, Plan, StripeEvent, Subscription
from shared_apps.billing.services import BillingError, GatewayError
from shared_apps.jobs.worker import Worker
from shared_apps.mail.models import Message
from tenant_apps.members.enums import Role
from tenants.context import in_network
from tenants.models import Network
from tenants.services import close_network, suspend_network
from tests.builders.members import client_of, make_member
from tests.till import day

pytestmark = pytest.mark.django_db
BY = Actor.system("command")
BACK = "http://alder.test/manage/plan/"


def plan_of(code: str) -> Plan:
    return Plan.objects.get(code=code)


def give_card(till, subscription, *, code: str = "medium", period: Period = Period.YEAR, now=None) -> str:
    """Start paying by card, and return the address of Stripe's page."""
    said = {"email": "olu@alder.example", "back_to": BACK, "now": now or timezone.now(), "by": BY}
    return services.start_card(subscription, plan=plan_of(code), period=period, **said)


def ask(subscription, now, *, code: str = "medium") -> Invoice:
    said = {"purchase_order": "PO 7", "email": "olu@alder.example", "now": now, "by": BY}
    return services.request_invoice(subscription, plan=plan_of(code), period=Period.YEAR, **said)


def told(subscription) -> list[str]:
    return list(Notice.objects.filter(subscription=subscription).order_by("id").values_list("kind", flat=True))


def end_trial(subscription, now) -> None:
    Subscription.objects.filter(id=subscription.id).update(trial_ends_at=now)
    subscription.refresh_from_db()


def test_a_card_pays_after_the_trial_and_renews_by_itself(till, alder, subscription):
    clock = till.customer(alder)
    end_trial(subscription, day(10))
    subscription.refresh_from_db()

    till.time = day(0)
    url = give_card(till, subscription, code="large", period=Period.TERM, now=day(0))
    status = till.pay_by_card(url)
    till.deliver()
    subscription.refresh_from_db()
    trying = subscription.is_by_card, subscription.plan.code, subscription.renews_at, Invoice.objects.count()
    till.stand_in.advance(clock, 10.5)
    till.time = day(10.5)
    till.deliver()
    subscription.refresh_from_db()

    invoice = Invoice.objects.get()
    assert status == 303
    assert trying == (True, "large", day(10), 0)
    assert (invoice.state, invoice.pence_net, invoice.pence_vat) == (InvoiceState.PAID, 220_00, 44_00)
    assert (invoice.covers_from, invoice.covers_until) == (day(10), day(130))
    assert subscription.renews_at == invoice.covers_until
    assert told(subscription) == ["active"]


def test_who_pays_by_card_is_not_told_that_the_time_ends(till, alder, subscription):
    till.customer(alder)
    end_trial(subscription, day(10))
    till.pay_by_card(give_card(till, subscription, now=day(0)))
    till.deliver()

    services.review(subscription.id, now=day(9))

    assert told(subscription) == []


def test_an_invoice_is_written_by_stripe_with_its_purchase_order_and_paid_by_transfer(till, alder, subscription):
    till.customer(alder)
    end_trial(subscription, day(10))

    invoice = ask(subscription, day(0))
    at_stripe = till.stand_in.v1.invoices.retrieve(invoice.stripe_id)
    requests.post(invoice.pay_url, data={"action": "transfer"}, timeout=10)
    till.deliver(times=2)
    invoice.refresh_from_db()

    assert (at_stripe.collection_method, at_stripe.status, at_stripe.total) == ("send_invoice", "open", 360_00)
    assert (at_stripe.custom_fields[0].value, at_stripe.due_date) == ("PO 7", int(day(30).timestamp()))
    assert (invoice.covers_from, invoice.purchase_order) == (day(10), "PO 7")
    assert (invoice.state, invoice.pence_net, invoice.pence_vat) == (InvoiceState.PAID, 300_00, 60_00)
    assert told(subscription) == ["invoiced", "active"]


@pytest.mark.parametrize(
    ("act", "state", "status"),
    [(services.mark_paid, InvoiceState.PAID, "paid"), (services.withdraw_invoice, InvoiceState.VOID, "void")],
)
def test_what_an_operator_says_of_an_invoice_is_said_to_stripe(act, state, status, till, subscription):
    invoice = ask(subscription, timezone.now())

    act(invoice, now=timezone.now(), by=BY)

    invoice.refresh_from_db()
    assert invoice.state == state
    assert till.stand_in.v1.invoices.retrieve(invoice.stripe_id).status == status
    with pytest.raises(BillingError):
        act(invoice, now=timezone.now(), by=BY)


def test_an_invoice_that_was_lost_on_its_way_here_is_found_and_not_written_twice(till, alder, subscription):
    ask(subscription, timezone.now())
    Invoice.objects.all().delete()

    with pytest.raises(BillingError, match="There is an invoice to pay already"):
        ask(subscription, timezone.now())

    assert len(till.stand_in.v1.invoices.list().data) == 1


def test_nobody_pays_twice(till, subscription):
    first = give_card(till, subscription)
    second = give_card(till, subscription)

    assert (till.pay_by_card(first), till.pay_by_card(second)) == (422, 303)
    with pytest.raises(BillingError, match="is paid by card already"):
        give_card(till, subscription)
    with pytest.raises(BillingError, match="is paid by card already"):
        ask(subscription, timezone.now())
    till.deliver()
    with pytest.raises(BillingError, match="A card pays for it"):
        services.set_sponsor(subscription, sponsor="A trust", until=day(900), now=timezone.now(), by=BY)


def test_a_plan_is_had_when_the_card_is_given_and_not_when_it_is_asked_for(till, subscription):
    url = give_card(till, subscription, code="large", period=Period.TERM)
    subscription.refresh_from_db()
    asked = subscription.plan.code, subscription.period
    till.pay_by_card(url)
    till.deliver()
    subscription.refresh_from_db()

    assert asked == ("medium", Period.YEAR)
    assert (subscription.plan.code, subscription.period) == ("large", Period.TERM)


def test_a_larger_plan_is_not_had_for_what_a_smaller_one_is_paid(till, alder, subscription):
    till.customer(alder)
    end_trial(subscription, day(0))
    services.mark_paid(ask(subscription, day(0)), now=day(0), by=BY)

    for pay in (lambda: ask(subscription, day(9), code="any"), lambda: give_card(till, subscription, code="any")):
        with pytest.raises(BillingError, match="Change the plan first"):
            pay()

    subscription.refresh_from_db()
    assert subscription.plan.code == "medium"
    assert ask(subscription, day(9)).covers_from == day(365)


def test_a_page_for_a_card_ends_when_an_invoice_is_asked_for(till, subscription):
    url = give_card(till, subscription)

    ask(subscription, timezone.now())

    assert till.pay_by_card(url) == 422


def pay_now(till, network, subscription) -> str:
    """Have a card pay for a year from New Year on; return the clock."""
    clock = till.customer(network)
    end_trial(subscription, day(0))
    till.time = day(0)
    till.pay_by_card(give_card(till, subscription, now=day(0)))
    till.deliver()
    subscription.refresh_from_db()
    return clock


def test_what_is_refunded_is_told_on_both_pages_and_wholly_refunded_it_covers_nothing_more(till, alder, subscription):
    clock = pay_now(till, alder, subscription)
    owner = make_member(alder, name="Olu Owner", role=Role.OWNER)
    charge = till.stand_in.v1.charges.list({"customer": customer_of(subscription)}).data[0]

    till.stand_in.v1.refunds.create({"charge": charge.id, "amount": 60_00})
    till.deliver(times=2)
    invoice, standing = Invoice.objects.get(), selectors.standing(subscription, day(1))
    page, own = client_of(owner, alder).get("/manage/plan/").content.decode(), f"/manage/plan/invoices/{invoice.id}/"
    till.stand_in.advance(clock, 200)
    till.stand_in.v1.refunds.create({"charge": charge.id})
    assert services.reconcile(now=day(200)) == 1  # without a single event
    after = selectors.standing(subscription, day(201))

    assert (invoice.state, invoice.shown_state) == (InvoiceState.PAID, "Paid, refunded £60 of £360")
    assert (standing.state, standing.until) == (State.ACTIVE, day(367))
    assert "Paid, refunded £60 of £360" in page
    assert "£360 of £360" in client_of(owner, alder).get(own).content.decode()
    assert (after.state, after.until, selectors.paid_time(subscription, day(201))) == (State.ACTIVE, day(367), None)
    assert selectors.takings_since(day(0)) == selectors.Takings(paid=360_00, refunded=360_00, credited=0, owed=0)


def test_wholly_refunded_and_without_a_card_the_time_to_pay_begins_then(till, alder, subscription):
    till.customer(alder)
    end_trial(subscription, day(0))
    invoice = ask(subscription, day(0))
    requests.post(invoice.pay_url, data={"action": "transfer"}, timeout=10)
    notes = till.stand_in.v1.credit_notes

    notes.create({"invoice": invoice.stripe_id, "amount": 100_00, "credit_amount": 100_00})
    notes.create({"invoice": invoice.stripe_id, "amount": 260_00, "out_of_band_amount": 260_00})
    till.deliver(times=2)
    invoice.refresh_from_db()

    assert invoice.shown_state == "Paid, credited £100 of £360, refunded £260 of £360"
    assert invoice.given_back_at == day(0)
    assert [selectors.standing(subscription, day(number)).state for number in (29, 31)] == ["past_due", "read_only"]
    assert told(subscription)[:1] == ["invoiced"]
    assert "active" not in told(subscription)
    next_one = ask(subscription, day(40))
    assert next_one.shown_state == "To pay £260, £100 from credit"
    taken = selectors.takings_since(day(0))
    assert (taken.paid, taken.refunded, taken.credited, taken.owed) == (360_00, 260_00, 100_00, 260_00)


def test_a_credit_note_lessens_what_is_to_pay(till, alder, subscription):
    till.customer(alder)
    invoice = ask(subscription, day(0))

    note = till.stand_in.v1.credit_notes.create({"invoice": invoice.stripe_id, "amount": 50_00})
    till.deliver()
    less = Invoice.objects.get()
    owed = selectors.takings_since(day(0)).owed
    till.stand_in.v1.credit_notes.void_credit_note(note.id)
    till.deliver()

    assert (less.shown_state, less.pence_to_pay, owed) == ("To pay £310, credited £50 of £360", 310_00, 310_00)
    assert Invoice.objects.get().shown_state == "To pay"


def test_a_refund_that_comes_back_was_none(till, alder, subscription):
    clock = till.customer(alder)
    end_trial(subscription, day(0))
    till.pay_by_card(give_card(till, subscription, now=day(0)), number="4000 0000 0000 5126")
    charge = till.stand_in.v1.charges.list({"customer": customer_of(subscription)}).data[0]
    till.stand_in.v1.refunds.create({"charge": charge.id})
    till.deliver()
    refunded = Invoice.objects.get().shown_state

    till.stand_in.advance(clock, 2)
    till.deliver()

    assert refunded == "Paid, refunded £360 of £360"
    assert (Invoice.objects.get().shown_state, Invoice.objects.get().given_back_at) == ("Paid", None)


@pytest.mark.parametrize(
    ("how", "covered", "balance", "words"),
    [("now", 73, -288_00, "At once"), ("period", 365, 0, "When the time")],
)
def test_a_sponsor_ends_what_a_card_pays_in_the_same_step(
    how, covered, balance, words, till, alder, console, subscription
):
    clock = pay_now(till, alder, subscription)
    owner = make_member(alder, name="Olu Owner", role=Role.OWNER)
    till.stand_in.advance(clock, 73)
    url, v1 = f"/operator/networks/{alder.id}/plan/", till.stand_in.v1
    form = {"form": "sponsor", "sponsor": "A trust", "sponsored_until": "31 12 2028"}

    refused = console.post(url, form)
    done = console.post(url, form | {"end_card": how})
    Worker().drain()
    subscription.refresh_from_db()
    till.stand_in.advance(clock, 400)
    till.time = day(400)
    till.deliver()

    assert (refused.status_code, done.status_code) == (422, 302)
    assert all(text in refused.content.decode() for text in ("Say when that ends", words))
    assert (subscription.sponsor, subscription.renews_at) == ("A trust", None)
    invoice = Invoice.objects.get()  # and no second one
    assert (invoice.covers_until, v1.customers.retrieve(customer_of(subscription)).balance) == (day(covered), balance)
    assert v1.subscriptions.list({"customer": customer_of(subscription)}).data == []
    with in_network(alder):
        assert Message.objects.get(kind="plan.sponsored").to_address == owner.email


def test_a_card_waits_for_the_end_of_the_trial_that_an_operator_set(till, alder, subscription):
    till.customer(alder)
    end_trial(subscription, day(10))
    till.pay_by_card(give_card(till, subscription, now=day(0)))
    till.deliver()

    services.set_trial_end(subscription, ends_at=day(40), now=day(1), by=BY)

    deal = till.stand_in.v1.subscriptions.list({"customer": customer_of(subscription)}).data[0]
    subscription.refresh_from_db()
    assert (deal.status, deal.trial_end, subscription.renews_at) == ("trialing", int(day(40).timestamp()), day(40))


def test_a_network_that_closes_gives_no_card_and_one_taken_back_keeps_its_own(till, alder, subscription):
    pay_now(till, alder, subscription)
    services.end_charges(alder)  # it was announced, and taken back before this ran
    Worker().drain()
    kept = till.stand_in.v1.subscriptions.list({"customer": customer_of(subscription)}).data

    Network.objects.filter(id=alder.id).update(closes_at=day(30), deletes_at=day(60))
    with pytest.raises(BillingError, match="closes, so there is nothing to pay ahead"):
        give_card(till, subscription, now=day(1))

    assert len(kept) == 1


def test_our_discount_and_a_code_of_stripe_are_taken_off(till, alder, birch, subscription):
    other = selectors.subscription_of(birch)
    coupon = till.stand_in.v1.coupons.create({"percent_off": 50, "duration": "forever"})
    till.stand_in.v1.promotion_codes.create({"promotion": {"type": "coupon", "coupon": coupon.id}, "code": "HALF"})
    services.set_plan(subscription, plan=plan_of("medium"), discount_percent=10, now=day(0), by=BY)
    for network, each, form in ((alder, subscription, {}), (birch, other, {"code": "HALF"})):
        till.customer(network)
        end_trial(each, day(0))
        till.pay_by_card(give_card(till, each, now=day(0)), **form)

    till.deliver()

    paid = {invoice.subscription_id: (invoice.pence_net, invoice.pence_vat) for invoice in Invoice.objects.all()}
    assert paid == {subscription.id: (270_00, 54_00), other.id: (150_00, 30_00)}


def test_what_is_changed_in_the_portal_is_followed(till, subscription):
    till.pay_by_card(give_card(till, subscription))
    named = {"metadata": {"plan": "large", "period": "term"}, "tax_behavior": "exclusive"}
    price = till.stand_in.price(220_00, "month", **named)
    subscription.refresh_from_db()

    url = services.open_portal(subscription, back_to=BACK)
    requests.post(url, data={"action": "plan", "price": price}, timeout=10)
    till.deliver()
    subscription.refresh_from_db()
    larger = subscription.plan.code, subscription.period
    requests.post(url, data={"action": "cancel"}, timeout=10)
    till.deliver()
    subscription.refresh_from_db()

    assert larger == ("large", Period.TERM)
    assert (subscription.is_by_card, subscription.renews_at) == (True, None)


def test_a_larger_plan_by_card_is_charged_by_the_day_and_a_smaller_one_is_credit(till, alder, subscription):
    clock = till.customer(alder)
    end_trial(subscription, day(0))
    till.pay_by_card(give_card(till, subscription, now=day(0)))
    till.time = day(0)
    till.deliver()
    till.stand_in.advance(clock, 73)
    subscription.refresh_from_db()

    cost = services.cost_of_change(subscription, plan=plan_of("large"), now=day(73))
    services.change_plan(subscription, plan=plan_of("large"), now=day(73), by=BY)
    subscription.refresh_from_db()
    larger = sorted(Invoice.objects.values_list("pence_net", "state"))
    smaller = services.cost_of_change(subscription, plan=plan_of("small"), now=day(73))
    services.change_plan(subscription, plan=plan_of("small"), now=day(73), by=BY)
    subscription.refresh_from_db()

    assert cost == 240_00  # four fifths of the year, of £250 and VAT
    assert larger == [(200_00, "paid"), (300_00, "paid")]
    assert (smaller, subscription.plan.code, subscription.renews_at) == (0, "small", day(365))
    assert till.stand_in.v1.customers.retrieve(customer_of(subscription)).balance == -384_00


def test_a_larger_plan_without_a_card_brings_an_invoice_for_the_rest(till, alder, subscription):
    till.customer(alder)
    end_trial(subscription, day(0))
    services.mark_paid(ask(subscription, day(0)), now=day(0), by=BY)

    cost = services.cost_of_change(subscription, plan=plan_of("large"), now=day(73))
    services.change_plan(subscription, plan=plan_of("large"), now=day(73), by=BY)

    invoice = Invoice.objects.get(state=InvoiceState.OPEN)
    assert cost == invoice.pence == 240_00
    assert (invoice.description, invoice.purchase_order) == ("Change to Large", "PO 7")
    assert (invoice.covers_from, invoice.covers_until) == (day(73), day(365))
    with pytest.raises(BillingError, match="There is an invoice to pay first"):
        services.change_plan(subscription, plan=plan_of("any"), now=day(74), by=BY)


def test_what_an_operator_sets_is_charged_to_a_card_from_the_next_payment_on(till, alder, subscription):
    clock = till.customer(alder)
    end_trial(subscription, day(0))
    till.pay_by_card(give_card(till, subscription, now=day(0)))
    till.time = day(1)
    till.deliver()

    services.set_plan(subscription, plan=plan_of("small"), discount_percent=50, now=day(1), by=BY)
    till.stand_in.advance(clock, 366)
    till.time = day(366)
    till.deliver()

    assert sorted(Invoice.objects.values_list("pence_net", "state")) == [(75_00, "paid"), (300_00, "paid")]
    assert selectors.subscription_of(alder).plan.code == "small"


@pytest.mark.parametrize("change", ["body", "secret", "old", "none"])
def test_what_stripe_did_not_sign_a_moment_ago_is_refused(change, till, subscription, settings):
    give_card(till, subscription)
    waiting = till.stand_in.deliveries
    sent = []
    waiting.send = lambda url, body, signature: sent.append((body, signature)) or 200
    waiting.deliver()
    body, signature = sent[0]
    if change == "body":
        body += b" "
    if change == "secret":
        settings.STRIPE_WEBHOOK_SECRET = "whsec_another"
    if change == "old":
        signature = signature_at(body, settings.STRIPE_WEBHOOK_SECRET, timedelta(minutes=6))
    if change == "none":
        signature = ""

    assert till.post("", body, signature) == 400
    assert not StripeEvent.objects.exists()


def signature_at(body: bytes, secret: str, ago: timedelta) -> str:
    from config.fakestripe.webhooks import signature

    return signature(body, secret, int((timezone.now() - ago).timestamp()))


def test_an_event_counts_once(till, subscription):
    give_card(till, subscription)
    till.stand_in.v1.customers.update(selectors.subscription_of(subscription.network).stripe_customer, {"name": "Al"})
    before = StripeEvent.objects.count()

    sent = till.deliver(times=3)
    known = StripeEvent.objects.count()
    for event in till.stand_in.server.state.all("event"):
        till.stand_in.deliveries.again(event["id"])
    till.deliver()

    assert (before, sent > known, StripeEvent.objects.count()) == (0, True, known)


def test_an_event_of_a_customer_that_is_not_ours_changes_nothing(till, subscription):
    stranger = till.stand_in.customer()
    till.stand_in.v1.invoices.create({"customer": stranger, "collection_method": "send_invoice", "days_until_due": 30})

    assert till.deliver() == 2

    assert not StripeEvent.objects.exists()
    assert not Invoice.objects.exists()


def test_another_networks_customer_is_never_asked_for(till, alder, birch, subscription):
    """An event names a customer; only what that customer has is written, and to its own network."""
    other = selectors.subscription_of(birch)
    for each in (subscription, other):
        till.pay_by_card(give_card(till, each))
    till.stand_in.deliveries.waiting = {
        key: one
        for key, one in till.stand_in.deliveries.waiting.items()
        if till.stand_in.server.state.find(one.event)["data"]["object"].get("customer") == customer_of(other)
    }

    till.deliver()

    assert (selectors.subscription_of(alder).is_by_card, selectors.subscription_of(birch).is_by_card) == (False, True)


def customer_of(subscription) -> str:
    return Subscription.objects.get(id=subscription.id).stripe_customer


def test_while_stripe_is_away_nothing_is_lost(till, alder, subscription):
    clock = till.customer(alder)
    end_trial(subscription, day(0))
    till.pay_by_card(give_card(till, subscription, now=day(0)))

    till.stand_in.deliveries.is_down = True
    with pytest.raises(GatewayError, match="did not answer"):
        services.sync(subscription.id, now=day(0))
    with pytest.raises(GatewayError, match="did not answer"):
        services.open_portal(Subscription.objects.get(id=subscription.id), back_to=BACK)
    assert services.reconcile(now=day(0)) == 0
    till.stand_in.deliveries.is_down = False

    assert services.reconcile(now=day(0)) == 1
    assert Invoice.objects.get().state == InvoiceState.PAID
    assert clock


def test_a_network_that_is_closed_is_charged_nothing_any_more(till, alder, subscription):
    till.pay_by_card(give_card(till, subscription))
    till.deliver()

    suspend_network(alder)
    close_network(alder)
    Worker().drain()

    assert till.stand_in.v1.subscriptions.list({"customer": customer_of(subscription)}).data == []


def test_an_unpaid_network_goes_through_every_state_on_the_clock_and_comes_back(till, alder, subscription):
    """A card pays once and then is declined for good; a transfer for what is owed brings all of it back."""
    clock = till.customer(alder)
    end_trial(subscription, day(0))
    till.pay_by_card(give_card(till, subscription, now=day(0)))
    spoil_card(till, subscription)

    seen = [(days, *pass_to(till, clock, subscription, days)) for days in (1, 364, 366, 390, 396, 450, 456)]
    requests.post(Invoice.objects.get(state=InvoiceState.OPEN).pay_url, data={"action": "transfer"}, timeout=10)
    back = pass_to(till, clock, subscription, 457)

    assert seen == [
        *((1, State.ACTIVE, "live", False), (364, State.ACTIVE, "live", False)),
        *((366, State.PAST_DUE, "live", False), (390, State.PAST_DUE, "live", False)),
        *((396, State.READ_ONLY, "live", True), (450, State.READ_ONLY, "live", True)),
        (456, State.SUSPENDED, "suspended", True),
    ]
    assert back == (State.ACTIVE, "live", False)
    assert told(subscription) == ["active", "past_due", "read_only_soon", "read_only", "suspended", "active"]


def pass_to(till, clock, subscription, days: float) -> tuple[str, str, bool]:
    """Let time pass on both sides, with every event twice and the review twice; return how the network is."""
    till.stand_in.advance(clock, days)
    till.time = day(days)
    till.deliver(times=2)
    for _ in range(2):
        tasks.review.run_now()
    Worker().drain()
    subscription.refresh_from_db()
    subscription.network.refresh_from_db()
    return subscription.state, subscription.network.state, subscription.network.is_read_only


def spoil_card(till, subscription) -> None:
    """Have every later payment declined."""
    v1, customer = till.stand_in.v1, customer_of(subscription)
    bad = v1.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": customer})
    deal = v1.subscriptions.list({"customer": customer}).data[0]
    v1.subscriptions.update(deal.id, {"default_payment_method": bad.id})
