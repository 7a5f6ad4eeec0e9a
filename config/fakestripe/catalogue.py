"""What is sold: products, prices, coupons, promotion codes, tax rates."""

import secrets
from typing import Any

from config.fakestripe.parameters import EXPAND, PAGE, RANGE, SEARCH, Given, mapping, number, one_of, text, truth, whole
from config.fakestripe.refusals import Refusal, invalid
from config.fakestripe.routes import page_of, route, search_page, within
from config.fakestripe.state import State, Thing

TAX_BEHAVIOUR = one_of("exclusive", "inclusive", "unspecified")
INTERVAL = one_of("day", "week", "month", "year")
PRODUCT: Given = {
    "active": truth,
    "description": text,
    "metadata": mapping,
    "name": text,
    "statement_descriptor": text,
} | {"tax_code": text, "unit_label": text, "url": text}
RECURRING: Given = {"interval": INTERVAL, "interval_count": whole, "usage_type": one_of("licensed")}
PRICE_CHANGE: Given = {
    "active": truth,
    "lookup_key": text,
    "metadata": mapping,
    "nickname": text,
    "tax_behavior": TAX_BEHAVIOUR,
} | {"transfer_lookup_key": truth}
PRICE: Given = (
    PRICE_CHANGE
    | {"currency": text, "product": text, "unit_amount": whole, "recurring": RECURRING}
    | {"billing_scheme": one_of("per_unit"), "product_data": {"name": text, "metadata": mapping}}
)


# Products


@route("POST", "/v1/products", PRODUCT | {"id": text}, required=["name"])
def create_product(state: State, given: Given) -> Thing:
    key = given.pop("id", None)
    empty: Thing = (
        {"active": True, "default_price": None, "description": None, "images": [], "marketing_features": []}
        | {"metadata": {}, "package_dimensions": None, "shippable": None, "statement_descriptor": None}
        | {"tax_code": None, "tax_details": None, "type": "service", "unit_label": None, "url": None}
    )
    refuse_taken(state, "product", key)
    product = state.add("product", empty | given, key=key)
    product["updated"] = product["created"]
    state.tell("product.created", product)
    return product


@route("GET", "/v1/products/{id}", EXPAND)
def retrieve_product(state: State, given: Given, key: str) -> Thing:
    return state.get("product", key)


@route("POST", "/v1/products/{id}", PRODUCT | {"default_price": text})
def update_product(state: State, given: Given, key: str) -> Thing:
    return change(state, state.get("product", key), given, "product.updated")


@route("GET", "/v1/products", PAGE | {"active": truth, "ids": [text]})
def list_products(state: State, given: Given) -> Thing:
    things = [
        one for one in state.all("product", **some(given, "active")) if one["id"] in (given.get("ids") or one["id"])
    ]
    return page_of(state, things, given, "/v1/products")


@route("GET", "/v1/products/search", SEARCH, required=["query"])
def search_products(state: State, given: Given) -> Thing:
    return search_page(state.all("product"), given, "/v1/products/search")


# Prices


@route("POST", "/v1/prices", PRICE, required=["currency"])
def create_price(state: State, given: Given) -> Thing:
    amount = given.get("unit_amount")
    if amount is None or amount < 0:
        raise Refusal("Missing required param: unit_amount.", code="parameter_missing", param="unit_amount")
    values = (
        {"active": True, "billing_scheme": "per_unit", "currency": given["currency"].lower()}
        | {"custom_unit_amount": None, "lookup_key": take_lookup_key(state, given), "nickname": given.get("nickname")}
        | {"metadata": given.get("metadata", {}), "product": product_of(state, given), "recurring": recurring(given)}
        | {"tax_behavior": given.get("tax_behavior") or "unspecified", "tiers_mode": None}
        | {"transform_quantity": None, "type": "recurring" if given.get("recurring") else "one_time"}
        | {"unit_amount": amount, "unit_amount_decimal": str(amount)}
    )
    price = state.add("price", values | some(given, "active"))
    state.tell("price.created", price)
    return price


def product_of(state: State, given: Given) -> str:
    if given.get("product_data"):
        return str(create_product(state, dict(given["product_data"]))["id"])
    if not given.get("product"):
        raise Refusal("Missing required param: product.", code="parameter_missing", param="product")
    return str(state.get("product", given["product"], "product")["id"])


def recurring(given: Given) -> Thing | None:
    asked = given.get("recurring")
    if not asked:
        return None
    if not asked.get("interval"):
        raise Refusal(
            "Missing required param: recurring[interval].", code="parameter_missing", param="recurring[interval]"
        )
    count = asked.get("interval_count") or 1
    return {"interval": asked["interval"], "interval_count": count, "meter": None, "usage_type": "licensed"}


