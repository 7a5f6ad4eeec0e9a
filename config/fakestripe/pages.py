"""The pages that people see: Checkout, the portal, an invoice, and this stand-in's own front page."""

import datetime as dt
import re
from html import escape

from config.fakestripe import charges, portal
from config.fakestripe.amounts import every
from config.fakestripe.invoicing import subscription_of
from config.fakestripe.state import State, Thing
from config.standins import document


def page(title: str, body: str, *, error: str = "", note: str = "") -> str:
    summary = (
        f'<div class="error" role="alert"><h2>There is a problem</h2><p>{escape(error)}</p></div>' if error else ""
    )
    told = f'<p class="note" role="status">{escape(note)}</p>' if note else ""
    return document(title, f"{summary}{told}{body}", whose="Stripe: no money moves.", is_wrong=bool(error))


def money(pence: int, currency: str = "gbp") -> str:
    sign = "£" if currency == "gbp" else f"{currency.upper()} "
    return f"{'-' if pence < 0 else ''}{sign}{abs(pence) / 100:,.2f}"


def day(moment: int | None) -> str:
    return f"{dt.datetime.fromtimestamp(moment, dt.UTC):%-d %B %Y}" if moment else "–"


def text_field(name: str, label: str, complete: str, value: str = "", kind: str = "text") -> str:
    return (
        f'<label for="{name}">{escape(label)}</label>'
        f'<input id="{name}" name="{name}" type="{kind}" autocomplete="{complete}" value="{escape(value)}">'
    )


def button(label: str, value: str = "", *, about: str = "") -> str:
    named = f' name="action" value="{value}"' if value else ""
    spoken = f' aria-label="{escape(label)}: {escape(about)}"' if about else ""
    return f'<button type="submit"{named}{spoken}>{escape(label)}</button>'


def table(head: list[str], rows: list[list[str]]) -> str:
    """Cells are HTML already."""
    top = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def card_fields(form: dict[str, str]) -> str:
    return (
        "<p>Test cards: 4242 4242 4242 4242 pays, 4000 0000 0000 0002 is declined, "
        "4000 0000 0000 0341 can be saved and is declined when charged.</p>"
        + text_field("name", "Name on the card", "cc-name", form.get("name", ""))
        + text_field("number", "Card number", "cc-number", form.get("number", ""))
        + text_field("expiry", "Expiry date (month / year)", "cc-exp", form.get("expiry", ""))
        + text_field("cvc", "Security code", "cc-csc", form.get("cvc", ""))
    )


# Checkout


def checkout_page(state: State, session: Thing, form: dict[str, str], error: str = "") -> str:
    if session["status"] != "open":
        return page("This page is closed", "<p>It has been paid already, or is too old.</p>", error=error)
    fields = (
        ""
        if session["customer"] or session["customer_email"]
        else text_field("email", "Email address", "email", form.get("email", ""), "email")
    )
    fields += card_fields(form) + text_field("postcode", "Postcode", "postal-code", form.get("postcode", ""))
    if session["allow_promotion_codes"]:
        fields += text_field("code", "Promotion code (if you have one)", "off", form.get("code", ""))
    back = (
        f'<p><a href="{escape(session["cancel_url"])}">Go back without paying</a></p>' if session["cancel_url"] else ""
    )
    body = f'{basket(state, session)}<form method="post" novalidate>{fields}{button("Subscribe")}</form>{back}'
    return page("Subscribe", body, error=error)


def basket(state: State, session: Thing) -> str:
    rows = []
    for line in session["_given"]["line_items"]:
        price = state.get("price", line["price"])
        quantity = line.get("quantity") or 1
        name = state.get("product", price["product"])["name"]
        what = f"{quantity} × {escape(name)} ({every(price['recurring'])})"
        rows.append([what, money(price["unit_amount"] * quantity, price["currency"])])
    totals = session["total_details"]
    if totals["amount_discount"]:
        rows.append(["Discount", money(-totals["amount_discount"], session["currency"])])
    rows.append(["VAT", money(totals["amount_tax"], session["currency"])])
    rows.append(["To pay today", money(session["amount_total"], session["currency"])])
    return table(["What", "Price"], rows)


