"""Values for the gallery at /dev/components/: what each component is given there."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from shared_apps.core.forms import IDENTITIES
from shared_apps.core.navigation import Link, Place

TEAL, PLUM, OCHRE, BLUE, YELLOW = "#00696b", "#9b2c50", "#9a5a12", "#1f5fa8", "#ffc400"
LONG_NAME = "Gloucestershire and West Midlands School Business Managers"
CATERING = "Has anyone taken catering back in-house? Did it really save money?"
DFE = "DfE wants our website compliance evidence by Friday. What did you send?"


def samples(now: datetime) -> dict[str, Any]:
    """Return the context of the gallery's page."""
    timed = _discussions(now) | _posts(now) | _sharing(now)
    return timed | _shell() | _search() | _suppliers() | _work() | _tables() | _charts() | _mail()


def _html(markup: str) -> SafeString:
    return mark_safe(markup)  # noqa: S308 - written in this file


def _link(label: str, icon: str, *, group: str = "", current: bool = False, count: int = 0, post: bool = False) -> Link:
    return Link(label, label, "", "#", icon, group, current, count, "unread", False, label == "Notifications", post)


def _shell() -> dict[str, Any]:
    rail = [
        _link("Home", "house"),
        _link("Discussions", "chat-dots", current=True, count=12),
        _link("Members", "people"),
    ]
    return {
        "rail": [("", rail), ("Buying", [_link("Suppliers", "shop", group="Buying", count=3)])],
        "links": rail,
        "bar": [_link("The Collective", "globe2"), _link("Notifications", "bell", count=4)],
        "account": [_link("Your details", "person"), _link("Sign out", "box-arrow-right", post=True)],
        "foot": [_link("What other networks can see", ""), _link("Privacy", "")],
        "networks_here": [Place(label="Birmingham SBM Network", url="#", colour=TEAL)],
        "places": [
            Place(label="Birmingham SBM Network", url="#", colour=TEAL, current=True),
            Place(label="Gloucestershire Bursars", url="#", colour=OCHRE),
            Place(label="The Collective", url="#", icon="globe2"),
        ],
    }


def _row(title: str, state: str, now: datetime, hours: int, **more: Any) -> dict[str, Any]:
    return {"url": "#", "title": title, "state": state, "at": now - timedelta(hours=hours), "replies": 0} | more


def _discussions(now: datetime) -> dict[str, Any]:
    views = [("All", 0), ("Unread", 12), ("No answer yet", 7), ("Following", 0)]
    return {
        "crumbs": [("Discussions", "#"), ("Catering", "#")],
        "categories": [{"name": "Catering"}, {"name": "Premises"}],
        "views": [{"label": label, "url": "#", "count": n, "current": label == "All"} for label, n in views],
        "rows": [
            _row(CATERING, "answered", now, 0, who="You", category="Catering", shared=True, replies=9, new=3),
            _row(DFE, "question", now, 1, who="Gareth Lloyd", school="Bournville Park", replies=2, new=2),
            _row("Termly meeting: the January agenda", "discussion", now, 60, more=True, pinned=True),
            _row("Photocopier lease wants £4,800", "answered", now, 150, replies=8, more=True, locked=True),
        ],
        "away_rows": [
            _row("Is anyone self-insuring?", "answered", now, 30, origin="Kent", colour=PLUM, replies=11),
            _row("Caretaker overtime?", "question", now, 90, origin="Gloucestershire", colour=OCHRE, replies=1),
        ],
    }


def _posts(now: datetime) -> dict[str, Any]:
    return {
        "now": now,
        "last_week": now - timedelta(days=7),
        "body": _html(
            "<p>Yes, September 2024. Year one cost us £3,100 <em>more</em>, year two saved £11,400.</p>"
            "<ul><li>food £1.08, staff £1.21: <strong>£2.48</strong></li><li>cook manager, two assistants</li></ul>"
        ),
        "post_files": [{"name": "In-house catering costings.xlsx", "size": 38_912, "url": "#"}],
        "away": {"origin": LONG_NAME, "colour": PLUM},
    }


def _sharing(now: datetime) -> dict[str, Any]:
    states = (("shared", "Shared"), ("withdrawn", "Withdrawn"), ("waiting", "Waiting for Helen"))
    titles = (
        "Cover insurance: which clauses caught you out?",
        "Recommendation of Ashdown Office Systems",
        "Photocopier lease",
    )
    return {
        "identity_hints": {key: hint for key, (_, hint) in IDENTITIES.items()},
        "shared_body": _html(
            '<p>Our contract with <span class="cut">removed</span> ends in July. They want £2.94 a meal.</p>'
        ),
        "ledger": [
            {
                "title": title,
                "url": "#",
                "shown_as": "Role and area",
                "at": now - timedelta(days=day),
                "who": "Pete Dooley",
                "state": state,
                "state_text": words,
            }
            for day, (title, (state, words)) in enumerate(zip(titles, states, strict=True))
        ],
    }


def _options(*options: tuple[str, int]) -> list[dict[str, Any]]:
    return [
        {"value": label, "label": label, "count": count, "on": not index, "url": "#"}
        for index, (label, count) in enumerate(options)
    ]


