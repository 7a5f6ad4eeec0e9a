"""Subscriptions and invoices on a test clock: renewed, unpaid, paid by transfer, changed, ended."""

import pytest
import stripe

from config.fakestripe.amounts import after_periods
from tests.fakestripe import DAY, NEW_YEAR

BY_INVOICE = {"collection_method": "send_invoice", "days_until_due": 30, "automatic_tax": {"enabled": True}}


def subscribe(stand_in, customer: str, price: str, **more) -> stripe.Subscription:
    return stand_in.v1.subscriptions.create({"customer": customer, "items": [{"price": price}], **more})


def card_customer(stand_in, clock: str) -> str:
    customer = stand_in.customer(clock)
    card = stand_in.v1.payment_methods.attach("pm_card_visa", {"customer": customer})
    stand_in.v1.customers.update(customer, {"invoice_settings": {"default_payment_method": card.id}})
    return customer


def latest(stand_in, subscription: str) -> stripe.Invoice:
    return stand_in.v1.subscriptions.retrieve(subscription, {"expand": ["latest_invoice"]}).latest_invoice


def status(stand_in, subscription: str) -> str:
    return stand_in.v1.subscriptions.retrieve(subscription).status


@pytest.mark.parametrize(
    ("begin", "months", "end"),
    [("2027-01-31", 1, "2027-02-28"), ("2027-01-31", 3, "2027-04-30"), ("2028-02-29", 12, "2029-02-28")],
)
def test_periods_keep_the_day_where_a_month_has_it(begin, months, end):
    import datetime as dt

    moments = [int(dt.datetime.fromisoformat(f"{day}T12:00:00+00:00").timestamp()) for day in (begin, end)]

    assert after_periods(moments[0], {"interval": "month", "interval_count": months}, 1) == moments[1]


def test_invoice_is_sent_falls_due_and_is_paid_by_transfer(stand_in):
    clock = stand_in.clock()
    customer = stand_in.customer(
        clock, invoice_settings={"custom_fields": [{"name": "Purchase order", "value": "PO 7"}]}
    )
    subscription = subscribe(stand_in, customer, stand_in.price(30_000), **BY_INVOICE)
    draft = latest(stand_in, subscription.id)

    stand_in.advance(clock, 1)
    sent = latest(stand_in, subscription.id)
    stand_in.advance(clock, 32)
    late = status(stand_in, subscription.id)
    paid = stand_in.v1.invoices.pay(sent.id, {"paid_out_of_band": True})

    assert (subscription.status, draft.status, sent.status, late) == ("active", "draft", "open", "past_due")
    assert (sent.subtotal, sent.total, sent.total_taxes[0].amount) == (30_000, 36_000, 6_000)
    assert sent.due_date == NEW_YEAR + 3600 + 30 * DAY
    assert (sent.custom_fields[0].name, sent.custom_fields[0].value) == ("Purchase order", "PO 7")
    assert sent.parent.subscription_details.subscription == subscription.id
    assert (paid.status, paid.amount_remaining, paid.amount_paid_off_stripe) == ("paid", 0, 36_000)
    assert status(stand_in, subscription.id) == "active"
    assert [name for name in stand_in.event_types() if name.startswith("invoice.")] == [
        *("invoice.created", "invoice.finalized", "invoice.sent", "invoice.overdue", "invoice.paid")
    ]


def test_trial_warns_ends_and_brings_the_first_invoice(stand_in):
    clock = stand_in.clock()
    subscription = subscribe(stand_in, stand_in.customer(clock), stand_in.price(), trial_period_days=90, **BY_INVOICE)

    stand_in.advance(clock, 88)
    warned = stand_in.event_types().count("customer.subscription.trial_will_end")
    stand_in.advance(clock, 91)

    renewed = stand_in.v1.subscriptions.retrieve(subscription.id, {"expand": ["latest_invoice"]})
    assert (subscription.status, renewed.status, warned) == ("trialing", "active", 1)
    assert renewed["items"].data[0].current_period_start == NEW_YEAR + 90 * DAY
    assert (renewed.latest_invoice.total, renewed.latest_invoice.billing_reason) == (36_000, "subscription_cycle")


def test_card_renews_every_month(stand_in):
    clock = stand_in.clock()
    subscription = subscribe(stand_in, card_customer(stand_in, clock), stand_in.price(1_000, "month"))

    stand_in.advance(clock, 92)

    invoices = stand_in.v1.invoices.list({"subscription": subscription.id}).data
    assert [(one.status, one.amount_paid) for one in invoices] == [("paid", 1_000)] * 4
    assert stand_in.event_types().count("invoice.payment_succeeded") == 4