# Portal


def portal_page(state: State, session: Thing, form: dict[str, str], *, error: str = "", note: str = "") -> str:
    subscription = portal.current(state, session)
    body = plan_part(state, subscription) if subscription else "<p>You have no plan.</p>"
    body += f"<h2>Card</h2>{saved_card(state, session)}"
    body += f'<form method="post" novalidate>{card_fields(form)}{button("Save this card", "card")}</form>'
    rows = [
        [
            f'<a href="/i/{one["id"]}">{escape(one["number"] or "Draft")}</a>',
            escape(one["status"]),
            money(one["total"], one["currency"]),
        ]
        for one in state.all("invoice", customer=session["customer"])[::-1]
    ]
    body += (
        f"<h2>Invoices</h2>{table(['Number', 'State', 'Total'], rows)}" if rows else "<h2>Invoices</h2><p>None yet.</p>"
    )
    if session["return_url"]:
        body += f'<p><a href="{escape(session["return_url"])}">Go back</a></p>'
    return page("Your plan and invoices", body, error=error, note=note)


def saved_card(state: State, session: Thing) -> str:
    cards = state.all("payment_method", customer=session["customer"])
    if not cards:
        return "<p>No card is saved.</p>"
    card = cards[-1]["card"]
    return f"<p>Saved: {escape(card['brand'])} ending {card['last4']}.</p>"


def plan_part(state: State, subscription: Thing) -> str:
    item = subscription["items"]["data"][0]
    options = "".join(option(state, price, item["price"]) for price in portal.plans(state, subscription))
    ends = (
        f"It ends on {day(subscription['cancel_at'])}."
        if subscription["cancel_at"]
        else f"It renews on {day(portal.ends_at(subscription))}."
    )
    stop = (
        button("Keep the plan", "keep")
        if subscription["cancel_at"]
        else button("Cancel at the end of the period", "cancel")
    )
    return (
        f"<h2>Plan</h2><p>{escape(label(state, item['price']))}. {ends}</p>"
        f'<form method="post"><label for="price">Change to</label><select id="price" name="price">{options}</select>'
        f'{button("Change plan", "plan")}</form><form method="post">{stop}</form>'
    )


def option(state: State, price: Thing, present: Thing) -> str:
    chosen = " selected" if price["id"] == present["id"] else ""
    return f'<option value="{price["id"]}"{chosen}>{escape(label(state, price))}</option>'


def label(state: State, price: Thing) -> str:
    name = state.get("product", price["product"])["name"]
    words = f" ({price['nickname']})" if price["nickname"] else ""
    return f"{name}{words}, {money(price['unit_amount'], price['currency'])} {every(price['recurring'])}"


# Invoice


def invoice_page(state: State, invoice: Thing, form: dict[str, str], *, error: str = "", note: str = "") -> str:
    rows = [
        [escape(line["description"] or ""), money(line["amount"], invoice["currency"])]
        for line in invoice["lines"]["data"]
    ]
    off = sum(one["amount"] for one in invoice["total_discount_amounts"])
    rows += [["Discount", money(-off, invoice["currency"])]] if off else []
    rows += [["VAT", money(sum(tax["amount"] for tax in invoice["total_taxes"]), invoice["currency"])]]
    rows += [["Total", money(invoice["total"], invoice["currency"])]]
    facts = [
        ["State", escape(invoice["status"])],
        ["To", escape(invoice["customer_name"] or invoice["customer_email"] or "")],
    ]
    facts += [
        ["To be paid by", day(invoice["due_date"])],
        ["Still to pay", money(invoice["amount_remaining"], invoice["currency"])],
    ]
    facts += [[escape(one["name"]), escape(one["value"])] for one in invoice["custom_fields"] or []]
    facts += [["Given back", escape(given_back(state, invoice))]] if given_back(state, invoice) else []
    body = table(["About", "This invoice"], facts) + table(["What", "Amount"], rows)
    body += f'<p><a href="/i/{invoice["id"]}/pdf">Download it as PDF</a></p>' if invoice["invoice_pdf"] else ""
    if invoice["status"] == "open":
        body += f'<form method="post" novalidate>{card_fields(form)}{button("Pay by card", "card")}</form>'
        body += f'<form method="post">{button("Mark as paid by bank transfer", "transfer")}</form>'
    return page(f"Invoice {invoice['number'] or '(draft)'}", body, error=error, note=note)


