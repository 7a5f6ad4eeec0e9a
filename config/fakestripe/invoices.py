"""The API of invoices, their items and their previews."""

from config.fakestripe import billing, changing, invoicing, subscriptions
from config.fakestripe.amounts import check_place
from config.fakestripe.catalogue import merge, some
from config.fakestripe.customers import CUSTOM_FIELDS, check_custom_fields, get_customer
from config.fakestripe.parameters import EXPAND, PAGE, RANGE, SEARCH, Given, mapping, one_of, text, truth, whole
from config.fakestripe.refusals import Refusal, invalid
from config.fakestripe.routes import page_of, route, search_page, within
from config.fakestripe.state import State, Thing, copied

CHANGE: Given = {
    "auto_advance": truth,
    "automatic_tax": {"enabled": truth},
    "collection_method": billing.METHOD,
    "custom_fields": CUSTOM_FIELDS,
    "days_until_due": whole,
    "default_payment_method": text,
    "description": text,
    "default_tax_rates": [text],
    "due_date": whole,
    "footer": text,
    "metadata": mapping,
}
CREATE: Given = {
    **CHANGE,
    "currency": text,
    "customer": text,
    "subscription": text,
    "pending_invoice_items_behavior": one_of("exclude", "include"),
}
STATUS = one_of("draft", "open", "paid", "uncollectible", "void")


@route("POST", "/v1/invoices", CREATE, required=["customer"])
def create_invoice(state: State, given: Given) -> Thing:
    customer = get_customer(state, given.pop("customer"))
    check_place(customer, given.get("automatic_tax"))
    key, wanted = given.pop("subscription", None), given.pop("pending_invoice_items_behavior", "exclude")
    subscription = state.get("subscription", key, "subscription") if key else None
    pending = state.all("invoiceitem", customer=customer["id"], invoice=None) if wanted == "include" else []
    lines = [subscriptions.invoice_item_line(state, item) for item in pending]
    more = {} if given.get("auto_advance") else {"auto_advance": False, "automatically_finalizes_at": None}
    invoice = invoicing.draft(state, customer, lines, subscription=subscription, **more, billing_reason="manual")
    if given:
        change_draft(state, invoice, given)
    return invoice


def change_draft(state: State, invoice: Thing, given: Given) -> None:
    check_custom_fields(given.get("custom_fields"))
    days, due = given.pop("days_until_due", None), given.get("due_date")
    if (days or due) and (given.get("collection_method") or invoice["collection_method"]) != "send_invoice":
        raise invalid("days_until_due and due_date go with collection_method=send_invoice.", "days_until_due")
    rates = given.pop("default_tax_rates", None)
    if "automatic_tax" in given:
        invoice["automatic_tax"]["enabled"] = bool((given.pop("automatic_tax") or {}).get("enabled"))
    merge(invoice, given)
    invoice["_days"] = invoice["_days"] if days is None else days
    invoice["_tax_rates"] = invoice["_tax_rates"] if rates is None else rates
    if given.get("auto_advance") and not invoice["automatically_finalizes_at"]:
        invoice["automatically_finalizes_at"] = state.now(invoice) + invoicing.DRAFT_SECONDS
    invoicing.reckon(state, invoice)


@route("GET", "/v1/invoices/search", SEARCH, required=["query"])
def search_invoices(state: State, given: Given) -> Thing:
    return search_page(state.all("invoice"), given, "/v1/invoices/search")


@route("GET", "/v1/invoices/{id}", EXPAND)
def retrieve_invoice(state: State, given: Given, key: str) -> Thing:
    return state.get("invoice", key)


@route("POST", "/v1/invoices/{id}", CHANGE)
def update_invoice(state: State, given: Given, key: str) -> Thing:
    invoice = state.get("invoice", key)
    after = {"auto_advance", "metadata", "due_date", "default_payment_method"}
    if invoice["status"] != "draft" and set(given) - after:
        raise invalid(
            "Finalized invoices can't be updated in this way.", next(iter(set(given) - after)), "invoice_not_editable"
        )
    with state.changing(invoice, "invoice.updated"):
        if invoice["status"] == "draft":
            change_draft(state, invoice, given)
        else:
            merge(invoice, given)
    return invoice


LIST: Given = {
    "collection_method": billing.METHOD,
    "created": RANGE,
    "customer": text,
    "due_date": RANGE,
    "status": STATUS,
    "subscription": text,
}


