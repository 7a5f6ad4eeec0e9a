"""Periods, shares of periods, discounts and VAT: what an invoice comes to."""

import calendar
import datetime as dt
from typing import Any

from config.fakestripe.refusals import Refusal
from config.fakestripe.state import State, Thing

DAY = 86_400
VAT_PERCENT = 20.0
VAT_RATE = "txr_automatic_vat"
MONTHS = {"month": 1, "year": 12}
DAYS = {"day": 1, "week": 7}


# Time


def every(recurring: Thing) -> str:
    """How often it is charged: "each month", "every 12 months"."""
    count, interval = recurring["interval_count"], recurring["interval"]
    return f"every {count} {interval}s" if count > 1 else f"each {interval}"


def after_periods(anchor: int, recurring: Thing, count: int) -> int:
    """The end of the count-th period; months keep the anchor's day where they have one."""
    count *= recurring["interval_count"]
    if recurring["interval"] in DAYS:
        return anchor + count * DAYS[recurring["interval"]] * DAY
    begin = dt.datetime.fromtimestamp(anchor, dt.UTC)
    months = begin.year * 12 + begin.month - 1 + count * MONTHS[recurring["interval"]]
    year, month = months // 12, months % 12 + 1
    day = min(begin.day, calendar.monthrange(year, month)[1])
    return int(begin.replace(year=year, month=month, day=day).timestamp())


def period_end(anchor: int, recurring: Thing, start: int) -> int:
    """The end of the period that begins at `start`."""
    count = 1
    while after_periods(anchor, recurring, count) <= start:
        count += 1
    return after_periods(anchor, recurring, count)


def share(amount: int, start: int, end: int, now: int) -> int:
    """What is left of an amount for a period."""
    return round(amount * max(end - now, 0) / (end - start))


# An invoice's total


def reckon(state: State, invoice: Thing) -> None:
    """Write discounts, VAT and totals of a draft from its lines."""
    lines = invoice["lines"]["data"]
    for line in lines:
        line["discount_amounts"] = []
    invoice["total_discount_amounts"] = [take_off(state, lines, key) for key in invoice["discounts"]]
    for line in lines:
        line["taxes"] = taxes_of(state, invoice, line)
    taxes = [tax for line in lines for tax in line["taxes"]]
    inclusive = sum(tax["amount"] for tax in taxes if tax["tax_behavior"] == "inclusive")
    exclusive = sum(tax["amount"] for tax in taxes) - inclusive
    subtotal = sum(line["amount"] for line in lines)
    total = subtotal - sum(off["amount"] for off in invoice["total_discount_amounts"]) + exclusive
    invoice |= (
        {"subtotal": subtotal, "subtotal_excluding_tax": subtotal - inclusive, "total": total}
        | {"total_excluding_tax": total - inclusive - exclusive, "total_taxes": summed(taxes)}
        | {"amount_due": max(total, 0), "amount_remaining": max(total, 0)}
    )
    if invoice["automatic_tax"]["enabled"]:
        invoice["automatic_tax"]["status"] = "complete"


def take_off(state: State, lines: list[Thing], key: str) -> Thing:
    """Take one discount off the lines, and say what it came to."""
    coupon = state.get("coupon", state.get("discount", key)["source"]["coupon"])
    left, total = coupon["amount_off"] or 0, 0
    for line in lines:
        rest = line["amount"] - sum(off["amount"] for off in line["discount_amounts"])
        if rest <= 0 or not line["discountable"]:
            continue
        off = round(rest * coupon["percent_off"] / 100) if coupon["percent_off"] else min(rest, left)
        left, total = left - off, total + off
        line["discount_amounts"].append({"amount": off, "discount": key})
    return {"amount": total, "discount": key}


def taxes_of(state: State, invoice: Thing, line: Thing) -> list[Thing]:
    taxable = line["amount"] - sum(off["amount"] for off in line["discount_amounts"])
    if invoice["automatic_tax"]["enabled"]:
        rate, exempt = automatic_rate(state), invoice["customer_tax_exempt"]
        return [tax_of(rate, taxable, exempt, inclusive=line["_tax_behavior"] == "inclusive")]
    rates = line["_tax_rates"] or invoice["_tax_rates"]
    found = [state.get("tax_rate", key, "default_tax_rates") for key in rates]
    return [tax_of(rate, taxable, invoice["customer_tax_exempt"], inclusive=rate["inclusive"]) for rate in found]


def tax_of(rate: Thing, taxable: int, exempt: str, *, inclusive: bool) -> Thing:
    percent = rate["percentage"] if exempt == "none" else 0
    amount = round(taxable * percent / (100 + percent)) if inclusive else round(taxable * percent / 100)
    reasons = {"none": "standard_rated", "exempt": "customer_exempt", "reverse": "reverse_charge"}
    return (
        {"amount": amount, "tax_behavior": "inclusive" if inclusive else "exclusive"}
        | {"tax_rate_details": {"tax_rate": rate["id"]}, "taxability_reason": reasons[exempt]}
        | {"taxable_amount": taxable - amount if inclusive else taxable, "type": "tax_rate_details"}
    )


def summed(taxes: list[Thing]) -> list[Thing]:
    """One entry for each rate and way of adding it."""
    found: dict[Any, Thing] = {}
    for tax in taxes:
        key = (tax["tax_rate_details"]["tax_rate"], tax["tax_behavior"])
        entry = found.setdefault(key, tax | {"amount": 0, "taxable_amount": 0})
        entry["amount"] += tax["amount"]
        entry["taxable_amount"] += tax["taxable_amount"]
    return list(found.values())


def automatic_rate(state: State) -> Thing:
    """VAT, as automatic tax would find it for a British school."""
    if VAT_RATE not in state.tables["tax_rate"]:
        values = (
            {"active": True, "country": "GB", "description": None, "display_name": "VAT", "flat_amount": None}
            | {"effective_percentage": VAT_PERCENT, "inclusive": False, "jurisdiction": "GB", "metadata": {}}
            | {"jurisdiction_level": "country", "percentage": VAT_PERCENT, "rate_type": "percentage"}
            | {"state": None, "tax_type": "vat"}
        )
        state.add("tax_rate", values, key=VAT_RATE)
    return state.tables["tax_rate"][VAT_RATE]


def check_place(customer: Thing, automatic_tax: Thing | None) -> None:
    """Automatic tax needs to know where the customer is."""
    if (automatic_tax or {}).get("enabled") and not (customer["address"] or {}).get("country"):
        raise Refusal(
            "The customer's location isn't recognized. Set a valid customer address in order to automatically "
            "calculate tax.",
            code="customer_tax_location_invalid",
            param="automatic_tax",
        )
