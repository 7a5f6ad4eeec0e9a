"""Ranked search over an index, in the current schema: four round trips, and one or two more for each facet chosen."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.safestring import SafeString

from collective.index.highlight import Spot, find_spots, marked, passage, possible_words
from collective.index.matching import CAP, Condition, Ranking, facet_value, rank
from collective.index.models import IndexedDocument, PublicationEntry
from collective.index.questions import Question, read_question, stems_of
from collective.index.spelling import did_you_mean
from collective.index.text import storable

MAX_LIMIT = 100
MOST_VALUES = 100
"""Values of one facet that are counted: those with most results."""
NOT_SHOWN = ("tokens", "frequencies", "words")

Narrowed = Mapping[str, Sequence[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What to narrow publications by: the values of one facet are alternatives, an empty facet does not narrow."""

    kind: Sequence[str] = ()
    network: Sequence[UUID] = ()
    category: Sequence[str] = ()
    answered: Sequence[bool] = ()
    phase: Sequence[str] = ()
    year: Sequence[int] = ()
    published_from: datetime | None = None
    published_before: datetime | None = None

    def facets(self) -> Narrowed:
        """Return the facets that narrow, with the values chosen."""
        chosen = {each.name: getattr(self, each.name) for each in fields(self) if each.name in PublicationEntry.facets}
        return {name: list(map(_storable, values)) for name, values in chosen.items() if values}


@dataclass(frozen=True, slots=True)
class FacetCount:
    """How many results have a value; a capped count is "at least", written "1,000+"."""

    value: Any
    count: int
    is_capped: bool = False

    @property
    def label(self) -> str:
        """Return the count as people read it."""
        return _label(self.count, self.is_capped)