def take_lookup_key(state: State, given: Given) -> str | None:
    key = given.get("lookup_key")
    holder = next(iter(state.all("price", lookup_key=key)), None) if key else None
    if holder and not given.get("transfer_lookup_key"):
        raise invalid(f"A price (`{holder['id']}`) already uses that lookup key.", "lookup_key")
    if holder:
        with state.changing(holder, "price.updated"):
            holder["lookup_key"] = None
    return key


@route("GET", "/v1/prices/{id}", EXPAND)
def retrieve_price(state: State, given: Given, key: str) -> Thing:
    return state.get("price", key)


@route("POST", "/v1/prices/{id}", PRICE_CHANGE)
def update_price(state: State, given: Given, key: str) -> Thing:
    price = state.get("price", key)
    if given.get("lookup_key") and given["lookup_key"] != price["lookup_key"]:
        take_lookup_key(state, given)
    given.pop("transfer_lookup_key", None)
    return change(state, price, given, "price.updated")


LIST_PRICES = {"active": truth, "lookup_keys": [text], "product": text, "type": one_of("recurring", "one_time")}


@route("GET", "/v1/prices", PAGE | LIST_PRICES | {"currency": text, "recurring": {"interval": INTERVAL}})
def list_prices(state: State, given: Given) -> Thing:
    interval = (given.get("recurring") or {}).get("interval")
    things = [
        price
        for price in state.all("price", **some(given, "active", "product", "type", "currency"))
        if not given.get("lookup_keys") or price["lookup_key"] in given["lookup_keys"]
        if not interval or (price["recurring"] or {}).get("interval") == interval
    ]
    return page_of(state, things, given, "/v1/prices")


@route("GET", "/v1/prices/search", SEARCH, required=["query"])
def search_prices(state: State, given: Given) -> Thing:
    return search_page(state.all("price"), given, "/v1/prices/search")


# Coupons and promotion codes

COUPON: Given = (
    {"amount_off": whole, "percent_off": number, "currency": text, "id": text, "name": text, "redeem_by": whole}
    | {"duration": one_of("once", "repeating", "forever"), "duration_in_months": whole, "max_redemptions": whole}
    | {"metadata": mapping}
)


@route("POST", "/v1/coupons", COUPON)
def create_coupon(state: State, given: Given) -> Thing:
    key = given.pop("id", None)
    if bool(given.get("amount_off")) == bool(given.get("percent_off")):
        raise invalid("Pass one of amount_off or percent_off.", "percent_off")
    if given.get("amount_off") and not given.get("currency"):
        raise invalid("Pass currency with amount_off.", "currency")
    if (given.get("duration") == "repeating") != bool(given.get("duration_in_months")):
        raise invalid("duration_in_months goes with duration=repeating.", "duration_in_months")
    refuse_taken(state, "coupon", key)
    empty: Thing = (
        {"amount_off": None, "currency": None, "duration": "once", "duration_in_months": None, "metadata": {}}
        | {"max_redemptions": None, "name": None, "percent_off": None, "redeem_by": None}
        | {"times_redeemed": 0, "valid": True}
    )
    coupon = state.add("coupon", empty | given, key=key)
    state.tell("coupon.created", coupon)
    return coupon


@route("GET", "/v1/coupons/{id}", EXPAND)
def retrieve_coupon(state: State, given: Given, key: str) -> Thing:
    return state.get("coupon", key)


@route("GET", "/v1/coupons", PAGE)
def list_coupons(state: State, given: Given) -> Thing:
    return page_of(state, state.all("coupon"), given, "/v1/coupons")


@route("DELETE", "/v1/coupons/{id}", {})
def delete_coupon(state: State, given: Given, key: str) -> Thing:
    """Discounts that were given stay, so the coupon is kept where nobody can use it."""
    coupon = state.get("coupon", key)
    coupon["valid"] = False
    state.tell("coupon.deleted", coupon)
    return {"id": key, "object": "coupon", "deleted": True}


PROMOTION_CODE: Given = {
    "active": truth,
    "code": text,
    "customer": text,
    "expires_at": whole,
    "max_redemptions": whole,
} | {"metadata": mapping, "promotion": {"type": one_of("coupon"), "coupon": text}}


