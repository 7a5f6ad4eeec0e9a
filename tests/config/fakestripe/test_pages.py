"""What people do on its pages: pay, are declined, change their plan, pay an invoice, let time pass."""

import json
import re
import threading

import pytest
import requests
import stripe

from config.fakestripe.server import Server
from config.fakestripe.state import State
from config.fakestripe.webhooks import Deliveries
from tests.fakestripe import DAY, Inbox, StandIn

GOOD = {"number": "4242 4242 4242 4242", "expiry": "12 / 34", "cvc": "123", "name": "A Bursar", "postcode": "B1 1AA"}
SUCCESS = "http://alder.test/paid/?session={CHECKOUT_SESSION_ID}"


def checkout(stand_in: StandIn, **more) -> stripe.checkout.Session:
    given = {"mode": "subscription", "line_items": [{"price": stand_in.price(), "quantity": 1}], "success_url": SUCCESS}
    return stand_in.v1.checkout.sessions.create({**given, "cancel_url": "http://alder.test/plan/", **more})


def post(url: str, **form: str) -> requests.Response:
    return requests.post(url, data=form, allow_redirects=False, timeout=10)


def test_checkout_is_paid_and_begins_a_subscription(stand_in):
    customer = stand_in.customer(address={})
    tax = {"automatic_tax": {"enabled": True}, "customer_update": {"address": "auto"}}
    session = checkout(stand_in, customer=customer, subscription_data={"metadata": {"network": "alder"}}, **tax)

    page = requests.get(session.url, timeout=10)
    answer = post(session.url, **GOOD)

    paid = stand_in.v1.checkout.sessions.retrieve(session.id, {"expand": ["subscription", "invoice", "line_items"]})
    assert "£360.00" in page.text
    assert (answer.status_code, answer.headers["Location"]) == (303, f"http://alder.test/paid/?session={session.id}")
    assert (paid.status, paid.payment_status, paid.amount_total, paid.url) == ("complete", "paid", 36_000, None)
    assert (paid.subscription.status, paid.subscription.metadata.to_dict()) == ("active", {"network": "alder"})
    assert (paid.invoice.status, paid.invoice.customer, paid.line_items.data[0].quantity) == ("paid", customer, 1)
    assert stand_in.v1.customers.retrieve(customer).address.postal_code == "B1 1AA"
    assert "checkout.session.completed" in stand_in.event_types()


@pytest.mark.parametrize(
    ("mistake", "words"),
    [
        ({"number": "4000 0000 0000 0002"}, "Your card was declined."),
        ({"number": "4000 0000 0000 0341"}, "Your card was declined."),
        ({"number": "4000 0000 0000 9995"}, "Your card has insufficient funds."),
        ({"number": "1234"}, "Your card number is incorrect."),
        ({"expiry": "13 / 34"}, "Enter the expiry date"),
        ({"code": "NOTHING"}, "This code is invalid."),
    ],
)
def test_checkout_says_what_is_wrong_and_begins_nothing(mistake, words, stand_in):
    session = checkout(stand_in, customer_email="a@school.example", allow_promotion_codes=True)

    answer = post(session.url, **{**GOOD, **mistake})

    assert (answer.status_code, words in answer.text) == (422, True)
    assert "<title>Error: Subscribe" in answer.text
    assert stand_in.v1.customers.list().data == stand_in.v1.subscriptions.list({"status": "all"}).data == []
    assert stand_in.v1.checkout.sessions.retrieve(session.id).status == "open"
    assert post(session.url, **GOOD).status_code == 303


def test_checkout_takes_a_promotion_code(stand_in):
    coupon = stand_in.v1.coupons.create({"percent_off": 50, "duration": "forever"})
    stand_in.v1.promotion_codes.create({"promotion": {"type": "coupon", "coupon": coupon.id}, "code": "HALF"})
    session = checkout(stand_in, customer=stand_in.customer(), allow_promotion_codes=True)

    post(session.url, **GOOD, code="half")

    paid = stand_in.v1.checkout.sessions.retrieve(session.id)
    assert (paid.amount_total, paid.total_details.amount_discount) == (15_000, 15_000)
    assert stand_in.v1.coupons.retrieve(coupon.id).times_redeemed == 1


def test_checkout_that_is_too_old_cannot_be_paid(stand_in):
    session = checkout(stand_in, customer=stand_in.customer())

    stand_in.v1.checkout.sessions.expire(session.id)

    assert post(session.url, **GOOD).status_code == 422
    assert stand_in.v1.subscriptions.list().data == []