@route("GET", "/v1/invoices", PAGE | LIST)
def list_invoices(state: State, given: Given) -> Thing:
    wanted = given.get("subscription")
    rows = [
        one
        for one in state.all("invoice", **some(given, "collection_method", "customer", "status"))
        if within(one["created"], given.get("created")) and within(one["due_date"], given.get("due_date"))
        if not wanted or (invoicing.subscription_of(state, one) or {}).get("id") == wanted
    ]
    return page_of(state, rows, given, "/v1/invoices")


@route("GET", "/v1/invoices/{id}/lines", PAGE)
def list_lines(state: State, given: Given, key: str) -> Thing:
    invoice = state.get("invoice", key)
    return page_of(state, invoice["lines"]["data"][::-1], given, f"/v1/invoices/{key}/lines")


@route("DELETE", "/v1/invoices/{id}", {})
def delete_invoice(state: State, given: Given, key: str) -> Thing:
    invoice = state.get("invoice", key)
    if invoice["status"] != "draft" or invoice["parent"]:
        raise invalid(
            "You can only delete draft invoices that no subscription made.", "invoice", "invoice_not_editable"
        )
    del state.tables["invoice"][key]
    state.tell("invoice.deleted", invoice)
    return {"id": key, "object": "invoice", "deleted": True}


@route("POST", "/v1/invoices/{id}/finalize", {"auto_advance": truth})
def finalize_invoice(state: State, given: Given, key: str) -> Thing:
    invoice = state.get("invoice", key)
    if "auto_advance" in given:
        invoice["auto_advance"] = given["auto_advance"]
    invoicing.finalise(state, invoice)
    return invoice


@route("POST", "/v1/invoices/{id}/send", {})
def send_invoice(state: State, given: Given, key: str) -> Thing:
    invoice = state.get("invoice", key)
    if invoice["collection_method"] != "send_invoice":
        raise invalid("You can only manually send an invoice if its collection method is 'send_invoice'.", "invoice")
    if invoice["status"] == "draft":
        invoice["auto_advance"] = False  # it is told of as sent once, below
        invoicing.finalise(state, invoice)
    if invoice["status"] not in {"open", "paid"}:
        raise invalid(f"You can only send an open invoice; this one is {invoice['status']}.", "invoice")
    state.tell("invoice.sent", invoice)
    return invoice


@route("POST", "/v1/invoices/{id}/pay", {"paid_out_of_band": truth, "payment_method": text, "off_session": truth})
def pay_invoice(state: State, given: Given, key: str) -> Thing:
    """By card, or marked as paid by bank transfer."""
    invoice = state.get("invoice", key)
    if invoice["status"] == "draft":
        invoicing.finalise(state, invoice, collect=False)
    if invoice["status"] == "paid":
        raise invalid("Invoice is already paid", "invoice", "invoice_already_paid")
    if invoice["status"] == "void":
        raise invalid("You can only pay an open invoice; this one is void.", "invoice")
    if given.get("paid_out_of_band"):
        invoicing.settle(state, invoice, off_stripe=True)
        return invoice
    card = (
        state.get("payment_method", given["payment_method"], "payment_method") if given.get("payment_method") else None
    )
    if refused := invoicing.charge(state, invoice, card):
        raise refused
    return invoice


@route("POST", "/v1/invoices/{id}/void", {})
def void_invoice(state: State, given: Given, key: str) -> Thing:
    return invoicing.close(state, state.get("invoice", key), "void")


@route("POST", "/v1/invoices/{id}/mark_uncollectible", {})
def mark_uncollectible(state: State, given: Given, key: str) -> Thing:
    return invoicing.close(state, state.get("invoice", key), "uncollectible")


# What a change would cost

PREVIEW_ITEM: Given = {"id": text, "price": text, "quantity": whole, "deleted": truth}
PREVIEW: Given = {
    "customer": text,
    "subscription": text,
    "automatic_tax": {"enabled": truth},
    "discounts": billing.DISCOUNTS,
    "subscription_details": {
        "items": [PREVIEW_ITEM],
        "proration_behavior": billing.PRORATION,
        "proration_date": whole,
        "trial_end": billing.TERMS["trial_end"],
        "cancel_at_period_end": truth,
    },
}


@route("POST", "/v1/invoices/create_preview", PREVIEW)
def create_preview(state: State, given: Given) -> Thing:
    """Do it in a copy, and show the invoice that comes of it."""
    key, details = given.get("subscription"), given.get("subscription_details") or {}
    sandbox = copy_of(state)
    if key:
        subscription = sandbox.get("subscription", key, "subscription")
        invoice = preview_of_change(sandbox, subscription, details)
    else:
        customer = get_customer(sandbox, given.get("customer"))
        terms: Given = {name: given[name] for name in ("automatic_tax", "discounts") if name in given}
        begun = subscriptions.begin(sandbox, customer, {"payment_behavior": "default_incomplete", **terms, **details})
        invoice = sandbox.get("invoice", begun["latest_invoice"])
    invoice["id"] = f"upcoming_{invoice['id']}"
    return invoice


