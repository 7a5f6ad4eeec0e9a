"""The list of discussions and a discussion of 20 posts, beside the same SQL alone and beside a lean Django page.

The budget is at most one and a half times the lean page, in CPU time of application and database together.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shared_apps.core import markdown
from tenants.context import in_network
from tenants.models import Network
from tests.benchmarks.lean import BACKEND, lean_cookies, lean_handler
from tests.benchmarks.measuring import Timings, compare
from tests.benchmarks.places import Ask, cookies_of, fill, page
from tests.benchmarks.reports import Table, times
from tests.builders.accounts import host_of
from tests.builders.members import client_of, make_member

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("as_served")]

DISCUSSIONS, REPLIES, POSTS = 2_000, 20_000, 20
ROUNDS, EACH = 36, 4
LEAN_FACTOR = 1.5
KILOBYTES = {"discussion list": 40, "discussion": 56}
QUERIES = {"discussion list": 6, "discussion": 8}
RAW, LEAN, PRODUCT, COLD = (
    "the same SQL in psycopg2",
    "a lean Django page",
    "the product's page",
    "its text never read",
)


@pytest.fixture
def lean_pages(settings) -> None:
    """Let the lean pages find their template and their reader, beside the product."""
    settings.AUTHENTICATION_BACKENDS = [*settings.AUTHENTICATION_BACKENDS, BACKEND]
    django, own = settings.TEMPLATES[0], Path(__file__).parent / "templates"
    settings.TEMPLATES = [django | {"DIRS": [*django["DIRS"], own]}]


@pytest.mark.usefixtures("lean_pages")
def test_discussion_pages(alder, report):
    """Both pages as a member reads them who wrote nothing there."""
    reader = make_member(alder)
    first = fill(alder, reader, discussions=DISCUSSIONS, replies=REPLIES, on_first=POSTS - 1)
    client = client_of(reader, alder)
    paths = {"discussion list": "/discussions/", "discussion": f"/discussions/{first.id}/"}

    missed = [miss for name, path in paths.items() for miss in compared(name, path, alder, client, report)]

    assert missed == []


def compared(name: str, path: str, network: Network, client: Client, report: Callable[[Table], None]) -> Iterator[str]:
    """Measure one page beside its likes, draw the table, and yield what is over the budget."""
    with in_network(network):
        lean = page(lean_handler(), host_of(network), path, cookies=lean_cookies(client))
    product = page(WSGIHandler(), host_of(network), path, cookies=cookies_of(client))
    queries, size = queries_of(product)
    with settled(network):
        lean_queries, lean_size = queries_of(lean)
    calls = {RAW: in_psycopg2(queries), LEAN: lean, PRODUCT: product, COLD: forgetting(product)}
    found = compare(calls, rounds=ROUNDS, each=EACH, within={LEAN: lambda: settled(network)})

    costs = {RAW: (len(queries), None), LEAN: (len(lean_queries), lean_size)}
    report(drawn(name, found, costs | dict.fromkeys((PRODUCT, COLD), (len(queries), size))))
    ratio = found[PRODUCT].calm_ratio(found[LEAN])
    if ratio > LEAN_FACTOR:
        yield f"{name}: {times(ratio)} the lean page"
    if len(queries) > QUERIES[name]:
        yield f"{name}: {len(queries)} queries"
    if size > KILOBYTES[name] * 1000:
        yield f"{name}: {size:,} bytes"


def drawn(name: str, found: dict[str, Timings], costs: dict[str, tuple[int, int | None]]) -> Table:
    """Draw the table of a page."""
    table = Table(
        f"{name.capitalize()}, {DISCUSSIONS:,} discussions and {REPLIES:,} replies, {POSTS} a page: ms a request",
        ("", "queries", "kB", "wall p50", "p95", "CPU app", "CPU database", "together", ": lean", ": SQL"),
    )
    for each, timings in found.items():
        queries, size = costs[each]
        figures = (timings.middle("wall"), timings.p95(), *map(timings.calm, ("application", "database", "cpu")))
        ratios = (times(timings.calm_ratio(found[other])) for other in (LEAN, RAW))
        table.add(each, queries, size / 1000 if size else "", *figures, *ratios)
    budget = (
        f"at most {LEAN_FACTOR} × the lean page, {QUERIES[name]} queries with SET search_path, {KILOBYTES[name]} kB"
    )
    table.notes.append(f"Budget: {budget}.")
    return table


def queries_of(ask: Ask) -> tuple[list[str], int]:
    """Return the SQL a page runs when it is asked for again, and its size."""
    ask()
    with CaptureQueriesContext(connection) as captured:
        body = ask()
        return [query["sql"] for query in captured.captured_queries], len(body)


def in_psycopg2(queries: list[str]) -> Callable[[], None]:
    """Return a call that runs these and reads every row, past Django."""

    def run() -> None:
        with connection.connection.cursor() as cursor:
            for sql in queries:
                cursor.execute(sql)
                if cursor.description:
                    cursor.fetchall()

    return run


def forgetting(ask: Ask) -> Ask:
    """Return a call for a page whose text this process has not rendered before."""

    def ask_anew() -> bytes:
        markdown._rendered.cache_clear()
        return ask()

    return ask_anew


@contextmanager
def settled(network: Network) -> Iterator[None]:
    """Be in a network's schema with the search path set, which the lean pages do not do for themselves."""
    with in_network(network), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        yield