def _hits() -> list[dict[str, Any]]:
    return [
        {
            "url": "#",
            "title": _html("Has anyone taken <mark>catering</mark> back <mark>in-house</mark>?"),
            "text": _html("Our contract ends in July. They want £2.94 a meal, and did it <mark>save money</mark>…"),
            "kind": "Answered question",
            "kind_state": "good",
            "kind_icon": "check-circle-fill",
            "origin": "Kent",
            "colour": PLUM,
            "answer": _html("Year one cost us £3,100 more, year two <mark>saved</mark> £11,400…"),
            "meta": ["Business manager, primary", "Catering", "10 Nov 2026", "3 answers"],
        },
        {
            "url": "#",
            "title": "Greenfold Kitchens set up our catering in one summer",
            "text": "They wrote the menus and trained the cook.",
            "kind": "Recommendation",
            "kind_state": "note",
            "kind_icon": "patch-check",
            "meta": ["Catering", "15 June 2026"],
            "stars": 4.7,
        },
    ]


def _search() -> dict[str, Any]:
    return {
        "hits": _hits(),
        "facets": [
            {"legend": "Kind", "name": "kind", "options": _options(("Question", 84), ("Recommendation", 31))},
            {"legend": "Network", "name": "network", "options": _options(("Birmingham", 22), ("Kent", 31))},
            {
                "legend": "When",
                "name": "when",
                "one": True,
                "options": _options(("Any time", 90), ("This school year", 40)),
            },
        ],
        "chips": [{"label": "Has an answer", "url": "#"}, {"label": "Last 3 years", "url": "#"}],
        "tabs": [("Birmingham", TEAL), ("Leeds", YELLOW), ("Kent", PLUM), (LONG_NAME, BLUE)],
    }


def _suppliers() -> dict[str, Any]:
    return {
        "scores": [("Response", 4.6), ("Quality", 4.2), ("Value", 3.4), ("Paperwork", None)],
        "marks": [("Response", 5), ("Quality", 4), ("Value", 3)],
        "categories": ["Catering", "Kitchen equipment"],
        "rec_text": _html(
            "<p>Good food, poor paperwork. Allergen sheets came late twice, which is not a small thing.</p>"
        ),
    }


def _step(name: str, state: str, took: str = "", detail: str = "") -> dict[str, str]:
    return {"name": name, "state": state, "took": took, "detail": detail}


def _work() -> dict[str, Any]:
    answers = [("Supplier", "Ashdown Office Systems"), ("Use again", "Yes"), ("Who may see it", "Birmingham only")]
    return {
        "answers": [{"question": question, "answer": answer, "url": "#"} for question, answer in answers],
        "tasks": [
            {"title": "Name and colour", "url": "#", "done": True},
            {"title": "What may be shared", "url": "#", "why": "Nothing leaves until you have said."},
        ],
        "steps": [
            _step("Asked for by Jo Hale", "done", "10:41:02"),
            _step("Space made for its data", "done", "0.2 s"),
            _step("Invitation to the owner", "now", "sending", "r.nash@tvsbm.example"),
            _step("Live", "next"),
        ],
        "attached": [{"name": "Lease schedule 2023.pdf", "size": 217_088, "url": "#"}],
        "job": {"done": 61, "total": 84},
    }


def _tables() -> dict[str, Any]:
    return {
        "columns": [{"label": "Question"}, {"label": "Asked by"}, {"label": "Days", "right": True}],
        "table_rows": [
            {"title": "How long do you keep safeguarding records?", "url": "#", "cells": ["Lynne Harper", 6]},
            {"title": "Switching payroll provider: what breaks?", "url": "#", "cells": ["Amina Begum", 4]},
        ],
        "networks": [
            {"name": "Sussex Coast", "sub": "sussex-coast", "state": "bad", "words": "Failed", "members": 0},
            {"name": "Birmingham", "sub": "birmingham", "state": "good", "words": "Live", "members": 84},
            {
                "name": "Fylde",
                "sub": "fylde",
                "state": "warn",
                "words": "Suspended",
                "members": 31,
                "icon": "pause-circle",
            },
        ],
        "spark": [1, 2, 2, 4, 3, 6, 7, 9, 11, 12, 14, 16],
        "pages": [{"number": 1, "current": True}, {"number": 2, "url": "#"}, {"number": 3, "url": "#"}],
    }


def _charts() -> dict[str, Any]:
    return {
        "bars": [
            {"title": "Live", "url": "#", "width": 100, "words": "27"},
            {"title": "Suspended", "url": "", "width": 7.4, "words": "2"},
        ],
        "days": {
            "columns": [{"x": 2, "y": 60, "height": 60}, {"x": 22, "y": 0, "height": 120}],
            "wide": 16,
            "width": 40,
            "height": 120,
            "first": "10 Nov",
            "last": "11 Nov",
            "most": 8,
            "rows": [("11 Nov", 8), ("10 Nov", 4)],
        },
    }


def _mail() -> dict[str, Any]:
    subject = _html("<strong>Has anyone taken catering back in-house? Did it really save money?</strong>")
    return {
        "mail": [("To", "priya.raman@moorend.example"), ("From", "Birmingham SBM Network"), ("Subject", subject)],
        "mail_body": _html(
            "<p>Martin Bayliss from Kent answered your question:</p><p>Yes, September 2024, 190 meals a day…</p>"
        ),
        "mail_views": [
            {"label": "Text", "url": "#"},
            {"label": "HTML", "url": "#", "current": True},
            {"label": "Raw", "url": "#"},
        ],
    }
