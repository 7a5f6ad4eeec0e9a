"""Time that passes: what falls due on a test clock, or on none, done in its order and at its own moment."""

from collections.abc import Callable, Iterator

from config.fakestripe import charges, checkout, invoicing, subscriptions
from config.fakestripe.amounts import DAY
from config.fakestripe.parameters import EXPAND, PAGE, Given, text, whole
from config.fakestripe.refusals import invalid
from config.fakestripe.routes import page_of, route
from config.fakestripe.state import State, Thing

type Due = tuple[int, Callable[[State, Thing], object], Thing]

KIND = "test_helpers.test_clock"
KEPT_SECONDS = 30 * DAY
ON_CLOCK = ("charge", "invoice_payment", "refund", "credit_note")  # which the API does not say of them
ALIVE = {"active", "past_due", "unpaid", "trialing"}


def advance(state: State, clock: str | None, until: int) -> None:
    """Let time pass on one clock, or for everything that stands on none."""
    reached = state.time_of(clock) if clock else 0  # the wall is ahead of what is still to be done
    try:
        while due := next_due(state, clock, until):
            for moment, act, thing in due:
                reached = max(moment, reached)
                set_time(state, clock, reached)
                act(state, thing)
        set_time(state, clock, until)
    finally:
        state.simulated = None


def next_due(state: State, clock: str | None, until: int) -> list[Due]:
    """What falls due first, at one moment: one thing of each customer, whose next may hang on it."""
    due = list(due_until(state, clock, until))
    first = min((moment for moment, _, _ in due), default=0)
    of_each: dict[str, Due] = {}
    for one in due:
        if one[0] == first:
            of_each.setdefault(one[2]["customer"] or one[2]["id"], one)
    return list(of_each.values())


def set_time(state: State, clock: str | None, moment: int) -> None:
    if clock:
        state.get(KIND, clock)["frozen_time"] = moment
    else:
        state.simulated = moment


def due_until(state: State, clock: str | None, until: int) -> Iterator[Due]:
    for subscription in state.all("subscription", test_clock=clock):
        yield from (due for due in of_subscription(state, subscription) if due[0] <= until)
    for invoice in state.all("invoice", test_clock=clock):
        yield from (due for due in of_invoice(invoice) if due[0] <= until)
    for refund in state.all("refund", _clock=clock, status="succeeded"):
        if refund["_fails_at"] and refund["_fails_at"] <= until:
            yield refund["_fails_at"], charges.fail, refund
    for session in state.all("checkout.session", status="open"):
        owner = state.tables["customer"].get(session["customer"], {})
        if owner.get("test_clock") == clock and session["expires_at"] <= until:
            yield session["expires_at"], checkout.expire, session


def of_subscription(state: State, subscription: Thing) -> Iterator[Due]:
    """What comes next for it; where two fall on one moment the first is done first."""
    status = subscription["status"]
    if status == "incomplete":
        yield (
            subscription["start_date"] + subscriptions.INCOMPLETE_SECONDS,
            subscriptions.expire_incomplete,
            subscription,
        )
    if status not in ALIVE:
        return
    if status == "trialing" and not subscription.get("_told"):
        warn_at = max(subscription["trial_end"] - subscriptions.TRIAL_WARNING, subscription["start_date"])
        yield warn_at, tell_of_trial_end, subscription
    if subscription["cancel_at"]:
        yield subscription["cancel_at"], subscriptions.end, subscription
    yield subscriptions.period_of(subscription)[1], subscriptions.renew, subscription


def tell_of_trial_end(state: State, subscription: Thing) -> None:
    subscription["_told"] = True
    state.tell("customer.subscription.trial_will_end", subscription)


def of_invoice(invoice: Thing) -> Iterator[Due]:
    if invoice["status"] == "draft" and invoice["auto_advance"] and invoice["automatically_finalizes_at"]:
        yield invoice["automatically_finalizes_at"], invoicing.finalise, invoice
    if invoice["status"] == "open" and invoice["next_payment_attempt"]:
        yield invoice["next_payment_attempt"], invoicing.charge, invoice
    if invoice["status"] == "open" and invoice["due_date"] and not invoice.get("_overdue"):
        yield invoice["due_date"], invoicing.become_overdue, invoice


# The API


@route("POST", "/v1/test_helpers/test_clocks", {"frozen_time": whole, "name": text}, required=["frozen_time"])
def create_clock(state: State, given: Given) -> Thing:
    values = {
        "deletes_after": int(state.wall()) + KEPT_SECONDS,
        "frozen_time": given["frozen_time"],
        "name": given.get("name"),
        "status": "ready",
        "status_details": {},
    }
    return state.add(KIND, values)


@route("GET", "/v1/test_helpers/test_clocks/{id}", EXPAND)
def retrieve_clock(state: State, given: Given, key: str) -> Thing:
    return state.get(KIND, key)


@route("GET", "/v1/test_helpers/test_clocks", PAGE)
def list_clocks(state: State, given: Given) -> Thing:
    return page_of(state, state.all(KIND), given, "/v1/test_helpers/test_clocks")


@route("DELETE", "/v1/test_helpers/test_clocks/{id}", {})
def delete_clock(state: State, given: Given, key: str) -> Thing:
    """Its customers go with it."""
    state.get(KIND, key)
    for table in ("customer", "subscription", "invoice", "invoiceitem", *ON_CLOCK):
        for thing in state.all(table, **{"_clock" if table in ON_CLOCK else "test_clock": key}):
            del state.tables[table][thing["id"]]
    del state.tables[KIND][key]
    return {"id": key, "object": KIND, "deleted": True}


@route("POST", "/v1/test_helpers/test_clocks/{id}/advance", {"frozen_time": whole}, required=["frozen_time"])
def advance_clock(state: State, given: Given, key: str) -> Thing:
    """With Stripe this takes a while (status `advancing`); here it is done when the answer comes."""
    clock = state.get(KIND, key)
    if given["frozen_time"] <= clock["frozen_time"]:
        raise invalid("The frozen_time must be after the clock's current time.", "frozen_time")
    advance(state, key, given["frozen_time"])
    state.tell("test_helpers.test_clock.ready", clock)
    return clock
