"""Checkout: a session, what its page asks for, and the subscription that paying it begins."""

from config.fakestripe import billing, invoices, subscriptions
from config.fakestripe.amounts import DAY
from config.fakestripe.catalogue import some
from config.fakestripe.customers import attach, card_method, create_customer, get_customer
from config.fakestripe.parameters import EXPAND, PAGE, Given, mapping, one_of, text, truth, whole
from config.fakestripe.refusals import Refusal, invalid
from config.fakestripe.routes import page_of, route
from config.fakestripe.state import State, Thing, listed

KIND = "checkout.session"
UPDATE = one_of("auto", "never")
SUBSCRIPTION_DATA: Given = {
    "default_tax_rates": [text],
    "description": text,
    "metadata": mapping,
    "trial_end": whole,
} | {"trial_period_days": whole, "trial_settings": billing.TRIAL_SETTINGS}
CREATE: Given = (
    {"allow_promotion_codes": truth, "automatic_tax": {"enabled": truth}, "cancel_url": text, "customer": text}
    | {"billing_address_collection": one_of("auto", "required"), "client_reference_id": text, "currency": text}
    | {"customer_email": text, "customer_update": {"address": UPDATE, "name": UPDATE}, "expires_at": whole}
    | {"discounts": [{"coupon": text, "promotion_code": text}], "locale": text, "metadata": mapping}
    | {"line_items": [{"price": text, "quantity": whole, "tax_rates": [text]}], "mode": one_of("subscription")}
    | {"payment_method_collection": one_of("always", "if_required"), "allowed_payment_method_types": [one_of("card")]}
    | {"subscription_data": SUBSCRIPTION_DATA, "success_url": text, "tax_id_collection": {"enabled": truth}}
)


@route("POST", "/v1/checkout/sessions", CREATE, required=["mode", "line_items", "success_url"])
def create_session(state: State, given: Given) -> Thing:
    customer = get_customer(state, given["customer"]) if given.get("customer") else None
    check(customer, given)
    now = state.now(customer or {})
    prices = [
        subscriptions.recurring_price(state, line.get("price"), "line_items[0][price]") for line in given["line_items"]
    ]
    plain = some(given, "allow_promotion_codes", "cancel_url", "client_reference_id", "customer_email", "locale")
    values = (
        {"customer": customer and customer["id"], "customer_details": None, "expires_at": now + DAY}
        | {
            "currency": prices[0]["currency"],
            "metadata": given.get("metadata") or {},
            "success_url": given["success_url"],
        }
        | {"automatic_tax": AUTOMATIC_TAX | (given.get("automatic_tax") or {}), "_given": given}
        | {"billing_address_collection": given.get("billing_address_collection")}
        | {"payment_method_collection": given.get("payment_method_collection") or "always"}
        | {"tax_id_collection": {"enabled": False, "required": "never"} | (given.get("tax_id_collection") or {})}
    )
    session = state.add(KIND, EMPTY | plain | values | some(given, "expires_at"), at=now)
    session["url"] = f"{state.origin}/c/pay/{session['id']}"
    reckon(state, session)
    return session


AUTOMATIC_TAX: Thing = {"enabled": False, "liability": None, "provider": None, "status": None}
EMPTY: Thing = (
    {"allow_promotion_codes": None, "cancel_url": None, "client_reference_id": None, "client_secret": None}
    | {"consent": None, "custom_fields": [], "customer_creation": None, "customer_email": None, "invoice": None}
    | {"locale": None, "mode": "subscription", "payment_intent": None, "payment_link": None}
    | {"payment_method_types": ["card"], "payment_status": "unpaid", "setup_intent": None, "shipping_options": []}
    | {"status": "open", "submit_type": None, "subscription": None, "ui_mode": "hosted_page", "url": None}
)


def check(customer: Thing | None, given: Given) -> None:
    if not given["success_url"].startswith(("http://", "https://")):
        raise invalid("Invalid URL: an explicit scheme (such as https) must be provided.", "success_url", "url_invalid")
    if customer and given.get("customer_email"):
        raise invalid("You may only specify one of these parameters: customer, customer_email.", "customer_email")
    if given.get("allow_promotion_codes") and given.get("discounts"):
        raise invalid("You may only specify one of these parameters: allow_promotion_codes, discounts.", "discounts")
    update = (given.get("customer_update") or {}).get("address")
    if not customer or not (given.get("automatic_tax") or {}).get("enabled") or update == "auto":
        return
    if not (customer["address"] or {}).get("country"):
        raise invalid(
            "Automatic tax calculation in Checkout requires a valid address on the Customer. Add a valid address to "
            "the Customer or set `customer_update[address]` to 'auto' to save the address entered in Checkout.",
            *("customer", "customer_tax_location_invalid"),
        )


@route("GET", "/v1/checkout/sessions/{id}", EXPAND)
def retrieve_session(state: State, given: Given, key: str) -> Thing:
    session = state.get(KIND, key)
    return session | {"line_items": listed(lines(state, session), f"/v1/checkout/sessions/{key}/line_items")}


@route("GET", "/v1/checkout/sessions/{id}/line_items", PAGE)
def list_line_items(state: State, given: Given, key: str) -> Thing:
    return page_of(state, lines(state, state.get(KIND, key))[::-1], given, f"/v1/checkout/sessions/{key}/line_items")


@route(
    "GET",
    "/v1/checkout/sessions",
    PAGE | {"customer": text, "subscription": text, "status": one_of("open", "complete", "expired")},
)
def list_sessions(state: State, given: Given) -> Thing:
    return page_of(
        state, state.all(KIND, **some(given, "customer", "subscription", "status")), given, "/v1/checkout/sessions"
    )


