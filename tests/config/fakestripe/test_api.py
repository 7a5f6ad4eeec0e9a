"""The API through Stripe's own library: objects, lists, errors, and what is refused."""

import pytest
import stripe


def test_version_is_that_of_the_library():
    from config.fakestripe.state import API_VERSION

    assert stripe.api_version == API_VERSION


def test_customer_is_made_once_for_a_key_and_only_with_the_same_parameters(stand_in):
    given = {"email": "a@school.example", "metadata": {"network": "1"}}
    first = stand_in.v1.customers.create(given, {"idempotency_key": "k1"})

    again = stand_in.v1.customers.create(given, {"idempotency_key": "k1"})

    assert (again.id, len(stand_in.v1.customers.list().data)) == (first.id, 1)
    with pytest.raises(stripe.IdempotencyError, match="same parameters"):
        stand_in.v1.customers.create({"email": "b@school.example"}, {"idempotency_key": "k1"})


def test_customer_metadata_is_merged_and_taken_away(stand_in):
    key = stand_in.customer(metadata={"network": "1", "kept": "yes"})

    stand_in.v1.customers.update(key, {"metadata": {"network": "", "more": "2"}})

    assert stand_in.v1.customers.retrieve(key).metadata.to_dict() == {"kept": "yes", "more": "2"}


def test_customers_are_found_by_metadata_and_by_email(stand_in):
    wanted = stand_in.customer(metadata={"network": "alder"}, email="alder@school.example")
    stand_in.customer(metadata={"network": "birch"}, email="birch@school.example")

    found = stand_in.v1.customers.search({"query": "metadata['network']:'alder' AND email~'school'"})

    assert [one.id for one in found.data] == [wanted]
    assert [one.id for one in stand_in.v1.customers.list({"email": "alder@school.example"}).data] == [wanted]


def test_lists_are_paged_newest_first(stand_in):
    made = [stand_in.customer(name=f"Number {number}") for number in range(5)]

    first = stand_in.v1.customers.list({"limit": 2})

    assert ([one.id for one in first.data], first.has_more) == ([made[4], made[3]], True)
    assert [one.id for one in first.auto_paging_iter()] == made[::-1]


@pytest.mark.parametrize(
    ("ask", "code", "param", "status"),
    [
        (lambda v1: v1.customers.retrieve("cus_none"), "resource_missing", "id", 404),
        (
            lambda v1: v1.subscriptions.create({"customer": "cus_none", "items": [{"price": "x"}]}),
            "resource_missing",
            "customer",
            400,
        ),
        (lambda v1: v1.customers.create({"emial": "x@y.example"}), "parameter_unknown", "emial", 400),
        (lambda v1: v1.customers.create({"address": {"town": "x"}}), "parameter_unknown", "address[town]", 400),
        (
            lambda v1: v1.prices.create({"currency": "gbp", "unit_amount": "1.5"}),
            "parameter_invalid_integer",
            "unit_amount",
            400,
        ),
        (lambda v1: v1.products.create({}), "parameter_missing", "name", 400),
    ],
)
def test_mistakes_are_refused_in_stripes_shape(ask, code, param, status, stand_in):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        ask(stand_in.v1)

    assert (refused.value.code, refused.value.param, refused.value.http_status) == (code, param, status)


def test_refused_request_leaves_nothing_behind(stand_in):
    customer, price = stand_in.customer(), stand_in.price()

    with pytest.raises(stripe.InvalidRequestError):
        stand_in.v1.subscriptions.create({"customer": customer, "items": [{"price": price}, {"price": "price_none"}]})

    assert stand_in.v1.subscriptions.list({"status": "all"}).data == []


def test_keys_and_versions_that_are_not_ours_are_refused(stand_in):
    live = stripe.StripeClient("sk_live_real", base_addresses={"api": stand_in.url})
    old = stripe.StripeClient("sk_test_x", base_addresses={"api": stand_in.url}, stripe_version="2024-06-20")

    with pytest.raises(stripe.AuthenticationError):
        live.v1.customers.list()
    with pytest.raises(stripe.InvalidRequestError, match="2024-06-20"):
        old.v1.customers.list()


def test_outage_answers_nothing(stand_in):
    stand_in.deliveries.is_down = True

    with pytest.raises(stripe.APIError):
        stand_in.v1.customers.list()


def test_prices_are_found_by_their_lookup_key(stand_in):
    stand_in.price(10_000)
    wanted = stand_in.price(20_000, lookup_key="up-to-200-yearly")

    found = stand_in.v1.prices.list({"lookup_keys": ["up-to-200-yearly"], "expand": ["data.product"]})

    assert [(one.id, one.product.name) for one in found.data] == [(wanted, "Up to 200 members")]


def test_card_that_the_bank_refuses_is_not_saved(stand_in):
    with pytest.raises(stripe.CardError) as refused:
        stand_in.v1.payment_methods.attach("pm_card_visa_chargeDeclined", {"customer": stand_in.customer()})

    assert (refused.value.code, refused.value.error.decline_code) == ("card_declined", "generic_decline")


def test_automatic_tax_needs_an_address(stand_in):
    nowhere = stand_in.v1.customers.create({"email": "a@school.example"}).id
    given = {"items": [{"price": stand_in.price()}], "automatic_tax": {"enabled": True}, "customer": nowhere}

    with pytest.raises(stripe.InvalidRequestError) as refused:
        stand_in.v1.subscriptions.create({**given, "collection_method": "send_invoice", "days_until_due": 30})

    assert refused.value.code == "customer_tax_location_invalid"