def test_portal_changes_plan_card_and_end(stand_in):
    customer, dearer = stand_in.customer(), stand_in.price(50_000)
    post(checkout(stand_in, customer=customer).url, **GOOD)
    portal = stand_in.v1.billing_portal.sessions.create({"customer": customer, "return_url": "http://alder.test/plan/"})

    pages = [
        post(portal.url, action="plan", price=dearer),
        post(portal.url, action="cancel"),
        post(portal.url, action="card", **{**GOOD, "number": "5555 5555 5555 4444"}),
    ]

    subscription = stand_in.v1.subscriptions.list(
        {"customer": customer, "expand": ["data.default_payment_method"]}
    ).data[0]
    assert [page.status_code for page in pages] == [200, 200, 200]
    assert (subscription["items"].data[0].price.id, subscription.cancel_at_period_end) == (dearer, True)
    assert subscription.default_payment_method.card.last4 == "4444"
    assert "mastercard ending 4444" in pages[-1].text
    assert 'href="http://alder.test/plan/"' in pages[-1].text
    assert re.search(r'href="/i/in_\w+"', pages[-1].text)


def test_invoice_page_and_pdf_show_the_purchase_order_and_take_a_transfer(stand_in):
    order = [{"name": "Purchase order", "value": "PO <7>"}]
    customer = stand_in.customer(invoice_settings={"custom_fields": order})
    invoice = stand_in.v1.invoices.create(
        {"customer": customer, "collection_method": "send_invoice", "days_until_due": 30}
    )
    stand_in.v1.invoice_items.create({"customer": customer, "invoice": invoice.id, "amount": 500, "currency": "gbp"})
    sent = stand_in.v1.invoices.send_invoice(invoice.id)

    page, pdf = requests.get(sent.hosted_invoice_url, timeout=10), requests.get(sent.invoice_pdf, timeout=10)
    paid = post(sent.hosted_invoice_url, action="transfer")

    assert "PO &lt;7&gt;" in page.text
    assert (pdf.headers["Content-Type"], pdf.content[:8]) == ("application/pdf", b"%PDF-1.4")
    assert b"Purchase order: PO <7>" in pdf.content
    assert paid.status_code == 200
    assert stand_in.v1.invoices.retrieve(invoice.id).status == "paid"


def test_front_page_lets_time_pass_and_begins_an_outage(stand_in):
    given = {"collection_method": "send_invoice", "days_until_due": 30, "items": [{"price": stand_in.price()}]}
    subscription = stand_in.v1.subscriptions.create({"customer": stand_in.customer(), **given})

    passed, refused = post(stand_in.url, action="pass", days="40"), post(stand_in.url, action="pass", days="-1")
    overdue = stand_in.v1.subscriptions.retrieve(subscription.id, {"expand": ["latest_invoice"]})
    post(stand_in.url, action="down")

    assert (passed.status_code, refused.status_code) == (200, 422)
    assert (overdue.status, overdue.latest_invoice.status) == ("past_due", "open")
    assert overdue.latest_invoice.due_date - overdue.created == 30 * DAY + 3600
    assert stand_in.deliveries.is_down


def test_page_that_is_not_there_says_so(stand_in):
    addresses = [f"{stand_in.url}/{path}" for path in ("c/pay/cs_none", "p/session/x", "i/in_none", "i", "else")]

    assert [requests.get(address, timeout=10).status_code for address in addresses] == [404] * 5


def test_state_is_kept_over_a_restart_and_events_go_out_by_themselves(tmp_path):
    arrived = threading.Event()

    def send(url: str, body: bytes, header: str) -> int:
        if json.loads(body)["type"] == "customer.created":
            arrived.set()
        return 200

    state = State(file=tmp_path / "stripe.json")
    with Server(state, Deliveries(state, send=send)).running(in_background=True) as server:
        first = StandIn(stripe.StripeClient("sk_test_x", base_addresses={"api": server.url}), server, Inbox())
        first.listen()
        customer = first.customer()
        first.v1.subscriptions.create(
            {
                "customer": customer,
                "items": [{"price": first.price()}],
                "collection_method": "send_invoice",
                "days_until_due": 1,
            }
        )
        assert arrived.wait(10)
        server.tick()

    again = State(file=tmp_path / "stripe.json")

    subscription = next(iter(again.tables["subscription"].values()))
    assert subscription["customer"] == customer
    assert again.tables["subscription_item"][subscription["items"]["data"][0]["id"]] is subscription["items"]["data"][0]
