"""Customers and the cards they pay with."""

import re
from typing import Any

from config.fakestripe.catalogue import merge, some
from config.fakestripe.parameters import EXPAND, PAGE, RANGE, SEARCH, Given, mapping, one_of, text, whole
from config.fakestripe.refusals import Refusal, declined, invalid
from config.fakestripe.routes import page_of, route, search_page, within
from config.fakestripe.state import OVER, State, Thing, listed

ADDRESS: Given = {"city": text, "country": text, "line1": text, "line2": text, "postal_code": text, "state": text}
CUSTOM_FIELDS = [{"name": text, "value": text}]
CUSTOMER: Given = {
    "address": ADDRESS,
    "balance": whole,
    "business_name": text,
    "description": text,
    "email": text,
    "invoice_settings": {"custom_fields": CUSTOM_FIELDS, "default_payment_method": text, "footer": text},
    "metadata": mapping,
    "name": text,
    "phone": text,
    "preferred_locales": [text],
    "tax_exempt": one_of("none", "exempt", "reverse"),
    "tax": {"validate_location": one_of("deferred", "immediately")},
}
LONGEST_CUSTOM_FIELD = 140
# From Stripe's page of test cards: brand, why it is declined when it is saved, why when it is charged.
CARDS = {
    "4242424242424242": ("visa", "", ""),
    "5555555555554444": ("mastercard", "", ""),
    "4000000000000002": ("visa", "generic_decline", "generic_decline"),
    "4000000000009995": ("visa", "insufficient_funds", "insufficient_funds"),
    "4000000000000069": ("visa", "expired_card", "expired_card"),
    "4000000000000341": ("visa", "", "generic_decline"),
    "4000000000005126": ("visa", "", ""),
}
REFUND_FAILS = {"4000000000005126"}  # pays, and what is paid back to it comes back
TOKENS = {
    "pm_card_visa": "4242424242424242",
    "pm_card_mastercard": "5555555555554444",
    "pm_card_chargeCustomerFail": "4000000000000341",
    "pm_card_refundFail": "4000000000005126",
    "pm_card_visa_chargeDeclined": "4000000000000002",
    "pm_card_visa_chargeDeclinedInsufficientFunds": "4000000000009995",
}


@route("POST", "/v1/customers", CUSTOMER | {"payment_method": text, "test_clock": text})
def create_customer(state: State, given: Given) -> Thing:
    clock, card = given.get("test_clock"), given.pop("payment_method", None)
    if clock:
        state.get("test_helpers.test_clock", clock, "test_clock")
    check_customer(given)
    empty: Thing = (
        {"address": None, "balance": 0, "business_name": None, "currency": None, "default_source": None}
        | {"delinquent": False, "description": None, "discount": None, "email": None, "metadata": {}}
        | {"name": None, "next_invoice_sequence": 1, "phone": None, "preferred_locales": []}
        | {"shipping": None, "tax_exempt": "none", "test_clock": None}
        | {
            "invoice_settings": {
                "custom_fields": None,
                "default_payment_method": None,
                "footer": None,
                "rendering_options": None,
            }
        }
    )
    customer = state.add("customer", {**empty, "test_clock": clock})
    customer["invoice_prefix"] = customer["id"][-8:].upper()
    apply(state, customer, given)
    if card:
        attach(state, customer, card)
    state.tell("customer.created", customer)
    return customer


def check_customer(given: Given) -> None:
    if given.get("email") and "@" not in given["email"]:
        raise invalid(f"Invalid email address: {given['email']}", "email", "email_invalid")
    check_custom_fields((given.get("invoice_settings") or {}).get("custom_fields"))


def check_custom_fields(fields: list[Thing] | None) -> None:
    """At most four, with a name and a value each."""
    for at, field in enumerate(fields or []):
        for part in ("name", "value"):
            value = field.get(part) or ""
            if at > 3 or not 1 <= len(value) <= LONGEST_CUSTOM_FIELD:
                raise invalid(f"Invalid custom_fields: {part} of 1 to 140 characters, four at most", "custom_fields")


def apply(state: State, customer: Thing, given: Given) -> None:
    given = dict(given)
    given.pop("tax", None)
    settings = given.pop("invoice_settings", None) or {}
    if card := settings.get("default_payment_method"):
        owner = state.get("payment_method", card, "invoice_settings[default_payment_method]")["customer"]
        if owner != customer["id"]:
            raise invalid("The customer does not have a payment method with that ID.", "invoice_settings")
    merge(
        customer["invoice_settings"],
        settings | ({"custom_fields": settings["custom_fields"] or None} if "custom_fields" in settings else {}),
    )
    merge(customer, given)


@route("GET", "/v1/customers/search", SEARCH, required=["query"])
def search_customers(state: State, given: Given) -> Thing:
    return search_page(present(state), given, "/v1/customers/search")


@route("GET", "/v1/customers/{id}", EXPAND)
def retrieve_customer(state: State, given: Given, key: str) -> Thing:
    customer = state.get("customer", key)
    if customer.get("_deleted"):
        return {"id": key, "object": "customer", "deleted": True}
    subscriptions = state.all("subscription", customer=key)
    return customer | {"subscriptions": listed(subscriptions, f"/v1/customers/{key}/subscriptions")}


