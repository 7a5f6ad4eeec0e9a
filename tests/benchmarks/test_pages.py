"""The list of discussions and a discussion of 20 posts, beside the same SQL alone and beside a lean Django page."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tenants.context import in_network
from tests.benchmarks.lean import BACKEND, lean_handler, lean_cookies
from tests.benchmarks.measuring import Timings, compare
from tests.benchmarks.places import cookies_of, fill, page
from tests.benchmarks.reports import Table, times
from tests.builders.accounts import host_of
from tests.builders.members import client_of, make_member

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("as_served")]

DISCUSSIONS, REPLIES, POSTS = 2_000, 20_000, 20
ROUNDS, EACH = 25, 8
LEAN_FACTOR, KILOBYTES = 1.5, 40
RAW, LEAN, PRODUCT = "the same SQL in psycopg2", "a lean Django page", "the product's page"


def test_discussion_pages(alder, settings, report):
    """Both pages, in turns with what they are compared with."""
    settings.AUTHENTICATION_BACKENDS = [*settings.AUTHENTICATION_BACKENDS, BACKEND]
    settings.TEMPLATES = [
        settings.TEMPLATES[0] | {"DIRS": [*settings.TEMPLATES[0]["DIRS"], Path(__file__).parent / "templates"]}
    ]
    reader = make_member(alder)
    first = fill(alder, reader, discussions=DISCUSSIONS, replies=REPLIES, on_first=POSTS - 1)
    client = client_of(reader, alder)
    cookies = cookies_of(client)
    with in_network(alder):
        lean_session = lean_cookies(client)

    @contextmanager
    def there() -> Iterator[None]:
        with in_network(alder):
            connection.ensure_connection()
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            yield

    host = host_of(alder)
    product, lean = WSGIHandler(), lean_handler()
    for name, path in (("list", "/discussions/"), ("discussion", f"/discussions/{first.id}/")):
        ask, ask_lean = page(product, host, path, cookies=cookies), page(lean, host, path, cookies=lean_session)
        ask()
        with CaptureQueriesContext(connection) as captured:
            body = ask()
        with there(), CaptureQueriesContext(connection) as captured_lean:
            lean_body = ask_lean()
        for q in captured.captured_queries:
            print("  ", q["sql"][:300])
        print("--")
        for q in captured_lean.captured_queries:
            print("  ", q["sql"][:200])

        def raw(sqls=[q["sql"] for q in captured.captured_queries]):
            with connection.connection.cursor() as cursor:
                for sql in sqls:
                    cursor.execute(sql)
                    if cursor.description:
                        cursor.fetchall()

        found = compare({RAW: raw, LEAN: ask_lean, PRODUCT: ask}, rounds=ROUNDS, each=EACH, within={LEAN: there})
        t = Table(name, ["", "queries", "kB", "p50", "p95", "app", "db", "cpu", "xlean"])
        for n, f in found.items():
            t.add(
                n,
                {PRODUCT: len(captured), LEAN: len(captured_lean)}.get(n, ""),
                {PRODUCT: len(body) / 1000, LEAN: len(lean_body) / 1000}.get(n, ""),
                f.middle("wall"),
                f.p95("wall"),
                f.middle("application"),
                f.middle("database"),
                f.middle("cpu"),
                times(f.ratio(found[LEAN])),
            )
        report(t)
        if __import__("os").environ.get("PROF"):
            import cProfile, pstats

            p = cProfile.Profile()
            p.enable()
            for _ in range(50):
                ask()
            p.disable()
            pstats.Stats(p).sort_stats("cumulative").print_stats(70)
            pstats.Stats(p).sort_stats("tottime").print_stats(40)
