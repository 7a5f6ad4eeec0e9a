"""Twenty thousand publications in the Collective and, to compare with, the same in a schema for each network."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import batched
from typing import Any

from django.db import connection
from django.utils.text import slugify

from collective.index import services as index
from collective.index.models import PublicationEntry, PublicationTermChange, PublicationTermStatistic
from collective.publications.models import Origin, Publication
from tenants.roles import as_owner
from tests.benchmarks.text import Text

BATCH = 4_000
CATEGORIES = ("Catering", "Buildings", "Insurance", "Payroll", "Energy", "ICT", "Staff", "Lettings")
PHASES = ("Primary", "Secondary", "Special", "")
START = datetime(2025, 9, 1, 8, tzinfo=UTC)

_SPREAD = """
CREATE TEMPORARY TABLE place ON COMMIT DROP AS
    SELECT p.id, o.id AS origin_id
    FROM (SELECT id, row_number() OVER (ORDER BY id) %% %(networks)s AS number FROM publications_publication) p
    JOIN (SELECT id, row_number() OVER (ORDER BY subdomain) - 1 AS number FROM publications_origin
          WHERE subdomain LIKE 'bench%%') o ON o.number = p.number;
UPDATE publications_publication p SET origin_id = place.origin_id FROM place WHERE place.id = p.id;
UPDATE index_publicationentry e SET origin_id = place.origin_id, network_id = place.origin_id
    FROM place WHERE place.id = e.id;
"""
_SCHEMA = """
DROP SCHEMA IF EXISTS {schema} CASCADE;
CREATE SCHEMA {schema};
CREATE TABLE {schema}.shared AS
    SELECT e.id, e.title, e.body, e.extra_text, e.words
    FROM index_publicationentry e JOIN publications_origin o ON o.id = e.origin_id WHERE o.subdomain = '{schema}';
ALTER TABLE {schema}.shared ADD PRIMARY KEY (id);
CREATE INDEX ON {schema}.shared USING gin (words);
ANALYZE {schema}.shared;
"""
_ARM = (
    "SELECT id, title, body, ts_rank(words, %(query)s::tsquery) AS score FROM {schema}.shared WHERE words @@ %(query)s"
)
_UNION = """
SELECT id, ts_headline('english', title, %(query)s::tsquery),
       ts_headline('english', body, %(query)s::tsquery, 'MaxFragments=2'), score
FROM ({arms} ORDER BY score DESC LIMIT 20) AS best ORDER BY score DESC
"""


def publish(number: int) -> None:
    """Publish so many and index them with the product's own code; called in the Collective."""
    text = Text(seed=20)
    origin = _add_origins(0, 1)[0]
    with large_change():
        for batch in batched(range(number), BATCH, strict=False):
            made = Publication.objects.bulk_create([_publication(text, each, origin) for each in batch])
            index.index_documents([_document(text, each) for each in made], model=PublicationEntry)
        index.fold_statistics(model=PublicationEntry)


def spread(networks: int) -> list[str]:
    """Spread what is published over so many networks, and return the schemas that hold the same, one for each."""
    _add_origins(Origin.objects.filter(subdomain__startswith="bench").count(), networks)
    schemas = sorted(Origin.objects.filter(subdomain__startswith="bench").values_list("subdomain", flat=True))
    with large_change(), connection.cursor() as cursor:
        cursor.execute(f"BEGIN; {_SPREAD}; COMMIT", {"networks": networks})
    with as_owner(), connection.cursor() as cursor:
        for schema in schemas:
            cursor.execute(_SCHEMA.format(schema=schema))
    return schemas


@contextmanager
def large_change() -> Iterator[None]:
    """Build the large index after the change rather than with it, and leave the tables as housekeeping would."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_indexdef('entry_tokens'::regclass)")
        made_by = cursor.fetchone()[0]
        cursor.execute("DROP INDEX entry_tokens")
        yield
        cursor.execute(made_by)
        for model in (Publication, Origin, PublicationEntry, PublicationTermStatistic, PublicationTermChange):
            cursor.execute(f"VACUUM ANALYZE {model._meta.db_table}")


def union_search(schemas: list[str]) -> Callable[[str], list[tuple]]:
    """Return the search that has no projection: every network's rows that have any of the words, ranked together."""
    arms = " UNION ALL ".join(_ARM.format(schema=schema) for schema in schemas)
    sql = _UNION.replace("{arms}", arms)

    def search(query: str) -> list[tuple]:
        with connection.cursor() as cursor:
            cursor.execute(sql, {"query": any_word(query)})
            return cursor.fetchall()

    return search


def any_word(query: str) -> str:
    """Return the tsquery of texts that have any word of a query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(quote_literal(lexeme), ' | ') FROM unnest(to_tsvector('english', %s))", [query]
        )
        return cursor.fetchone()[0]


def terms_in(documents: int, *, number: int) -> list[str]:
    """Return words that stand in about so many publications; called in the Collective."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT term FROM index_publicationtermstatistic
            WHERE term <> '' AND strip(to_tsvector('english', term)) = array_to_tsvector(ARRAY[term])
            GROUP BY term ORDER BY abs(sum(documents) - %s), term LIMIT %s
            """,
            [documents, number],
        )
        return [term for (term,) in cursor.fetchall()]


def _add_origins(first: int, end: int) -> list[Origin]:
    return Origin.objects.bulk_create(
        Origin(name=f"Network {each}", subdomain=f"bench{each:03}", colour="#00696b") for each in range(first, end)
    )


def _publication(text: Text, number: int, origin: Origin) -> Publication:
    at = START + timedelta(minutes=20 * number)
    kind = ("question", "discussion", "question", "recommendation")[number % 4]
    return Publication(
        **(_supplier(number) if kind == "recommendation" else {}),
        origin=origin,
        kind=kind,
        identity="named",
        title=text.title(),
        body=text.body(),
        category=CATEGORIES[number % len(CATEGORIES)],
        phase=PHASES[number % len(PHASES)],
        shown_name="Priya Raman",
        shown_network=origin.name,
        is_answered=number % 3 == 0,
        shown_at=at,
        published_at=at,
    )


def _supplier(number: int) -> dict[str, Any]:
    name = f"Supplier {number % 500}"
    return {"supplier_key": slugify(name), "supplier_name": name, "response": 4, "quality": 5, "value": 3}


def _document(text: Text, publication: Publication) -> index.Document:
    return index.Document(
        id=publication.id,
        title=publication.title,
        body=publication.body,
        extra_text=text.body(4) if publication.is_answered else "",
        published_at=publication.shown_at,
        facets={
            "kind": publication.kind,
            "origin_id": publication.origin_id,
            "network_id": publication.origin_id,
            "category": publication.category,
            "is_answered": publication.is_answered,
            "phase": publication.phase,
        },
    )