def given_back(state: State, invoice: Thing) -> str:
    """What was paid back and credited, in words."""
    charge, notes = charges.charge_of(state, invoice), state.all("credit_note", invoice=invoice["id"], status="issued")
    words = [f"{money(charge['amount_refunded'])} by card"] if charge and charge["amount_refunded"] else []
    return ", ".join(words + [f"{one['number']} of {money(one['total'])}" for one in notes])


def invoice_pdf(state: State, invoice: Thing) -> bytes:
    """One page of plain lines."""
    texts = [f"Invoice {invoice['number']}", f"To {invoice['customer_name'] or invoice['customer_email']}"]
    texts += [f"{one['name']}: {one['value']}" for one in invoice["custom_fields"] or []]
    texts += [
        f"{line['description']}  {money(line['amount'], invoice['currency'])}" for line in invoice["lines"]["data"]
    ]
    texts += [f"Total {money(invoice['total'], invoice['currency'])}", f"State: {invoice['status']}"]
    subscription = subscription_of(state, invoice)
    texts += [f"Subscription {subscription['id']}"] if subscription else []
    safe = [re.sub(r"[\\()]", r"\\\g<0>", one) for one in texts]
    shown = "BT /F 12 Tf 50 780 Td 18 TL " + " ".join(f"({one}) Tj T*" for one in safe) + " ET"
    stream = shown.encode("cp1252", "replace")
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d>>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    return pdf_of(objects)


def pdf_of(objects: list[bytes]) -> bytes:
    """The objects with the table of where they begin."""
    written, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table_at = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % place for place in places)
    return written + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table_at)


# The front page


def front_page(state: State, *, is_down: bool, error: str = "", note: str = "") -> str:
    events = [
        [f"{escape(one['type'])}<br>{day(one['created'])}", f"{one['pending_webhooks']} waiting", again(one)]
        for one in list(state.tables["event"].values())[:-31:-1]
    ]
    invoices = [
        [f'<a href="/i/{one["id"]}">{escape(one["number"] or "Draft")}</a>', escape(one["status"]), money(one["total"])]
        for one in list(state.tables["invoice"].values())[:-31:-1]
    ]
    switch = button("End the outage", "up") if is_down else button("Begin an outage", "down")
    body = (
        f'<p>It is {day(state.time_of(None))} here.</p><form method="post"><label for="days">Days to go forward</label>'
        f'<input id="days" name="days" inputmode="numeric" value="30">{button("Let time pass", "pass")}</form>'
        f'<form method="post">{switch}</form>'
        f"<h2>Invoices</h2>{table(['Number', 'State', 'Total'], invoices)}{giving_back(state)}"
        f"<h2>Events</h2>{table(['What', 'Deliveries', 'Again'], events)}"
    )
    return page("What Stripe would know", body, error=error, note=note)


def giving_back(state: State) -> str:
    """What is done in the dashboard: an invoice, or a part of it, is paid back or credited."""
    found = [one for one in state.tables["invoice"].values() if one["status"] in {"open", "paid"} and one["total"] > 0]
    options = "".join(
        f'<option value="{one["id"]}">{escape(one["number"])}, {money(one["total"])}, {one["status"]}</option>'
        for one in found[:-31:-1]
    )
    return (
        '<h2>Giving back</h2><form method="post">'
        f'<label for="invoice">Invoice</label><select id="invoice" name="invoice">{options}</select>'
        '<label for="pounds">Pounds, with VAT</label><input id="pounds" name="pounds" inputmode="decimal">'
        f"{button('Pay it back', 'refund')}{button('Credit it', 'credit')}</form>"
    )


def again(event: Thing) -> str:
    pressed = button("Send again", "again", about=event["type"])
    return f'<form method="post"><input type="hidden" name="event" value="{event["id"]}">{pressed}</form>'
