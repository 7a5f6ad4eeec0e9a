"""Writes to a search index: documents come, change and go, and the figures of their terms with them.

Everything happens in the caller's schema and transaction. A write locks its own document and nothing else.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import SearchVectorField
from django.db import connection, transaction
from django.db.models import Value
from django.db.models.functions import Cast

from collective.index import ranking
from collective.index.models import IndexedDocument, PublicationEntry
from collective.index.text import BANDS, CONFIGURATION, searchable_words, storable, term_token
from collective.publications.enums import Identity
from collective.publications.models import Publication
from collective.publications.selectors import replies_to
from shared_apps.core.markdown import plain_text
from tenants.ids import new_id

Figures = Counter[tuple[str, int]]
Known = Mapping[tuple[str, int], int]

_LEXEMES = """(
    SELECT json_agg(json_build_array(lexeme, cardinality(positions), cardinality(array_positions(weights, 'A'))))
    FROM unnest(words))"""

_ANALYSE = f"""
SELECT words::text, {_LEXEMES}
FROM (
    SELECT number,
           setweight(to_tsvector('{CONFIGURATION}', title), 'A') || to_tsvector('{CONFIGURATION}', rest) AS words
    FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS given (title, rest, number)
) AS analysed
ORDER BY number
"""  # noqa: S608 - a constant

_KNOWN = f"SELECT id, words::text, {_LEXEMES} FROM {{documents}} WHERE id = ANY(%s::uuid[])"  # noqa: S608 - a constant

_FOLD = """
WITH moved AS (DELETE FROM {changes} RETURNING term, band, documents, occurrences)
INSERT INTO {statistics} AS kept (term, band, documents, occurrences)
SELECT term, band, sum(documents), sum(occurrences) FROM moved GROUP BY term, band
ON CONFLICT (term, band) DO UPDATE
SET documents = kept.documents + excluded.documents, occurrences = kept.occurrences + excluded.occurrences
"""

_CORRECT = """
INSERT INTO {changes} (term, band, change_id, documents, occurrences)
SELECT term, band, %(change_id)s, sum(documents), sum(occurrences)
FROM (
    SELECT lexeme AS term,
           LEAST(%(bands)s - 1, floor(%(bands)s * f / (f + %(k1)s * (1 - %(b)s + %(b)s * length / %(reference)s))))::int
               AS band,
           1 AS documents, f AS occurrences
    FROM {documents}, LATERAL (
        SELECT lexeme, LEAST(%(most)s, cardinality(positions)
               + (%(title_weight)s - 1) * cardinality(array_positions(weights, 'A')))::float8 AS f FROM unnest(words)
    ) AS term
    UNION ALL SELECT '', 0, 1, length FROM {documents}
    UNION ALL SELECT term, band, -documents, -occurrences FROM {statistics}
    UNION ALL SELECT term, band, -documents, -occurrences FROM {changes}
) AS known
GROUP BY term, band
HAVING sum(documents) <> 0 OR sum(occurrences) <> 0
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What is to be found: `facets` are the values of the index's own columns, by their names."""

    id: UUID
    title: str
    body: str = ""
    extra_text: str = ""
    published_at: datetime
    visible: bool = True
    facets: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Analysis:
    """The terms of a document with their frequencies, and its words as PostgreSQL keeps them."""

    words: str
    frequencies: dict[str, int]

    @property
    def length(self) -> int:
        """Return the sum of the frequencies."""
        return sum(self.frequencies.values())

    def postings(self) -> list[tuple[int, int]]:
        """Return each term's token with its band, and its frequency, sorted by token."""
        length = self.length
        return sorted((term_token(term) + ranking.band(f, length), f) for term, f in self.frequencies.items())

    def counts(self) -> Known:
        """Return what the document adds to the number of documents of each term and band."""
        return dict.fromkeys(self.occurrences(), 1)

    def occurrences(self) -> Known:
        """Return what it adds to how often each stands in documents; the term "" stands for the document itself."""
        length = self.length
        banded = {(term, ranking.band(f, length)): f for term, f in self.frequencies.items()}
        return {**banded, ("", 0): length}


def index_document(
    *,
    model: type[IndexedDocument],
    document_id: UUID,
    title: str,
    body: str = "",
    extra_text: str = "",
    published_at: datetime,
    visible: bool = True,
    **facets: Any,
) -> None:
    """Put a document into the index, or bring it up to date."""
    document = Document(
        id=document_id,
        title=title,
        body=body,
        extra_text=extra_text,
        published_at=published_at,
        visible=visible,
        facets=facets,
    )
    index_documents([document], model=model)


@transaction.atomic(savepoint=False)
def index_documents(documents: Sequence[Document], *, model: type[IndexedDocument]) -> None:
    """Put several documents into the index at once, in the order of their ids, so that two writers never deadlock."""
    documents = sorted(documents, key=lambda each: each.id)
    known = _locked_figures(model, [each.id for each in documents])
    counts, occurrences = Figures(), Figures()
    new = []
    for document, analysis in zip(documents, _analyse(documents), strict=True):
        old_counts, old_occurrences = known.get(document.id, ({}, {}))
        counts.update(_difference(analysis.counts(), old_counts))
        occurrences.update(_difference(analysis.occurrences(), old_occurrences))
        if document.id in known:
            model.objects.filter(id=document.id).update(**_columns(document, analysis))
        else:
            new.append(model(id=document.id, **_columns(document, analysis)))
    model.objects.bulk_create(new)
    _add_changes(model, counts, occurrences)