@dataclass(frozen=True, slots=True)
class Hit:
    """A result: safe HTML with the query's words in <mark>; `answer_html` is empty when no answer has any of them."""

    id: UUID
    score: float
    title_html: SafeString
    passage_html: SafeString
    answer_html: SafeString
    entry: Any


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of results, how many there are in all, and how many have each value of each facet.

    `meant` is the query with the words that nothing has spelled like words that something has, or nothing.
    """

    hits: tuple[Hit, ...] = ()
    total: int = 0
    total_is_capped: bool = False
    facets: Mapping[str, tuple[FacetCount, ...]] = field(default_factory=dict)
    meant: str = ""

    @property
    def total_label(self) -> str:
        """Return the total as people read it."""
        return _label(self.total, self.total_is_capped)


def search(
    query: str,
    *,
    filters: Filters | None = None,
    exclude_networks: Collection[UUID] = (),
    limit: int = 20,
    offset: int = 0,
) -> SearchPage:
    """Return a page of the publications that answer a query, best first; called in the collective schema.

    `exclude_networks` are the networks whose publications the reader must not find, whatever they are shown under. A
    blank query returns the newest, one of stop words only returns nothing.
    """
    filters = filters or Filters()
    return search_index(
        query,
        model=PublicationEntry,
        narrowed=filters.facets(),
        conditions=_publication_conditions(filters, exclude_networks),
        limit=limit,
        offset=offset,
    )


def best_ids(
    query: str, *, filters: Filters | None = None, exclude_networks: Collection[UUID] = (), limit: int = 20
) -> list[UUID]:
    """Return the ids alone of the publications that `search` would return: no texts are read."""
    filters = filters or Filters()
    ranked = rank(
        read_question(query, model=PublicationEntry),
        model=PublicationEntry,
        narrowed=filters.facets(),
        conditions=_publication_conditions(filters, exclude_networks),
        limit=min(max(limit, 0), MAX_LIMIT),
        is_counted=False,
    )
    return [each for each, _ in ranked.best]


def search_index(
    query: str,
    *,
    model: type[IndexedDocument],
    narrowed: Narrowed | None = None,
    conditions: Sequence[Condition] = (),
    limit: int = 20,
    offset: int = 0,
) -> SearchPage:
    """Return a page of any index: `narrowed` gives the values chosen of its facets, `conditions` always hold.

    No page reaches deeper than 1,000 results; one that starts there is empty.
    """
    narrowed = narrowed or {}
    offset = min(max(offset, 0), CAP)
    limit = min(max(limit, 0), MAX_LIMIT, CAP - offset)
    question = read_question(query, model=model)
    others = _without_each(question, model, narrowed, conditions)
    ranked = rank(
        question,
        model=model,
        narrowed=narrowed,
        conditions=conditions,
        limit=limit,
        offset=offset,
        share=_share_left(others, narrowed),
    )
    return SearchPage(
        hits=_hits(ranked, question, model),
        total=min(ranked.found, CAP),
        total_is_capped=ranked.found > CAP or not ranked.is_complete,
        facets={name: _facet_counts(others.get(name, ranked), name, model) for name in model.facets},
        meant=did_you_mean(query, question, model=model, conditions=conditions) if offset == 0 else "",
    )


def best_hits(
    query: str, *, model: type[IndexedDocument], conditions: Sequence[Condition] = (), limit: int = 20
) -> tuple[Hit, ...]:
    """Return the best results of any index alone: nothing is counted."""
    question = read_question(query, model=model)
    most = min(limit, MAX_LIMIT)
    ranked = rank(question, model=model, conditions=conditions, limit=most, is_counted=False)
    return _hits(ranked, question, model)


def differing_entries() -> list[UUID]:
    """Return publications without an entry, and entries without a publication or with another visibility."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT coalesce(p.id, e.id)
            FROM (
                SELECT p.id, o.is_visible
                FROM publications_publication p JOIN publications_origin o ON o.id = p.origin_id
            ) p
            FULL JOIN index_publicationentry e ON e.id = p.id
            WHERE p.id IS NULL OR e.id IS NULL OR p.is_visible <> e.visible
            """
        )
        return [row[0] for row in cursor.fetchall()]


def _publication_conditions(filters: Filters, exclude_networks: Collection[UUID]) -> list[Condition]:
    conditions = []
    if exclude_networks:
        conditions.append(Condition("e.origin_id <> ALL(%s)", (list(exclude_networks),)))
    if filters.published_from:
        conditions.append(Condition("e.published_at >= %s", (filters.published_from,)))
    if filters.published_before:
        conditions.append(Condition("e.published_at < %s", (filters.published_before,)))
    return conditions


def _without_each(
    question: Question, model: type[IndexedDocument], narrowed: Narrowed, conditions: Sequence[Condition]
) -> dict[str, Ranking]:
    """Return, for each facet chosen, what is found under the choices in the others: more of it can be chosen there."""
    found = {}
    for name in narrowed:
        others = {other: values for other, values in narrowed.items() if other != name}
        found[name] = rank(question, model=model, narrowed=others, conditions=conditions, limit=0)
    return found


def _share_left(others: Mapping[str, Ranking], narrowed: Narrowed) -> float:
    """Return what share of the results the one facet chosen leaves, as far as they were counted; 1 where unknown."""
    if len(narrowed) != 1:
        return 1.0
    ((name, values),) = narrowed.items()
    if not others[name].found:
        return 1.0
    chosen = {str(value) for value in values}
    left = sum(count for value, count in others[name].counts[name].items() if str(value) in chosen)
    return left / others[name].found


def _facet_counts(ranked: Ranking, name: str, model: type[IndexedDocument]) -> tuple[FacetCount, ...]:
    counts = ranked.counts[name].most_common(MOST_VALUES) if ranked.counts else []
    return tuple(
        FacetCount(facet_value(model, name, value), min(count, CAP), count > CAP or not ranked.is_complete)
        for value, count in counts
    )


def _hits(ranked: Ranking, question: Question, model: type[IndexedDocument]) -> tuple[Hit, ...]:
    entries = model.objects.defer(*NOT_SHOWN).in_bulk([each for each, _ in ranked.best])
    found = [(entries[each], score) for each, score in ranked.best if each in entries]
    texts = [text for entry, _ in found for text in (entry.title, entry.body, entry.extra_text)]
    words = {text: possible_words(text, question.weights) for text in texts}
    stems = stems_of({part for found in words.values() for word in found for part in word.parts})
    spots = {text: find_spots(found, stems, question.weights) for text, found in words.items()}
    return tuple(_hit(entry, score, spots) for entry, score in found)


def _hit(entry: IndexedDocument, score: float, spots: Mapping[str, Sequence[Spot]]) -> Hit:
    answers = entry.extra_text
    return Hit(
        id=entry.id,
        score=score,
        title_html=marked(entry.title, spots[entry.title]),
        passage_html=passage(entry.body, spots[entry.body]),
        answer_html=passage(answers, spots[answers]) if spots[answers] else SafeString(),
        entry=entry,
    )


def _storable(value: Any) -> Any:
    return storable(value) if isinstance(value, str) else value


def _label(count: int, is_capped: bool) -> str:
    return f"{count:,}+" if is_capped else f"{count:,}"
