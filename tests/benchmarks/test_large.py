"""The list of a network with 100,000 discussions, and a discussion with 500 replies: what somebody waits."""

from collections.abc import Callable

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection

from tenant_apps.members.models import Member
from tenants.context import in_network
from tenants.models import Network
from tests.benchmarks.measuring import compare
from tests.benchmarks.places import cookies_of, fill, page
from tests.benchmarks.reports import Table, times
from tests.benchmarks.test_pages import in_psycopg2, queries_of
from tests.builders.accounts import host_of
from tests.builders.members import client_of, make_member

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("as_served")]

WRITTEN, COPIES, REPLIES = 1_000, 99, 500
ROUNDS, EACH = 5, 4
RAW, PRODUCT = "the same SQL in psycopg2", "the product's page"
PATHS = {  # and the most milliseconds at p95 in which somebody is answered, as was promised
    "list": ("/discussions/", 80),
    "list, page 40": ("/discussions/?page=40", 80),
    "list of a category": ("/discussions/?category=Finance", 80),
    "unanswered": ("/discussions/?show=unanswered", 80),
    "unread": ("/discussions/?show=unread", 80),
    "home": ("/", 80),
    "500 replies": ("/discussions/{}/", 120),
    "500 replies, last page": ("/discussions/{}/?page=last", 120),
}

_COPY = """
INSERT INTO discussions_discussion
SELECT (jsonb_populate_record(d, jsonb_build_object(
    'id', gen_random_uuid(),
    'created_at', d.created_at - number * interval '42 days',
    'last_activity_at', d.last_activity_at - number * interval '42 days'))).*
FROM discussions_discussion d, generate_series(1, %s) AS number
"""
_READ = """
INSERT INTO discussions_readmark (id, discussion_id, member_id, seen_count, read_at)
SELECT gen_random_uuid(), d.id, %s, d.reply_count, now() FROM discussions_discussion d
WHERE NOT EXISTS (SELECT FROM discussions_readmark m WHERE m.discussion_id = d.id AND m.member_id = %s)
    AND d.last_activity_at < '2026-02-10'
"""


def test_large_pages(alder: Network, report: Callable[[Table], None]) -> None:
    """Each in turn, beside the SQL it runs; what is over the budget is named."""
    reader = make_member(alder)
    first = fill(alder, reader, discussions=WRITTEN, replies=WRITTEN + REPLIES, on_first=REPLIES)
    with in_network(alder):
        enlarge(reader)
    cookies, handler, host = cookies_of(client_of(reader, alder)), WSGIHandler(), host_of(alder)
    table = Table(
        f"{WRITTEN * (COPIES + 1):,} discussions, and one of {REPLIES} replies: ms a request",
        ("", "queries", "kB", "wall p50", "p95", "allowed", "CPU together", "SQL alone", ": SQL"),
    )

    missed = []
    for name, (path, most) in PATHS.items():
        ask = page(handler, host, path.format(first.id), cookies=cookies)
        queries, size = queries_of(ask)
        found = compare({RAW: in_psycopg2(queries), PRODUCT: ask}, rounds=ROUNDS, each=EACH)
        ours, raw = found[PRODUCT], found[RAW]
        figures = (ours.middle("wall"), ours.p95(), most, ours.calm(), raw.calm(), times(ours.calm_ratio(raw)))
        table.add(name, len(queries), size / 1000, *figures)
        if ours.p95() > most:
            missed.append(f"{name}: {ours.p95():.0f} ms")
    report(table)

    assert missed == []


def enlarge(reader: Member) -> None:
    """Copy every discussion, further back in time; the reader has read all but the newest."""
    with connection.cursor() as cursor:
        cursor.execute(_COPY, [COPIES])
        cursor.execute(_READ, [reader.id, reader.id])
        cursor.execute("VACUUM ANALYZE")