@route("POST", "/v1/customers/{id}", CUSTOMER)
def update_customer(state: State, given: Given, key: str) -> Thing:
    customer = get_customer(state, key, "id")
    check_customer(given)
    with state.changing(customer, "customer.updated"):
        apply(state, customer, given)
    return customer


@route("DELETE", "/v1/customers/{id}", {})
def delete_customer(state: State, given: Given, key: str) -> Thing:
    from config.fakestripe.subscriptions import end  # it imports this module

    customer = get_customer(state, key, "id")
    for subscription in state.all("subscription", customer=key):
        if subscription["status"] not in OVER:
            end(state, subscription)
    customer["_deleted"] = True
    state.tell("customer.deleted", customer)
    return {"id": key, "object": "customer", "deleted": True}


@route("GET", "/v1/customers", PAGE | {"created": RANGE, "email": text, "test_clock": text})
def list_customers(state: State, given: Given) -> Thing:
    """As with Stripe, those on a test clock are listed only by it."""
    wanted = {**some(given, "email"), "test_clock": given.get("test_clock")}
    rows = [
        customer
        for customer in present(state)
        if all(customer[name] == value for name, value in wanted.items())
        if within(customer["created"], given.get("created"))
    ]
    return page_of(state, rows, given, "/v1/customers")


def present(state: State) -> list[Thing]:
    return [customer for customer in state.all("customer") if not customer.get("_deleted")]


def get_customer(state: State, key: Any, param: str = "customer") -> Thing:
    customer = state.get("customer", key, param)
    if customer.get("_deleted"):
        raise Refusal(f"No such customer: '{key}'", code="resource_missing", param=param, status=404)
    return customer


# Cards


def card_method(state: State, number: str, *, name: str | None = None, expires: tuple[int, int] = (12, 2034)) -> Thing:
    """A payment method for a test card; refuses a number that is none."""
    digits = re.sub(r"\D", "", number)
    if digits not in CARDS:
        raise Refusal(
            "Your card number is incorrect. Use a test card, such as 4242 4242 4242 4242.",
            status=402,
            kind="card_error",
            code="incorrect_number",
            param="number",
        )
    card = (
        {"brand": CARDS[digits][0], "checks": None, "country": "GB", "display_brand": CARDS[digits][0]}
        | {"exp_month": expires[0], "exp_year": expires[1], "fingerprint": f"card{digits[-8:]}"}
        | {"funding": "credit", "last4": digits[-4:], "networks": None, "three_d_secure_usage": None}
        | {"wallet": None}
    )
    details = {"address": None, "email": None, "name": name, "phone": None, "tax_id": None}
    values = {"billing_details": details, "card": card, "customer": None, "metadata": {}, "type": "card"}
    return state.add("payment_method", {**values, "_number": digits})


def attach(state: State, customer: Thing, key: str, *, as_default: bool = False) -> Thing:
    """Save a card with a customer; a card that the bank refuses is refused here."""
    method = card_method(state, TOKENS[key]) if key in TOKENS else state.get("payment_method", key, "payment_method")
    refused = CARDS[method["_number"]][1]
    if refused:
        raise declined(refused)
    method["customer"] = customer["id"]
    state.tell("payment_method.attached", method)
    if as_default:
        with state.changing(customer, "customer.updated"):
            customer["invoice_settings"]["default_payment_method"] = method["id"]
    return method


@route("POST", "/v1/payment_methods", {"type": one_of("card"), "card": {"token": text}, "metadata": mapping})
def create_payment_method(state: State, given: Given) -> Thing:
    """Card numbers reach Stripe from its own pages only; programs have tokens."""
    tokens = {f"tok_{token.removeprefix('pm_card_')}": number for token, number in TOKENS.items()}
    token = (given.get("card") or {}).get("token")
    if token not in tokens:
        raise Refusal(f"No such token: '{token}'", code="resource_missing", param="card[token]")
    return card_method(state, tokens[token])


@route("POST", "/v1/payment_methods/{id}/attach", {"customer": text}, required=["customer"])
def attach_payment_method(state: State, given: Given, key: str) -> Thing:
    return attach(state, get_customer(state, given["customer"]), key)


@route("POST", "/v1/payment_methods/{id}/detach", {})
def detach_payment_method(state: State, given: Given, key: str) -> Thing:
    method = state.get("payment_method", key)
    owner = state.get("customer", method["customer"], "customer")
    method["customer"] = None
    if owner["invoice_settings"]["default_payment_method"] == key:
        owner["invoice_settings"]["default_payment_method"] = None
    state.tell("payment_method.detached", method)
    return method


@route("GET", "/v1/payment_methods/{id}", EXPAND)
def retrieve_payment_method(state: State, given: Given, key: str) -> Thing:
    return state.get("payment_method", key)


@route("GET", "/v1/payment_methods", PAGE | {"customer": text, "type": one_of("card")})
def list_payment_methods(state: State, given: Given) -> Thing:
    return page_of(state, state.all("payment_method", **some(given, "customer", "type")), given, "/v1/payment_methods")


@route("GET", "/v1/customers/{id}/payment_methods", PAGE | {"type": one_of("card")})
def list_customers_payment_methods(state: State, given: Given, key: str) -> Thing:
    get_customer(state, key, "id")
    return page_of(state, state.all("payment_method", customer=key), given, f"/v1/customers/{key}/payment_methods")