@route("POST", "/v1/promotion_codes", PROMOTION_CODE, required=["promotion"])
def create_promotion_code(state: State, given: Given) -> Thing:
    coupon = state.get("coupon", given["promotion"].get("coupon"), "promotion[coupon]")
    values = (
        {"active": True, "code": secrets.token_hex(4).upper(), "customer": None, "expires_at": None}
        | {"max_redemptions": None, "metadata": {}, "times_redeemed": 0}
        | {"restrictions": {"first_time_transaction": False, "minimum_amount": None, "minimum_amount_currency": None}}
        | given
        | {"promotion": {"type": "coupon", "coupon": coupon["id"]}}
    )
    if state.all("promotion_code", code=values["code"], active=True):
        raise invalid("An active promotion code with that code already exists.", "code")
    code = state.add("promotion_code", values)
    state.tell("promotion_code.created", code)
    return code


@route("GET", "/v1/promotion_codes/{id}", EXPAND)
def retrieve_promotion_code(state: State, given: Given, key: str) -> Thing:
    return state.get("promotion_code", key)


@route("POST", "/v1/promotion_codes/{id}", {"active": truth, "metadata": mapping})
def update_promotion_code(state: State, given: Given, key: str) -> Thing:
    return change(state, state.get("promotion_code", key), given, "promotion_code.updated")


@route("GET", "/v1/promotion_codes", PAGE | {"active": truth, "code": text, "coupon": text, "customer": text})
def list_promotion_codes(state: State, given: Given) -> Thing:
    things = [
        code
        for code in state.all("promotion_code", **some(given, "active", "code", "customer"))
        if given.get("coupon") in (None, code["promotion"]["coupon"])
    ]
    return page_of(state, things, given, "/v1/promotion_codes")


def is_redeemable(thing: Thing, now: int) -> bool:
    """Whether a coupon or a promotion code may be used now."""
    ends = thing.get("expires_at") or thing.get("redeem_by")
    left = thing["max_redemptions"] is None or thing["times_redeemed"] < thing["max_redemptions"]
    return bool(thing.get("valid", thing.get("active"))) and left and (not ends or now < ends)


# Tax rates

TAX_RATE_CHANGE: Given = {
    "active": truth,
    "country": text,
    "description": text,
    "display_name": text,
    "jurisdiction": text,
} | {"metadata": mapping, "tax_type": one_of("vat", "gst", "sales_tax")}


@route(
    *("POST", "/v1/tax_rates", TAX_RATE_CHANGE | {"inclusive": truth, "percentage": number}),
    required=["display_name", "inclusive", "percentage"],
)
def create_tax_rate(state: State, given: Given) -> Thing:
    empty: Thing = (
        {"active": True, "country": None, "description": None, "flat_amount": None, "jurisdiction": None}
        | {"jurisdiction_level": None, "metadata": {}, "rate_type": "percentage", "state": None, "tax_type": None}
        | {"effective_percentage": given["percentage"]}
    )
    rate = state.add("tax_rate", empty | given)
    state.tell("tax_rate.created", rate)
    return rate


@route("GET", "/v1/tax_rates/{id}", EXPAND)
def retrieve_tax_rate(state: State, given: Given, key: str) -> Thing:
    return state.get("tax_rate", key)


@route("POST", "/v1/tax_rates/{id}", TAX_RATE_CHANGE)
def update_tax_rate(state: State, given: Given, key: str) -> Thing:
    return change(state, state.get("tax_rate", key), given, "tax_rate.updated")


@route("GET", "/v1/tax_rates", PAGE | {"active": truth, "inclusive": truth, "created": RANGE})
def list_tax_rates(state: State, given: Given) -> Thing:
    rows = [
        r
        for r in state.all("tax_rate", **some(given, "active", "inclusive"))
        if within(r["created"], given.get("created"))
    ]
    return page_of(state, rows, given, "/v1/tax_rates")


# For all of them


def some(given: Given, *names: str) -> dict[str, Any]:
    """Those of the parameters that were given."""
    return {name: given[name] for name in names if given.get(name) is not None}


def change(state: State, thing: Thing, given: Given, event: str) -> Thing:
    with state.changing(thing, event):
        merge(thing, given)
    return thing


def merge(thing: Thing, given: Given) -> None:
    """Metadata is merged key by key, and an empty text takes a key away; everything else is replaced."""
    for name, value in given.items():
        if name == "metadata":
            merged = (thing["metadata"] | value) if value else {}
            thing[name] = {key: text for key, text in merged.items() if text != ""}
        else:
            thing[name] = value


def refuse_taken(state: State, kind: str, key: str | None) -> None:
    if key and key in state.tables[kind]:
        raise Refusal(f"{kind.capitalize()} already exists.", code="resource_already_exists", param="id")
