"""What is paid back by card, and what credit notes take off, keep for the next invoice, or give back outside."""

import pytest
import requests
import stripe


@pytest.fixture
def paid(stand_in):
    """An invoice of £100 that a card paid."""
    return pay(stand_in, "pm_card_visa")


def pay(stand_in, card: str) -> stripe.Invoice:
    customer = stand_in.customer(stand_in.clock())
    method = stand_in.v1.payment_methods.attach(card, {"customer": customer})
    given = {"customer": customer, "items": [{"price": stand_in.price(10_000)}], "default_payment_method": method.id}
    return stand_in.v1.invoices.retrieve(str(stand_in.v1.subscriptions.create(given).latest_invoice))


def owed(stand_in, pence: int) -> stripe.Invoice:
    customer = stand_in.customer()
    terms = {"customer": customer, "collection_method": "send_invoice", "days_until_due": 14}
    draft = stand_in.v1.invoices.create(terms)
    stand_in.v1.invoice_items.create({"customer": customer, "invoice": draft.id, "amount": pence, "currency": "gbp"})
    return stand_in.v1.invoices.finalize_invoice(draft.id)


def charge_of(stand_in, invoice: stripe.Invoice) -> stripe.Charge:
    shown = stand_in.v1.invoices.list({"customer": invoice.customer, "expand": ["data.payments"]}).data[0]
    intent = shown.payments.data[0].payment.payment_intent
    return stand_in.v1.charges.list({"payment_intent": intent, "expand": ["data.refunds"]}).data[0]


def test_a_charge_is_paid_back_in_parts_and_no_more_than_there_is(stand_in, paid):
    charge = charge_of(stand_in, paid)

    stand_in.v1.refunds.create({"charge": charge.id, "amount": 4_000})
    stand_in.v1.refunds.create({"payment_intent": charge.payment_intent})

    after = charge_of(stand_in, paid)
    assert (charge.amount, charge.amount_refunded, after.amount_refunded, after.refunded) == (10_000, 0, 10_000, True)
    assert [one.amount for one in after.refunds.data] == [6_000, 4_000]
    assert stand_in.v1.invoices.retrieve(paid.id).status == "paid"
    assert "payments" not in stand_in.v1.invoices.retrieve(paid.id)  # shown only when asked for
    assert stand_in.event_types()[-4:] == ["charge.refunded", "refund.created"] * 2
    with pytest.raises(stripe.InvalidRequestError, match="already been refunded"):
        stand_in.v1.refunds.create({"charge": charge.id})


def test_a_card_can_send_it_back(stand_in):
    invoice = pay(stand_in, "pm_card_refundFail")
    refund = stand_in.v1.refunds.create({"charge": charge_of(stand_in, invoice).id})
    clock = stand_in.v1.customers.retrieve(str(invoice.customer)).test_clock

    stand_in.advance(str(clock), 2)

    assert stand_in.v1.refunds.retrieve(refund.id).status == "failed"
    assert charge_of(stand_in, invoice).amount_refunded == 0


def test_credit_notes_take_off_what_is_owed_and_give_back_what_is_paid(stand_in, paid):
    notes, open_one = stand_in.v1.credit_notes, owed(stand_in, 5_000)

    first = notes.create({"invoice": open_one.id, "amount": 2_000})
    less = stand_in.v1.invoices.retrieve(open_one.id)
    notes.void_credit_note(first.id)
    notes.create({"invoice": open_one.id, "amount": 5_000})
    nothing = stand_in.v1.invoices.retrieve(open_one.id)
    back = notes.create({"invoice": paid.id, "amount": 6_000, "refund_amount": 3_000, "credit_amount": 3_000})
    outside = notes.create({"invoice": paid.id, "amount": 4_000, "out_of_band_amount": 4_000})

    assert (first.type, first.pre_payment_amount, less.amount_remaining, less.status) == (
        *("pre_payment", 2_000),
        *(3_000, "open"),
    )
    assert (nothing.status, nothing.amount_paid) == ("paid", 0)
    assert (back.post_payment_amount, back.refunds[0].amount_refunded, outside.out_of_band_amount) == (
        *(6_000, 3_000),
        4_000,
    )
    assert stand_in.v1.customers.retrieve(str(paid.customer)).balance == -3_000
    assert stand_in.v1.invoices.retrieve(paid.id).post_payment_credit_notes_amount == 10_000
    for more, words in (({"amount": 1}, "more than the 0 left"), ({"amount": 0}, "total of 0")):
        with pytest.raises(stripe.InvalidRequestError, match=words):
            notes.create({"invoice": paid.id, **more})
    with pytest.raises(stripe.InvalidRequestError, match="only void"):
        notes.void_credit_note(back.id)


def test_the_front_page_gives_back(stand_in, paid):
    open_one = owed(stand_in, 5_000)
    forms = [
        {"action": "refund", "invoice": paid.id, "pounds": "12.50"},
        {"action": "credit", "invoice": paid.id, "pounds": "7.50"},
        {"action": "credit", "invoice": open_one.id, "pounds": "10"},
        {"action": "credit", "invoice": open_one.id, "pounds": "ten"},
    ]

    answers = [requests.post(stand_in.url, data=form, timeout=10) for form in forms]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 422]
    page = requests.get(str(stand_in.v1.invoices.retrieve(paid.id).hosted_invoice_url), timeout=10).text
    assert f"£12.50 by card, {paid.number}-CN-01 of £7.50" in page
    assert stand_in.v1.invoices.retrieve(open_one.id).amount_remaining == 4_000
