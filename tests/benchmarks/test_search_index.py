"""The portal's search at 20,000 and at 200,000 publications: what each kind of query costs, and that it stays flat.

Beside it, in turns, the plain way: every publication with a common word is ranked by ts_rank, and twenty are taken.
"""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction

from collective.index import services
from collective.index.models import PublicationEntry, PublicationTermStatistic
from collective.index.selectors import Filters, search
from tenants.context import in_collective
from tenants.ids import new_id
from tests.benchmarks.measuring import Timings, compare
from tests.benchmarks.reports import Table, times
from tests.benchmarks.text import Text
from tests.collective.index.conftest import DAY

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db(transaction=True)]

WRITTEN, COPIES = 10_000, (2, 20)
NETWORKS, BATCH, ROUNDS, EACH = 200, 500, 3, 6
RANKED, NEWEST = "plain: ts_rank of a common word", "nothing asked"
SHARE, GROWTH = 0.15, 4  # of what the plain way takes; and times, for ten times as many publications

_RANKED = """
SELECT id FROM index_publicationentry WHERE visible AND words @@ quote_literal(%(word)s)::tsquery
ORDER BY ts_rank(words, quote_literal(%(word)s)::tsquery) DESC LIMIT 20
"""
_COPY = """
INSERT INTO index_publicationentry (id, title, body, extra_text, tokens, frequencies, length, words, published_at,
    visible, kind, origin_id, network_id, category, is_answered, phase)
SELECT gen_random_uuid(), title, body, extra_text, tokens, frequencies, length, words,
    published_at - number * interval '1 second', visible, kind, origin_id, network_id, category, is_answered, phase
FROM index_publicationentry, generate_series(%s, %s) AS number
WHERE id = ANY(%s::uuid[])
"""


def test_search_of_200_000_publications(report):
    with in_collective():
        ids = write()
        before = copied(ids, 1, COPIES[0])
        small = measure()
        copied(ids, before, COPIES[1])
        large = measure()

    table = Table(
        f"Portal search, p50 and p95 in milliseconds of CPU and of waiting, {WRITTEN * COPIES[1]:,} publications",
        ("query", "CPU p50", "CPU p95", "wait p50", "wait p95", ": plain", f"against {WRITTEN * COPIES[0]:,}"),
    )
    for name, timings in large.items():
        figures = (timings.middle("cpu"), timings.p95("cpu"), timings.middle("wall"), timings.p95("wall"))
        growth = timings.middle("cpu") / small[name].middle("cpu")
        table.add(name, *figures, times(timings.ratio(large[RANKED])), times(growth))
    report(table)
    for name in large.keys() - {RANKED}:
        assert large[name].ratio(large[RANKED]) < SHARE, name
        before = max(small[each].middle("cpu") for each in (name, NEWEST))
        assert large[name].middle("cpu") < GROWTH * before, name


def write() -> list[UUID]:
    """Index texts as the product does."""
    text = Text(3)
    documents = [document(text, number) for number in range(WRITTEN)]
    for start in range(0, WRITTEN, BATCH):
        services.index_documents(documents[start : start + BATCH], model=PublicationEntry)
    services.fold_statistics(model=PublicationEntry)
    return [each.id for each in documents]


def document(text: Text, number: int) -> services.Document:
    """Return one publication; early networks share more than late ones."""
    network = UUID(int=1 + min(NETWORKS - 1, int(text.chance.expovariate(1 / 25))))
    return services.Document(
        id=new_id(),
        title=text.title(),
        body=text.body(),
        published_at=DAY - timedelta(hours=number % 20_000),
        facets={
            "kind": ("question", "discussion", "recommendation")[number % 3],
            "origin_id": network,
            "network_id": network,
            "category": f"Category {number % 20}",
            "is_answered": number % 2 == 0,
            "phase": ("Primary", "Secondary", "Special")[number % 3],
        },
    )


def copied(ids: list[UUID], copies_now: int, copies: int) -> int:
    """Multiply what was written, and its figures, and let PostgreSQL look at it."""
    with connection.cursor() as cursor:
        cursor.execute(_COPY, [copies_now, copies - 1, ids])
        cursor.execute(
            "UPDATE index_publicationtermstatistic "
            "SET documents = documents / %s * %s, occurrences = occurrences / %s * %s",
            [copies_now, copies, copies_now, copies],
        )
        cursor.execute("VACUUM ANALYZE index_publicationentry, index_publicationtermstatistic")
    return copies


def measure() -> dict[str, Timings]:
    """Time each kind of query in turns, each time with other words."""
    common, medium, rare = (words_in(*share) for share in ((0.1, 1.0), (0.01, 0.03), (0.0003, 0.001)))
    sentences = Text(5)
    asked: dict[str, Callable[[], object]] = {
        "common word": lambda: search(sentences.chance.choice(common)),
        "medium word": lambda: search(sentences.chance.choice(medium)),
        "rare word": lambda: search(sentences.chance.choice(rare)),
        "two common words": lambda: search(" ".join(sentences.chance.sample(common, 2))),
        "common and rare": lambda: search(f"{sentences.chance.choice(common)} {sentences.chance.choice(rare)}"),
        "sentence": lambda: search(sentences.sentence("?")),
        "one facet": lambda: search(sentences.chance.choice(common), filters=Filters(kind=["question"])),
        "three facets": lambda: search(
            sentences.chance.choice(common),
            filters=Filters(kind=["question"], category=["Category 3"], network=[UUID(int=3)]),
        ),
        NEWEST: lambda: search(""),
        RANKED: lambda: ranked(sentences.chance.choice(common)),
    }
    return compare(asked, rounds=ROUNDS, each=EACH)


def ranked(word: str) -> list[tuple]:
    """Rank every publication with a word, by one process of the server, whose clock is read."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL max_parallel_workers_per_gather = 0")
        cursor.execute(_RANKED, {"word": word})
        return cursor.fetchall()


def words_in(least: float, most: float) -> list[str]:
    """Return terms that stand in such a share of the documents."""
    figures: dict[str, int] = {}
    for term, number in PublicationTermStatistic.objects.values_list("term", "documents"):
        figures[term] = figures.get(term, 0) + number
    everything = figures.pop("")
    return sorted(term for term, number in figures.items() if least <= number / everything <= most and len(term) > 3)