def test_card_that_stops_paying_is_tried_again_and_a_new_one_pays(stand_in):
    clock = stand_in.clock()
    customer = card_customer(stand_in, clock)
    subscription = subscribe(stand_in, customer, stand_in.price(1_000, "month"))
    bad = stand_in.v1.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": customer})
    stand_in.v1.customers.update(customer, {"invoice_settings": {"default_payment_method": bad.id}})

    stand_in.advance(clock, 50)
    failed, was = latest(stand_in, subscription.id), status(stand_in, subscription.id)
    with pytest.raises(stripe.CardError):
        stand_in.v1.invoices.pay(failed.id)
    good = stand_in.v1.payment_methods.attach("pm_card_visa", {"customer": customer})
    stand_in.v1.invoices.pay(failed.id, {"payment_method": good.id})

    assert (failed.status, failed.attempt_count, failed.next_payment_attempt, was) == ("open", 4, None, "past_due")
    assert (latest(stand_in, subscription.id).status, status(stand_in, subscription.id)) == ("paid", "active")


def test_subscription_without_a_card_is_incomplete_for_a_day(stand_in):
    clock = stand_in.clock()
    subscription = subscribe(stand_in, stand_in.customer(clock), stand_in.price())

    stand_in.advance(clock, 1)

    assert (subscription.status, status(stand_in, subscription.id)) == ("incomplete", "incomplete_expired")
    assert latest(stand_in, subscription.id).status == "void"


def test_customer_whose_subscription_never_began_can_be_deleted(stand_in):
    clock = stand_in.clock()
    customer = stand_in.customer(clock)
    subscription = subscribe(stand_in, customer, stand_in.price())
    stand_in.advance(clock, 1)

    stand_in.v1.customers.delete(customer)

    assert stand_in.v1.customers.retrieve(customer).deleted
    assert status(stand_in, subscription.id) == "incomplete_expired"


def test_change_of_plan_is_shared_out_by_time(stand_in):
    clock = stand_in.clock()
    small, large = stand_in.price(36_500), stand_in.price(73_000)
    subscription = subscribe(stand_in, card_customer(stand_in, clock), small)
    stand_in.advance(clock, 73)
    change = {
        "items": [{"id": subscription["items"].data[0].id, "price": large}],
        "proration_behavior": "always_invoice",
    }

    preview = stand_in.v1.invoices.create_preview({"subscription": subscription.id, "subscription_details": change})
    stand_in.v1.subscriptions.update(subscription.id, change)

    billed = latest(stand_in, subscription.id)
    assert [line.amount for line in billed.lines.data] == [-29_200, 58_400]  # 292 of 365 days
    assert (preview.total, billed.total, billed.status) == (29_200, 29_200, "paid")
    assert all(line.parent.invoice_item_details.proration for line in billed.lines.data)


def test_smaller_plan_leaves_credit_for_the_next_invoice(stand_in):
    clock = stand_in.clock()
    small, large = stand_in.price(36_500), stand_in.price(73_000)
    customer = card_customer(stand_in, clock)
    subscription = subscribe(stand_in, customer, large)
    stand_in.advance(clock, 73)

    stand_in.v1.subscriptions.update(
        subscription.id,
        {"items": [{"id": subscription["items"].data[0].id, "price": small}], "proration_behavior": "always_invoice"},
    )
    credit = stand_in.v1.customers.retrieve(customer).balance
    stand_in.advance(clock, 366)

    assert credit == -29_200
    assert (latest(stand_in, subscription.id).total, latest(stand_in, subscription.id).amount_due) == (36_500, 7_300)
    assert stand_in.v1.customers.retrieve(customer).balance == 0


def test_pending_prorations_wait_for_the_next_invoice(stand_in):
    clock = stand_in.clock()
    subscription = subscribe(stand_in, stand_in.customer(clock), stand_in.price(36_500), **BY_INVOICE)
    stand_in.advance(clock, 73)

    stand_in.v1.subscriptions.update(
        subscription.id, {"items": [{"id": subscription["items"].data[0].id, "quantity": 2}]}
    )
    stand_in.advance(clock, 366)

    assert sorted(line.amount for line in latest(stand_in, subscription.id).lines.data) == [-29_200, 58_400, 73_000]
    assert stand_in.v1.invoice_items.list({"pending": True}).data == []


