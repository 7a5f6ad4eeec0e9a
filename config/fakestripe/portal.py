"""The customer portal: a session, and what its page can do."""

from config.fakestripe import billing, subscriptions
from config.fakestripe.checkout import expiry
from config.fakestripe.customers import attach, card_method, get_customer
from config.fakestripe.parameters import Given, one_of, text
from config.fakestripe.refusals import Refusal, invalid
from config.fakestripe.routes import route
from config.fakestripe.state import OVER, State, Thing

KIND = "billing_portal.session"


@route(
    "POST",
    "/v1/billing_portal/sessions",
    {"customer": text, "return_url": text, "locale": one_of("auto", "en", "en-GB")},
    required=["customer"],
)
def create_session(state: State, given: Given) -> Thing:
    customer = get_customer(state, given["customer"])
    if given.get("return_url") and not given["return_url"].startswith(("http://", "https://")):
        raise invalid("Invalid URL: an explicit scheme (such as https) must be provided.", "return_url", "url_invalid")
    values = {"configuration": "bpc_standin", "customer": customer["id"], "flow": None} | {
        "locale": given.get("locale"),
        "on_behalf_of": None,
        "return_url": given.get("return_url"),
    }
    session = state.add(KIND, values)
    session["url"] = f"{state.origin}/p/session/{session['id']}"
    return session


def current(state: State, session: Thing) -> Thing | None:
    """The customer's newest subscription that is not over."""
    found = state.all("subscription", customer=session["customer"])
    return next((one for one in found[::-1] if one["status"] not in OVER), None)


def plans(state: State, subscription: Thing) -> list[Thing]:
    """The prices that it can be changed to."""
    return [price for price in state.all("price", active=True, currency=subscription["currency"]) if price["recurring"]]


def act(state: State, session: Thing, form: dict[str, str]) -> str:
    """Do what a button says; returns what to tell the customer."""
    action = form.get("action", "")
    if action == "card":
        return save_card(state, session, form)
    subscription = current(state, session)
    if subscription is None:
        raise Refusal("There is no subscription to change.")
    if action == "plan":
        item = subscription["items"]["data"][0]["id"]
        billing.update_subscription(state, {"items": [{"id": item, "price": form.get("price")}]}, subscription["id"])
        return "Your plan is changed."
    at_end = {"cancel": True, "keep": False}.get(action)
    if at_end is None:
        raise Refusal("That button is not known.")
    billing.update_subscription(state, {"cancel_at_period_end": at_end}, subscription["id"])
    return "Your plan ends with this period." if at_end else "Your plan goes on."


def save_card(state: State, session: Thing, form: dict[str, str]) -> str:
    card = card_method(state, form.get("number", ""), name=form.get("name"), expires=expiry(form.get("expiry", "")))
    attach(state, get_customer(state, session["customer"]), card["id"], as_default=True)
    subscription = current(state, session)
    if subscription and subscription["collection_method"] == "charge_automatically":
        with state.changing(subscription, "customer.subscription.updated"):
            subscription["default_payment_method"] = card["id"]
    return "Your card is saved."


def ends_at(subscription: Thing) -> int:
    return subscriptions.period_of(subscription)[1]
