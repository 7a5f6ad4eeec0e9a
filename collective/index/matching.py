"""The SQL of a search: which documents are candidates, what each scores, and what is counted over them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection

from collective.index import ranking
from collective.index.models import IndexedDocument
from collective.index.questions import Phrase, Question
from collective.index.ranking import Plan, Tokens
from collective.index.text import BANDS, CONFIGURATION

CAP = 1_000
"""Counts stop here, and no page lies deeper."""
MOST_SCORED = 20_000
"""Documents scored for one query, however many share a phrase."""
NEWEST = 3_000
"""Documents that a blank query leafs through."""
LARGEST_BUDGET = 40_000
"""Documents looked through when narrowing leaves few of the usual number."""

# What a term adds: weight * f / (f + norm), written to look f up once. width_bucket() finds a term among the sorted
# tokens of a document by bisection; written out for each term, this is twice as fast as a join with the terms.
_GAIN = """
    CASE WHEN e.tokens[width_bucket(%s::bigint, e.tokens)] >= %s
    THEN %s::float8 / (1 + (%s::float8 + %s::float8 * e.length) / e.frequencies[width_bucket(%s::bigint, e.tokens)])
    ELSE 0 END"""

_FOUND = """
SELECT e.id, e.published_at, {facets}, {score} AS score
FROM {documents} AS e
WHERE e.visible AND {conditions}
{order} LIMIT %s
"""

_RANKED = """
WITH found AS MATERIALIZED (SELECT * FROM ({found}) AS candidates WHERE score > 0 OR {is_blank}),
best AS (SELECT id, score FROM found ORDER BY score DESC, published_at DESC, id LIMIT %s OFFSET %s)
SELECT (SELECT count(*) FROM found),
       (SELECT json_agg(json_build_array(id, score)) FROM best),
       {counted}
"""
_COUNTED = """
(SELECT json_agg(json_build_array(other, number, {facets})) FROM (
    SELECT GROUPING({facets}) AS other, count(*) AS number, {facets} FROM found GROUP BY GROUPING SETS ({facets})
) AS counts)
"""


@dataclass(frozen=True, slots=True)
class Condition:
    """A piece of SQL with its parameters; the document is called `e`."""

    sql: str
    parameters: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best documents with their scores, and the counts over every candidate by facet and value (as JSON)."""

    best: Sequence[tuple[UUID, float]] = ()
    found: int = 0
    is_complete: bool = True
    counts: Mapping[str, Counter[Any]] = field(default_factory=dict)


def rank(
    question: Question,
    *,
    model: type[IndexedDocument],
    narrowed: Mapping[str, Sequence[Any]] | None = None,
    conditions: Sequence[Condition] = (),
    limit: int = CAP,
    offset: int = 0,
    budget: int = ranking.BUDGET,
    share: float = 1.0,
    is_counted: bool = True,
) -> Ranking:
    """Return the best documents for a question, without their texts; counts by facet where they are wanted.

    About `budget` candidates are scored. When narrowing leaves few of them, more are looked through: at once where it
    is known what `share` of them it leaves, else after a look at the usual number.
    """
    if question.finds_nothing:
        return Ranking()
    conditions = [*conditions, *_narrowing(model, narrowed or {}), *map(_lacks, question.excluded)]
    conditions += [_has_phrase(phrase) for phrase in question.required]
    ask = partial(_ranked, question, model=model, conditions=conditions, is_counted=is_counted)
    if share * budget < CAP:
        return ask(question.plan(budget=_larger(budget, share * budget)), limit=limit, offset=offset)
    plan = question.plan(budget=budget)
    ranked = ask(plan, limit=limit, offset=offset)
    if not plan.is_complete and ranked.found < min(CAP, budget):
        ranked = ask(question.plan(budget=_larger(budget, ranked.found)), limit=limit, offset=offset)
    return ranked


def _larger(budget: int, found: float) -> int:
    """Return how many to look through so that some two thousand are found, when a smaller number found so many."""
    return min(LARGEST_BUDGET, int(2 * CAP * budget / max(1, found)))


def _ranked(
    question: Question,
    plan: Plan,
    *,
    model: type[IndexedDocument],
    conditions: Sequence[Condition],
    limit: int,
    offset: int,
    is_counted: bool,
) -> Ranking:
    found = _found(question, plan, model, conditions, is_scored=limit > 0 or not plan.clauses)
    counts = _COUNTED.format(facets=", ".join(model.facets)) if is_counted else "NULL"
    sql = _RANKED.format(found=found.sql, is_blank=question.is_blank, counted=counts)
    number, best, counted = one_row(sql, [*found.parameters, limit, offset], by_index=bool(plan.clauses))
    return Ranking(
        best=[(UUID(each), score) for each, score in best or ()],
        found=number,
        is_complete=plan.is_complete and number < (NEWEST if question.is_blank else MOST_SCORED),
        counts=_by_facet(counted or (), model),
    )