def test_another_interval_begins_anew_with_an_invoice_at_once(stand_in):
    clock = stand_in.clock()
    yearly, termly = (
        stand_in.price(36_500),
        stand_in.price(12_000, recurring={"interval": "month", "interval_count": 4}),
    )
    subscription = subscribe(stand_in, card_customer(stand_in, clock), termly)
    stand_in.advance(clock, 60)

    changed = stand_in.v1.subscriptions.update(
        subscription.id, {"items": [{"id": subscription["items"].data[0].id, "price": yearly}]}
    )

    item = changed["items"].data[0]
    assert (item.current_period_start, item.current_period_end) == (NEW_YEAR + 60 * DAY, NEW_YEAR + 426 * DAY)
    assert [line.amount for line in latest(stand_in, subscription.id).lines.data] == [36_500, -6_000]


def test_end_at_the_period_can_be_taken_back_and_then_happens(stand_in):
    clock = stand_in.clock()
    subscription = subscribe(stand_in, card_customer(stand_in, clock), stand_in.price(1_000, "month"))

    asked = stand_in.v1.subscriptions.update(subscription.id, {"cancel_at_period_end": True})
    kept = stand_in.v1.subscriptions.update(subscription.id, {"cancel_at_period_end": False})
    stand_in.v1.subscriptions.update(subscription.id, {"cancel_at_period_end": True})
    stand_in.advance(clock, 40)

    assert (asked.cancel_at, kept.cancel_at) == (NEW_YEAR + 31 * DAY, None)
    assert status(stand_in, subscription.id) == "canceled"
    assert stand_in.v1.subscriptions.list({"customer": subscription.customer}).data == []
    assert len(stand_in.v1.invoices.list({"subscription": subscription.id}).data) == 1


def test_coupon_for_once_is_on_the_first_invoice_only(stand_in):
    clock, coupon = stand_in.clock(), stand_in.v1.coupons.create({"percent_off": 25, "duration": "once"})
    customer, price = stand_in.customer(clock), stand_in.price(10_000, "month")

    subscription = subscribe(stand_in, customer, price, discounts=[{"coupon": coupon.id}], **BY_INVOICE)
    first = latest(stand_in, subscription.id)
    stand_in.advance(clock, 32)

    assert (first.subtotal, first.total_discount_amounts[0].amount, first.total) == (10_000, 2_500, 9_000)
    assert latest(stand_in, subscription.id).total == 12_000


@pytest.mark.parametrize(
    ("behaviour", "total", "tax"),
    [("exclusive", 12_000, 2_000), ("inclusive", 10_000, 1_667), ("unspecified", 12_000, 2_000)],
)
def test_vat_is_on_top_or_within(behaviour, total, tax, stand_in):
    price = stand_in.price(10_000, tax_behavior=behaviour)

    subscription = subscribe(stand_in, stand_in.customer(stand_in.clock()), price, **BY_INVOICE)

    invoice = latest(stand_in, subscription.id)
    assert (invoice.total, invoice.total_taxes[0].amount, invoice.total_excluding_tax) == (total, tax, total - tax)


def test_tax_rate_of_ones_own_is_used_where_tax_is_not_automatic(stand_in):
    rate = stand_in.v1.tax_rates.create({"display_name": "VAT", "inclusive": False, "percentage": 5})
    given = {"collection_method": "send_invoice", "days_until_due": 30, "default_tax_rates": [rate.id]}

    subscription = subscribe(stand_in, stand_in.customer(stand_in.clock()), stand_in.price(10_000), **given)

    assert (latest(stand_in, subscription.id).total, subscription.default_tax_rates[0].id) == (10_500, rate.id)


def test_invoice_of_ones_own_is_drafted_sent_voided_and_given_up(stand_in):
    customer = stand_in.customer()
    invoices = [
        stand_in.v1.invoices.create({"customer": customer, "collection_method": "send_invoice", "days_until_due": 14})
        for _ in range(3)
    ]
    for invoice in invoices:
        stand_in.v1.invoice_items.create(
            {"customer": customer, "invoice": invoice.id, "amount": 500, "currency": "gbp"}
        )

    sent = stand_in.v1.invoices.send_invoice(invoices[0].id)
    voided = stand_in.v1.invoices.void_invoice(stand_in.v1.invoices.finalize_invoice(invoices[1].id).id)
    given_up = stand_in.v1.invoices.mark_uncollectible(stand_in.v1.invoices.finalize_invoice(invoices[2].id).id)

    assert (sent.status, sent.amount_due, sent.number[-4:]) == ("open", 500, "0001")
    assert (voided.status, given_up.status) == ("void", "uncollectible")
    with pytest.raises(stripe.InvalidRequestError):
        stand_in.v1.invoices.void_invoice(voided.id)
    with pytest.raises(stripe.InvalidRequestError, match="already paid"):
        stand_in.v1.invoices.pay(stand_in.v1.invoices.pay(sent.id, {"paid_out_of_band": True}).id)
