"""A query with the figures of its terms: what ranking, phrases and highlights are worked out from."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.db import connection

from collective.index import ranking
from collective.index.models import IndexedDocument
from collective.index.ranking import Plan, Term
from collective.index.text import CONFIGURATION, parse_query, term_token

_READ = f"""
WITH asked AS MATERIALIZED (
    SELECT number, lexeme COLLATE "C" AS term, cardinality(positions) AS times
    FROM unnest(%s::text[]) WITH ORDINALITY AS given (text, number), unnest(to_tsvector('{CONFIGURATION}', text))
), figures AS (
    SELECT term, band, documents, occurrences FROM {{statistics}}
    WHERE term = ANY(ARRAY(SELECT term FROM asked UNION SELECT ''))
    UNION ALL
    SELECT term, band, documents, occurrences FROM {{changes}}
    WHERE term = ANY(ARRAY(SELECT term FROM asked UNION SELECT ''))
), added AS (
    SELECT term, band, sum(documents) AS documents, sum(occurrences) AS occurrences FROM figures GROUP BY term, band
)
SELECT (SELECT json_agg(json_build_array(number, term, times)) FROM asked),
       (SELECT json_agg(json_build_array(term, band, documents, occurrences)) FROM added WHERE documents > 0)
"""  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand together, and their terms as the index knows them; None for a term it does not."""

    words: str
    terms: tuple[Term | None, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A query as the index understands it.

    `weights` are those of the terms as PostgreSQL stems them, `unknown` terms are in no document, `mean_length` is that
    of a document.
    """

    terms: tuple[Term, ...] = ()
    weights: Mapping[str, float] = field(default_factory=dict)
    required: tuple[Phrase, ...] = ()
    stressed: tuple[Phrase, ...] = ()
    excluded: tuple[Phrase, ...] = ()
    unknown: frozenset[str] = frozenset()
    documents: int = 0
    mean_length: float = 1.0
    is_blank: bool = False

    @property
    def finds_nothing(self) -> bool:
        """Return whether no document can match: only stop words, or words that no document has."""
        missing = any(term is None for phrase in self.required for term in phrase.terms)
        return missing or not (self.terms or self.is_blank)

    def plan(self, *, budget: int) -> Plan:
        """Return which documents to score."""
        needed = [term for phrase in self.required for term in phrase.terms if term]
        if needed:
            return ranking.plan_required(needed)
        return ranking.plan_candidates(self.terms, self.documents, budget=budget)


def read_question(text: str, *, model: type[IndexedDocument]) -> Question:
    """Read a query and look its terms up, in one round trip."""
    query = parse_query(text)
    if not query.words:
        return Question(is_blank=not text.strip())
    parts = [query.words, *query.required, *query.stressed, *query.excluded]
    asked, figures = _looked_up(parts, model)
    all_documents, length = figures.pop("", {0: (0, 0)})[0]
    known = {term: _bands(found) for term, found in figures.items()}
    times = asked[0]
    weights = {
        term: ranking.weight(times.get(term, 1), sum(bands.values()), all_documents) for term, bands in known.items()
    }
    terms = {term: Term(term_token(term), weights[term], bands) for term, bands in known.items()}
    phrases = [Phrase(words, tuple(map(terms.get, each))) for words, each in zip(parts[1:], asked[1:], strict=True)]
    stressed, excluded = len(query.required), len(query.required) + len(query.stressed)
    return Question(
        terms=tuple(ranking.most_telling(terms[term] for term in times if term in terms)),
        weights={term: weight for term, weight in weights.items() if term in times},
        required=tuple(phrase for phrase in phrases[:stressed] if phrase.terms),
        stressed=tuple(phrase for phrase in phrases[stressed:excluded] if phrase.terms and all(phrase.terms)),
        excluded=tuple(phrase for phrase in phrases[excluded:] if phrase.terms and all(phrase.terms)),
        unknown=frozenset(times.keys() - terms.keys()),
        documents=all_documents,
        mean_length=max(1.0, length / max(1, all_documents)),
    )


def stems_of(words: Collection[str]) -> dict[str, str]:
    """Return the term of each plain word, as PostgreSQL stems it."""
    if not words:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT word, lexeme FROM unnest(%s::text[]) AS word, unnest(to_tsvector('{CONFIGURATION}', word))",  # noqa: S608 - a constant
            [sorted(set(words))],
        )
        return dict(cursor.fetchall())


def _looked_up(
    parts: list[str], model: type[IndexedDocument]
) -> tuple[list[dict[str, int]], dict[str, dict[int, tuple[int, int]]]]:
    """Return the terms of each part with how often it has them, and the figures of every term by band."""
    with connection.cursor() as cursor:
        cursor.execute(_READ.format(**model.tables()), [parts])
        asked, added = cursor.fetchone()
    terms: list[dict[str, int]] = [{} for _ in parts]
    for number, term, times in asked or ():
        terms[number - 1][term] = times
    figures: dict[str, dict[int, tuple[int, int]]] = defaultdict(dict)
    for term, band, documents, occurrences in added or ():
        figures[term][band] = (documents, occurrences)
    return terms, figures


def _bands(figures: Mapping[int, tuple[int, int]]) -> dict[int, int]:
    return {band: documents for band, (documents, _) in figures.items()}