@route("POST", "/v1/checkout/sessions/{id}/expire", {})
def expire_session(state: State, given: Given, key: str) -> Thing:
    session = state.get(KIND, key)
    if session["status"] != "open":
        raise invalid('Only Checkout Sessions with a status in ["open"] can be expired.', "id")
    expire(state, session)
    return session


def expire(state: State, session: Thing) -> None:
    session.update(status="expired", url=None)
    state.tell("checkout.session.expired", session)


# What it costs


def lines(state: State, session: Thing) -> list[Thing]:
    found = []
    for at, line in enumerate(session["_given"]["line_items"]):
        price, quantity = state.get("price", line["price"]), line.get("quantity") or 1
        amount = price["unit_amount"] * quantity
        values = {"amount_discount": 0, "amount_subtotal": amount, "amount_tax": 0, "amount_total": amount} | {
            "currency": price["currency"],
            "description": state.get("product", price["product"])["name"],
        }
        found.append(
            {"id": f"li_{session['id'][8:]}{at}", "object": "item", **values, "price": price, "quantity": quantity}
        )
    return found


def reckon(state: State, session: Thing, code: str = "") -> None:
    """Begin it in a copy, in Britain, and read its first invoice."""
    sandbox = invoices.copy_of(state)
    customer = create_customer(sandbox, {"address": {"country": "GB"}, "email": "someone@example.org"})
    terms = terms_of(sandbox, session, code) | {"payment_behavior": "default_incomplete"}
    begun = subscriptions.begin(sandbox, customer, terms)
    invoice = sandbox.get("invoice", begun["latest_invoice"])
    off = sum(one["amount"] for one in invoice["total_discount_amounts"])
    tax = sum(one["amount"] for one in invoice["total_taxes"])
    session |= {"amount_subtotal": invoice["subtotal"], "amount_total": invoice["total"]} | {
        "total_details": {"amount_discount": off, "amount_shipping": 0, "amount_tax": tax}
    }


def terms_of(state: State, session: Thing, code: str = "") -> Given:
    """The subscription that it will be."""
    given = session["_given"]
    data = given.get("subscription_data") or {}
    items = [
        {"price": line["price"], "quantity": line.get("quantity", 1), **some(line, "tax_rates")}
        for line in given["line_items"]
    ]
    discounts = given.get("discounts") or []
    if code:
        found = state.all("promotion_code", code=code.strip().upper(), active=True) or state.all(
            "promotion_code", code=code.strip()
        )
        if not found:
            raise invalid("This code is invalid.", "promotion_code")
        discounts = [{"promotion_code": found[0]["id"]}]
    return {**some(given, "automatic_tax"), **data, "items": items, "discounts": discounts}


# Paid


def pay(state: State, session: Thing, form: dict[str, str]) -> Thing:
    """What the page's button does; raises Refusal with what the customer must mend."""
    if session["status"] != "open":
        raise Refusal("This page has been used already, or is too old.")
    card = card_method(state, form.get("number", ""), name=form.get("name"), expires=expiry(form.get("expiry", "")))
    reckon(state, session, form.get("code", ""))
    customer = customer_of(state, session, form)
    attach(state, customer, card["id"])
    terms = terms_of(state, session, form.get("code", ""))
    terms |= {"default_payment_method": card["id"], "payment_behavior": "error_if_incomplete"}
    begun = subscriptions.begin(state, customer, terms)
    complete(state, session, customer, begun, form)
    return session


def complete(state: State, session: Thing, customer: Thing, begun: Thing, form: dict[str, str]) -> None:
    invoice = state.get("invoice", begun["latest_invoice"])
    details = {
        "address": customer["address"],
        "business_name": None,
        "email": customer["email"],
        "individual_name": None,
    } | {"name": form.get("name") or customer["name"], "phone": None, "tax_exempt": "none", "tax_ids": []}
    session |= (
        {"customer": customer["id"], "customer_details": details, "invoice": invoice["id"], "status": "complete"}
        | {"payment_status": "paid" if invoice["amount_due"] else "no_payment_required", "url": None}
        | {"subscription": begun["id"]}
    )
    if session["automatic_tax"]["enabled"]:
        session["automatic_tax"]["status"] = "complete"
    state.tell("checkout.session.completed", session)


def customer_of(state: State, session: Thing, form: dict[str, str]) -> Thing:
    """The session's customer, or a new one; the address is kept where automatic tax needs it."""
    address = {"city": None, "country": "GB", "line1": None, "line2": None, "postal_code": form.get("postcode")} | {
        "state": None
    }
    if not session["customer"]:
        email = session["customer_email"] or form.get("email")
        if not email:
            raise Refusal("Enter your email address.", param="email")
        return create_customer(state, {"email": email, "name": form.get("name"), "address": address})
    customer = get_customer(state, session["customer"])
    update = session["_given"].get("customer_update") or {}
    with state.changing(customer, "customer.updated"):
        if update.get("address") == "auto":
            customer["address"] = address
        if update.get("name") == "auto":
            customer["name"] = form.get("name") or customer["name"]
    return customer


def expiry(written: str) -> tuple[int, int]:
    digits = "".join(letter for letter in written if letter.isdigit())
    if len(digits) not in (4, 6) or not 1 <= int(digits[:2]) <= 12:
        raise Refusal("Enter the expiry date as month and year, such as 12 / 34.", param="expiry")
    return int(digits[:2]), int(digits[2:]) % 100 + 2000