@transaction.atomic(savepoint=False)
def remove_document(document_id: UUID, *, model: type[IndexedDocument]) -> None:
    """Take a document out of the index; one that is not there is no error."""
    for counts, occurrences in _locked_figures(model, [document_id]).values():
        _add_changes(model, _difference({}, counts), _difference({}, occurrences))
    model.objects.filter(id=document_id).delete()


def index_publication(publication: Publication) -> None:
    """Make a publication found as it is now, with the replies to it; called in the collective schema.

    An anonymous one is found under no network, at the time it is shown with.
    """
    is_anonymous = publication.identity == Identity.ANONYMOUS
    index_document(
        model=PublicationEntry,
        document_id=publication.id,
        title=publication.title,
        body=plain_text(publication.body),
        extra_text="\n\n".join(plain_text(reply.body) for reply in replies_to([publication.id])[publication.id]),
        published_at=publication.shown_at,
        visible=publication.origin.is_visible,
        kind=publication.kind,
        origin_id=publication.origin_id,
        network_id=None if is_anonymous else publication.origin_id,
        category=publication.category,
        is_answered=publication.is_answered,
        phase=publication.phase,
    )


def set_visibility(origin_id: UUID, *, visible: bool) -> None:
    """Hide everything that comes from a network, or show it again."""
    PublicationEntry.objects.filter(origin_id=origin_id).exclude(visible=visible).update(visible=visible)


@transaction.atomic(savepoint=False)
def fold_statistics(*, model: type[IndexedDocument]) -> None:
    """Add up the changes that have been committed; one at a time, and no writer or reader waits for it."""
    tables = model.tables()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s::regclass::oid::bigint)", [tables["statistics"]])
        cursor.execute(_FOLD.format(**tables))
        cursor.execute("DELETE FROM {statistics} WHERE documents = 0 AND occurrences = 0".format(**tables))  # noqa: S608


def analyse_tables(*, model: type[IndexedDocument]) -> None:
    """Let PostgreSQL look at what has been loaded, as it does by itself after a while."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE {documents}, {statistics}, {changes}".format(**model.tables()))


@transaction.atomic(savepoint=False)
def rebuild_statistics(*, model: type[IndexedDocument]) -> int:
    """Count every document afresh, correct the figures and return how many were wrong.

    What is wrong is added as changes in one statement, so that writers need not stop.
    """
    parameters: dict[str, Any] = {
        "change_id": new_id(),
        "bands": BANDS,
        "k1": ranking.K1,
        "b": ranking.B,
        "reference": ranking.REFERENCE_LENGTH,
        "most": ranking.MAX_FREQUENCY,
        "title_weight": ranking.TITLE_WEIGHT,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CORRECT.format(**model.tables()), parameters)
        corrected = cursor.rowcount
    fold_statistics(model=model)
    return corrected


def _analyse(documents: Iterable[Document]) -> list[Analysis]:
    titles = [searchable_words(each.title) for each in documents]
    rests = [searchable_words(f"{each.body}\n{each.extra_text}") for each in documents]
    with connection.cursor() as cursor:
        cursor.execute(_ANALYSE, [titles, rests])
        return [Analysis(words, _frequencies(lexemes or ())) for words, lexemes in cursor.fetchall()]


def _frequencies(lexemes: Iterable[tuple[str, int, int]]) -> dict[str, int]:
    extra = ranking.TITLE_WEIGHT - 1
    return {term: min(ranking.MAX_FREQUENCY, times + extra * in_title) for term, times, in_title in lexemes}


def _columns(document: Document, analysis: Analysis) -> dict[str, Any]:
    postings = analysis.postings()
    return {
        "title": storable(document.title),
        "body": storable(document.body),
        "extra_text": storable(document.extra_text),
        "tokens": [token for token, _ in postings],
        "frequencies": [frequency for _, frequency in postings],
        "length": analysis.length,
        "words": Cast(Value(analysis.words), SearchVectorField()),
        "published_at": document.published_at,
        "visible": document.visible,
        **document.facets,
    }


def _locked_figures(model: type[IndexedDocument], ids: Sequence[UUID]) -> dict[UUID, tuple[Known, Known]]:
    """Keep other writers from these documents, sorted by id, and return what each that is there adds to the figures."""
    tables = model.tables()
    keys = [int.from_bytes(blake2b(tables["documents"].encode() + each.bytes, digest_size=7).digest()) for each in ids]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(key) FROM unnest(%s::bigint[]) AS key", [keys])
        cursor.execute(_KNOWN.format(**tables), [list(ids)])
        known = {each: Analysis(words, _frequencies(lexemes or ())) for each, words, lexemes in cursor.fetchall()}
    return {each: (analysis.counts(), analysis.occurrences()) for each, analysis in known.items()}


def _difference(new: Known, old: Known) -> Figures:
    difference = Figures(new)
    difference.subtract(old)
    return difference


def _add_changes(model: type[IndexedDocument], counts: Figures, occurrences: Figures) -> None:
    change_id = new_id()
    keys = sorted(key for key in {*counts, *occurrences} if counts[key] or occurrences[key])
    model.changes.objects.bulk_create(
        model.changes(
            term=term,
            band=band,
            change_id=change_id,
            documents=counts[term, band],
            occurrences=occurrences[term, band],
        )
        for term, band in keys
    )
