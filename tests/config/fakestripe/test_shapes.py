"""The stand-in takes and gives only what Stripe's own types name."""

import types
import typing

import pytest
import stripe
from stripe import params

from config.fakestripe.routes import ROUTES

OBJECTS = {
    "product": stripe.Product,
    "price": stripe.Price,
    "coupon": stripe.Coupon,
    "discount": stripe.Discount,
    "promotion_code": stripe.PromotionCode,
    "customer": stripe.Customer,
    "tax_rate": stripe.TaxRate,
    "payment_method": stripe.PaymentMethod,
    "subscription": stripe.Subscription,
    "event": stripe.Event,
    "subscription_item": stripe.SubscriptionItem,
    "invoice": stripe.Invoice,
    "invoiceitem": stripe.InvoiceItem,
    "invoice_payment": stripe.InvoicePayment,
    "charge": stripe.Charge,
    "refund": stripe.Refund,
    "credit_note": stripe.CreditNote,
    "line_item": stripe.InvoiceLineItem,
    "checkout.session": stripe.checkout.Session,
    "billing_portal.session": stripe.billing_portal.Session,
    "webhook_endpoint": stripe.WebhookEndpoint,
    "test_helpers.test_clock": stripe.test_helpers.TestClock,
}
SPECIFIC = [  # endpoint, the library's description of its parameters
    ("POST /v1/products", params.ProductCreateParams),
    ("POST /v1/products/{id}", params.ProductUpdateParams),
    ("POST /v1/prices", params.PriceCreateParams),
    ("POST /v1/prices/{id}", params.PriceUpdateParams),
    ("GET /v1/prices", params.PriceListParams),
    ("POST /v1/coupons", params.CouponCreateParams),
    ("POST /v1/promotion_codes", params.PromotionCodeCreateParams),
    ("POST /v1/tax_rates", params.TaxRateCreateParams),
    ("POST /v1/customers", params.CustomerCreateParams),
    ("POST /v1/customers/{id}", params.CustomerUpdateParams),
    ("GET /v1/customers", params.CustomerListParams),
    ("POST /v1/subscriptions", params.SubscriptionCreateParams),
    ("POST /v1/subscriptions/{id}", params.SubscriptionUpdateParams),
    ("DELETE /v1/subscriptions/{id}", params.SubscriptionCancelParams),
    ("GET /v1/subscriptions", params.SubscriptionListParams),
    ("POST /v1/subscription_items/{id}", params.SubscriptionItemUpdateParams),
    ("POST /v1/invoices", params.InvoiceCreateParams),
    ("POST /v1/invoices/{id}", params.InvoiceUpdateParams),
    ("POST /v1/invoices/{id}/pay", params.InvoicePayParams),
    ("POST /v1/invoices/create_preview", params.InvoiceCreatePreviewParams),
    ("GET /v1/invoices", params.InvoiceListParams),
    ("POST /v1/invoiceitems", params.InvoiceItemCreateParams),
    ("GET /v1/charges", params.ChargeListParams),
    ("GET /v1/refunds", params.RefundListParams),
    ("POST /v1/refunds", params.RefundCreateParams),
    ("GET /v1/credit_notes", params.CreditNoteListParams),
    ("POST /v1/credit_notes", params.CreditNoteCreateParams),
    ("GET /v1/events", params.EventListParams),
    ("POST /v1/webhook_endpoints", params.WebhookEndpointCreateParams),
    ("POST /v1/checkout/sessions", params.checkout.SessionCreateParams),
    ("POST /v1/billing_portal/sessions", params.billing_portal.SessionCreateParams),
    ("POST /v1/test_helpers/test_clocks", params.test_helpers.TestClockCreateParams),
]


def fields_of(described: type) -> dict[str, typing.Any]:
    return {name: kind for base in described.__mro__ for name, kind in getattr(base, "__annotations__", {}).items()}


def strangers(spec: dict, described: type, module: types.ModuleType, path: str = "") -> list[str]:
    """Parameters that the stand-in takes and the library's types do not name, at any depth."""
    known, found = fields_of(described), []
    for name, inner in spec.items():
        if name not in known:
            found.append(f"{path}{name}")
        below = [getattr(module, part, None) for part in names_in(known.get(name))]
        nested = next((one for one in below if one is not None and hasattr(one, "__annotations__")), None)
        one = inner[0] if isinstance(inner, list) else inner
        if isinstance(one, dict) and nested is not None:
            found += strangers(one, nested, module, f"{path}{name}.")
    return found


def test_strangers_are_found_at_any_depth():
    module = __import__(params.checkout.SessionCreateParams.__module__, fromlist=["*"])
    spec = {
        "mode": str,
        "line_items": [{"price": str, "wrong": str}],
        "subscription_data": {"trial_settings": {"odd": 1}},
    }

    found = strangers(spec, params.checkout.SessionCreateParams, module)

    assert found == ["line_items.wrong", "subscription_data.trial_settings.odd"]


def names_in(kind: typing.Any) -> list[str]:
    text = str(kind)
    return [part for part in "".join(c if c.isalnum() or c == "_" else " " for c in text).split() if "Params" in part]


@pytest.mark.parametrize(("endpoint", "described"), SPECIFIC, ids=lambda one: one if isinstance(one, str) else "")
def test_parameters_are_named_by_the_library(endpoint, described):
    spec = next(route.spec for route in ROUTES if f"{route.method} {route.path}" == endpoint)
    module = __import__(described.__module__, fromlist=["*"])

    assert strangers(spec, described, module) == []


def test_fields_are_named_by_the_library(stand_in):
    make_one_of_each(stand_in)

    found = {
        (kind, field)
        for kind, table in stand_in.server.state.tables.items()
        for thing in table.values()
        for field in strange_fields(thing, OBJECTS[kind])
    }

    assert found == set()
    assert {kind for kind, table in stand_in.server.state.tables.items() if not table} == {"line_item"}  # on invoices


def strange_fields(thing: dict, described: type) -> list[str]:
    known = fields_of(described)
    return [name for name in thing if not name.startswith("_") and name not in known]


def make_one_of_each(stand_in) -> None:
    clock = stand_in.clock()
    customer, price = stand_in.customer(clock), stand_in.price()
    stand_in.listen()
    v1 = stand_in.v1
    coupon = v1.coupons.create({"percent_off": 10, "duration": "once"})
    v1.promotion_codes.create({"promotion": {"type": "coupon", "coupon": coupon.id}, "code": "TEN"})
    card = v1.payment_methods.attach("pm_card_visa", {"customer": customer})
    v1.subscriptions.create(
        {"customer": customer, "items": [{"price": price}], "discounts": [{"coupon": coupon.id}]}
        | {"collection_method": "send_invoice", "days_until_due": 30, "automatic_tax": {"enabled": True}}
    )
    v1.invoice_items.create({"customer": customer, "amount": 500, "currency": "gbp"})
    session = {"mode": "subscription", "line_items": [{"price": price, "quantity": 1}], "success_url": "http://x.test/"}
    v1.checkout.sessions.create({**session, "customer": customer})
    v1.billing_portal.sessions.create({"customer": customer})
    v1.subscriptions.create({"customer": customer, "items": [{"price": price}], "default_payment_method": card.id})
    paid = v1.invoices.list({"status": "paid"}).data[0]
    v1.credit_notes.create({"invoice": paid.id, "amount": 500, "refund_amount": 500})
    lines = [line for one in v1.invoices.list().data for line in one.lines.data]
    assert [strange_fields(line.to_dict(), OBJECTS["line_item"]) for line in lines] == [[], []]
