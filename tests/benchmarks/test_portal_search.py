"""The portal's search beside the search it replaces: the same question put to every network's schema at once."""

from collections.abc import Callable
from itertools import cycle
from typing import Any
from uuid import UUID

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.utils.http import urlencode

from collective.index.selectors import Filters
from collective.portal.selectors import find
from config import demo
from tenants.context import in_collective
from tests.benchmarks import portal
from tests.benchmarks.measuring import Timings, compare
from tests.benchmarks.places import cookies_of, page
from tests.benchmarks.reports import Table, times
from tests.builders.accounts import client_of, host_of, make_account

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("as_served")]

PUBLICATIONS = 20_000
FEW, MANY = 10, 100
ROUNDS, QUERIES = 6, 4
UNION, SEARCH, PAGE = "UNION ALL", "portal", "its page"
FLAT = 1.5  # times what ten networks cost; the UNION grows to several

Found = dict[str, dict[str, Timings]]


def test_portal_search(alder, report):
    """Every kind of question at ten networks, then with the same publications spread over a hundred."""
    account = make_account(alder)
    cookies = cookies_of(client_of(account, "collective"))
    with in_collective():
        portal.publish(PUBLICATIONS)
        questions = questions_of_all_kinds()
    few, many = (measured(questions, networks, alder.id, cookies) for networks in (FEW, MANY))

    report(times_table(few, many))
    report(ratios_table(few, many))
    assert max(growth(few[kind], many[kind], SEARCH) for kind in questions) < FLAT


def questions_of_all_kinds() -> dict[str, list[str]]:
    """Return what people type, by kind; called in the Collective."""
    rare, medium, common = (portal.terms_in(documents, number=QUERIES) for documents in (40, 600, 6_000))
    sentences = [row["title"] for row in demo.discussions() if len(row["title"].split()) > 9]
    return {
        "rare word": rare,
        "medium word": medium,
        "common word": common,
        "two words": [" ".join(pair) for pair in zip(medium, common, strict=True)],
        "sentence": sentences[:QUERIES],
    }


def measured(questions: dict[str, list[str]], networks: int, reader: UUID, cookies: str) -> Found:
    """Spread the publications over so many networks and put every question to all three, in turns."""
    with in_collective():
        union = portal.union_search(portal.spread(networks))

    def search(question: str) -> None:
        find(question, filters=Filters(), network_id=reader)

    handler = WSGIHandler()
    host = host_of("collective")

    def ask(question: str) -> None:
        page(handler, host, f"/?{urlencode({'q': question})}", cookies=cookies)()

    calls = {UNION: union, SEARCH: search, PAGE: ask}
    there = {UNION: in_collective, SEARCH: in_collective}
    return {
        kind: compare(
            {name: in_turn(call, asked) for name, call in calls.items()}, rounds=ROUNDS, each=QUERIES, within=there
        )
        for kind, asked in questions.items()
    }


def in_turn(call: Callable[[str], Any], questions: list[str]) -> Callable[[], Any]:
    """Return a call that takes the next question each time."""
    following = cycle(questions)
    return lambda: call(next(following))


def times_table(few: Found, many: Found) -> Table:
    """Draw the times."""
    table = Table(
        f"Portal search, {PUBLICATIONS:,} publications of {FEW} or {MANY} networks: wall time in ms, p50 / p95",
        ("", *(f"{name}, {networks}" for name in (UNION, SEARCH, PAGE) for networks in (FEW, MANY))),
        notes=[
            f"{UNION}: any of the words in every schema, ts_rank, 20 best with ts_headline; no facets, no count.",
            "portal: collective.portal.selectors.find: BM25, 20 best with highlights, facets, count, blocks.",
            "its page: the whole page through the middleware, with the suppliers that match, signed in.",
        ],
    )
    for kind in few:
        pairs = ((found[kind][name]) for name in (UNION, SEARCH, PAGE) for found in (few, many))
        table.add(kind, *(f"{each.middle('wall'):.1f} / {each.p95():.1f}" for each in pairs))
    return table


def ratios_table(few: Found, many: Found) -> Table:
    """Draw the CPU times, of application and database together, as ratios."""
    columns = (
        "",
        f"UNION : portal, {FEW}",
        f"UNION : portal, {MANY}",
        f"UNION {FEW} to {MANY}",
        f"portal {FEW} to {MANY}",
    )
    table = Table("Portal search: CPU time as a ratio, and how it grows with the number of networks", columns)
    for kind in few:
        table.add(
            kind,
            *(times(found[kind][UNION].calm_ratio(found[kind][SEARCH])) for found in (few, many)),
            *(times(growth(few[kind], many[kind], name)) for name in (UNION, SEARCH)),
        )
    return table


def growth(few: dict[str, Timings], many: dict[str, Timings], name: str) -> float:
    """Return how much more one takes with many networks."""
    return many[name].calm_ratio(few[name])