def preview_of_change(sandbox: State, subscription: Thing, details: Given) -> Thing:
    """The invoice that a change brings at once, or else the next one."""
    latest = subscription["latest_invoice"]
    if details:
        billing.apply(sandbox, subscription, details)
    if subscription["latest_invoice"] == latest:
        if subscription["cancel_at_period_end"]:
            raise invalid("No upcoming invoices for customer.", code="invoice_upcoming_none")
        subscriptions.renew(sandbox, subscription)
    return sandbox.get("invoice", subscription["latest_invoice"])


def copy_of(state: State) -> State:
    """A state of its own with everything but what happened."""
    sandbox = State(now=state.wall)
    sandbox.offset, sandbox.simulated, sandbox.origin = state.offset, state.simulated, state.origin
    sandbox.tables = {kind: {} if kind == "event" else copied(table) for kind, table in state.tables.items()}
    for subscription in sandbox.tables["subscription"].values():
        sandbox.relink(subscription)
    return sandbox


# Items

ITEM: Given = {
    "amount": whole,
    "currency": text,
    "customer": text,
    "description": text,
    "discountable": truth,
    "invoice": text,
    "metadata": mapping,
    "period": {"start": whole, "end": whole},
    "pricing": {"price": text},
    "quantity": whole,
    "subscription": text,
    "tax_behavior": one_of("exclusive", "inclusive", "unspecified"),
}


@route("POST", "/v1/invoiceitems", ITEM, required=["customer"])
def create_invoice_item(state: State, given: Given) -> Thing:
    customer = get_customer(state, given["customer"])
    key = (given.get("pricing") or {}).get("price")
    price = state.get("price", key, "pricing[price]") if key else None
    if (price is None) == (given.get("amount") is None):
        raise Refusal("You must pass one of amount and pricing[price].", code="parameter_missing", param="amount")
    now, quantity = state.now(customer), given.get("quantity") or 1
    customer["currency"] = customer["currency"] or given.get("currency") or (price or {}).get("currency")
    item = changing.add_pending(
        *(state, customer["id"], price["unit_amount"] * quantity if price else given["amount"]),
        given.get("description") or "",
        subscription=given.get("subscription"),
        price=price,
        period=given.get("period") or {"start": now, "end": now},
        **{"quantity": quantity, "metadata": given.get("metadata") or {}, **some(given, "discountable")},
        _tax_behavior=given.get("tax_behavior") or (price or {}).get("tax_behavior"),
    )
    if given.get("invoice"):
        add_to_draft(state, item, state.get("invoice", given["invoice"], "invoice"))
    return item


def add_to_draft(state: State, item: Thing, invoice: Thing) -> None:
    if invoice["status"] != "draft":
        raise invalid("You can only add items to a draft invoice.", "invoice", "invoice_not_editable")
    with state.changing(invoice, "invoice.updated"):
        item["invoice"] = invoice["id"]
        line = subscriptions.invoice_item_line(state, item)
        line.update(invoice=invoice["id"], currency=invoice["currency"])
        invoice["lines"]["data"].append(line)
        invoicing.reckon(state, invoice)


@route("GET", "/v1/invoiceitems", PAGE | {"customer": text, "invoice": text, "pending": truth})
def list_invoice_items(state: State, given: Given) -> Thing:
    rows = state.all("invoiceitem", **some(given, "customer", "invoice"))
    if "pending" in given:
        rows = [item for item in rows if (item["invoice"] is None) == given["pending"]]
    return page_of(state, rows, given, "/v1/invoiceitems")


@route("GET", "/v1/invoiceitems/{id}", EXPAND)
def retrieve_invoice_item(state: State, given: Given, key: str) -> Thing:
    return state.get("invoiceitem", key)


@route("DELETE", "/v1/invoiceitems/{id}", {})
def delete_invoice_item(state: State, given: Given, key: str) -> Thing:
    item = state.get("invoiceitem", key)
    if item["invoice"]:
        raise invalid("This item is on an invoice already.", "id")
    del state.tables["invoiceitem"][key]
    state.tell("invoiceitem.deleted", item)
    return {"id": key, "object": "invoiceitem", "deleted": True}