def one_row(sql: str, parameters: Sequence[Any], *, by_index: bool) -> tuple[Any, ...]:
    """Return the row of a query; with `by_index` the planner may not read the whole table.

    It takes comparing two arrays for cheap, which read from the table is a hundred times dearer than from the index.
    Outside a transaction the setting ends with the statement.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL enable_seqscan = off; {sql}" if by_index else sql, parameters)
        row = cursor.fetchone()
        if by_index and connection.in_atomic_block:
            cursor.execute("SET LOCAL enable_seqscan TO DEFAULT")
    return row


def _found(
    question: Question,
    plan: Plan,
    model: type[IndexedDocument],
    conditions: Sequence[Condition],
    *,
    is_scored: bool,
) -> Condition:
    if question.is_blank:
        newest = "ORDER BY e.published_at DESC, e.id"
        return _select(model, Condition("0::float8"), conditions, NEWEST, order=newest)
    score = _score(question) if is_scored else Condition("1::float8")
    chosen = _joined(" OR ", (_joined(" AND ", map(_has, clause)) for clause in plan.clauses))
    found = _select(model, score, [*conditions, chosen], MOST_SCORED)
    if not plan.tail:
        return found
    tail = _select(model, score, [*conditions, _has(plan.tail)], plan.tail_size)
    return Condition(f"({found.sql}) UNION ({tail.sql})", found.parameters + tail.parameters)


def _select(
    model: type[IndexedDocument], score: Condition, conditions: Iterable[Condition], limit: int, *, order: str = ""
) -> Condition:
    met = _joined(" AND ", conditions)
    sql = _FOUND.format(
        facets=", ".join(f"{value} AS {name}" for name, value in model.facets.items()),
        score=score.sql,
        documents=connection.ops.quote_name(model._meta.db_table),
        conditions=met.sql,
        order=order,
    )
    return Condition(sql, (*score.parameters, *met.parameters, limit))


def _score(question: Question) -> Condition:
    """Return the formula of ranking.py."""
    norm = (ranking.K1 * (1 - ranking.B), ranking.K1 * ranking.B / question.mean_length)
    gains = []
    for term in question.terms:
        last = term.token + BANDS - 1
        gains.append(Condition(_GAIN, (last, term.token, term.weight, *norm, last)))
    score = _joined(" + ", gains)
    for phrase in question.stressed:
        stress = _has_phrase(phrase)
        sql = f"{score.sql} * CASE WHEN {stress.sql} THEN %s ELSE 1 END"
        score = Condition(sql, (*score.parameters, *stress.parameters, ranking.PHRASE_FACTOR))
    return score


def _has(tokens: Tokens) -> Condition:
    return Condition("e.tokens && %s::bigint[]", (list(tokens),))


def _has_phrase(phrase: Phrase) -> Condition:
    """Ask for the terms first: their tokens are at hand, the words are not."""
    terms = [_has(term.tokens_from()) for term in phrase.terms if term]
    if len(terms) == 1:
        return terms[0]
    phrased = Condition(f"e.words @@ phraseto_tsquery('{CONFIGURATION}', %s)", (phrase.words,))
    return _joined(" AND ", [*terms, phrased])


def _lacks(phrase: Phrase) -> Condition:
    present = _has_phrase(phrase)
    return Condition(f"NOT {present.sql}", present.parameters)


def _narrowing(model: type[IndexedDocument], narrowed: Mapping[str, Sequence[Any]]) -> list[Condition]:
    return [Condition(f"{model.facets[name]} = ANY(%s)", (list(values),)) for name, values in narrowed.items()]


def _joined(by: str, conditions: Iterable[Condition]) -> Condition:
    conditions = list(conditions)
    sql = by.join(condition.sql for condition in conditions) or "true"
    return Condition(f"({sql})", tuple(value for condition in conditions for value in condition.parameters))


def _by_facet(counted: Iterable[Sequence[Any]], model: type[IndexedDocument]) -> dict[str, Counter[Any]]:
    """Sort counts by facet; `other` has a bit for each facet that a count is not of, the last facet's is the lowest."""
    names = list(model.facets)
    counts: dict[str, Counter[Any]] = {name: Counter() for name in names}
    all_bits = 2 ** len(names) - 1
    place_of = {all_bits - 2**bit: len(names) - 1 - bit for bit in range(len(names))}
    for other, number, *values in counted:
        place = place_of[other]
        if values[place] is not None and values[place] != "":
            counts[names[place]][values[place]] = number
    return counts


def facet_value(model: type[IndexedDocument], facet: str, value: Any) -> Any:
    """Return a value that was counted as its column has it; what is not a column stays as it is."""
    column = model.facets[facet]
    column_of = {each.column: each for each in model._meta.concrete_fields}
    return column_of[column].to_python(value) if column in column_of else value
