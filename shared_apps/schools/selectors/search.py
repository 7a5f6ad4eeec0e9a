"""Finds schools by name, town, postcode, number or authority, whatever the spelling.

Words that the register knows are looked up as they are, unknown ones as beginnings of words or, failing that, as typing
errors. Only when nothing has all the words are more of them doubted. Every step takes its candidates from an index.
"""
# ruff: noqa: S608 - the SQL is put together from constants; what people type travels as parameters

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db import connection

from shared_apps.schools import matching
from shared_apps.schools.enums import LinkKind, SchoolStatus
from shared_apps.schools.models import one_line

_CANDIDATES = 2_000
_BEST = 200
# What a name may lack although it was typed, once nothing has all the words.
_KINDS = matching.GENERIC | {
    "primary",
    "infant",
    "junior",
    "nursery",
    "secondary",
    "high",
    "grammar",
    "ce",
    "catholic",
    "va",
    "vc",
    "community",
}


@dataclass(frozen=True)
class FoundSchool:
    """What a list shows of a school, enough to tell it from others of the same name."""

    id: UUID
    urn: int
    name: str
    place: str
    postcode: str
    authority: str
    phase: str
    status: str
    is_open: bool
    closed_date: date | None

    @property
    def line(self) -> str:
        """Return the line under the name that tells schools of one name apart."""
        return one_line(self.place, self.postcode, self.authority, self.phase, self.urn, self.status)


_COLUMNS = """
    school.id, school.urn, school.name,
    coalesce(nullif(school.town, ''), nullif(school.address3, ''), nullif(school.locality, ''), school.county),
    school.postcode, coalesce(authority.name, ''), coalesce(nullif(school.phase_name, ''), school.type_name),
    school.status, school.is_open, school.closed_date
"""

# In two steps, because likeness of whole names is dear: first where the words were found (ts_rank weighs other words,
# numbers, place and name), then, for the best of those, how close name and place are to what was typed. What is about
# equally likely stands in the order of name and town, so that people find their way in a long list of one name.
_RANKED = f"""
WITH candidate AS (
    (SELECT id, urn, search_name, search_place, search_vector FROM schools_school
     WHERE search_vector @@ %(query)s::tsquery AND (is_open OR NOT %(open_only)s) LIMIT {_CANDIDATES})
    UNION ALL
    (SELECT id, urn, search_name, search_place, search_vector FROM schools_school
     WHERE search_name LIKE %(beginning)s AND (is_open OR NOT %(open_only)s) LIMIT {_BEST})
), best AS MATERIALIZED (
    SELECT DISTINCT ON (score, id) id, search_name, search_place,
        (urn::text = %(text)s)::int * 100 + (search_name = %(text)s)::int + (search_name LIKE %(beginning)s)::int
        + 2 * ts_rank('{{0.1, 0.2, 0.5, 1.0}}', search_vector, %(query)s::tsquery)
        - length(search_name) / 1000.0 AS score
    FROM candidate ORDER BY score DESC, id LIMIT {_BEST}
)
SELECT {_COLUMNS}
FROM best JOIN schools_school school USING (id)
LEFT JOIN schools_localauthority authority ON authority.id = school.local_authority_id
ORDER BY
    round((best.score + greatest(similarity(best.search_name, %(text)s),
                                 similarity(best.search_name || ' ' || best.search_place, %(text)s)))::numeric, 1) DESC,
    school.is_open DESC, lower(school.name), lower(school.town), school.urn
LIMIT %(limit)s
"""

_KNOWN = """
SELECT typed.word, known.word IS NOT NULL, EXISTS (
    SELECT FROM schools_schoolword longer WHERE longer.word ~>=~ typed.word AND longer.word ~<~ (typed.word || '{'))
FROM unnest(%s) AS typed(word) LEFT JOIN schools_schoolword known ON known.word = typed.word
"""

_LIKELY = """
SELECT typed.word, likely.word, likely.schools
FROM unnest(%(words)s) AS typed(word), LATERAL (
    SELECT word, schools FROM schools_schoolword WHERE word %% typed.word
    ORDER BY similarity(word, typed.word) DESC LIMIT 20) AS likely
UNION
SELECT '', word, schools FROM schools_schoolword WHERE word = ANY(%(slips)s)
"""

_SUCCESSORS = f"""
SELECT DISTINCT {_COLUMNS}
FROM schools_school closed
JOIN schools_schoollink link ON closed.id IN (link.school_id, link.linked_id)
JOIN schools_school school ON school.id IN (link.school_id, link.linked_id) AND school.id <> closed.id
LEFT JOIN schools_localauthority authority ON authority.id = school.local_authority_id
WHERE closed.urn = %s AND school.is_open AND link.kind = CASE WHEN link.school_id = closed.id THEN %s ELSE %s END
"""


def search_schools(query: str, *, open_only: bool = True, limit: int = 20) -> list[FoundSchool]:
    """Return the likeliest schools first; a closed school's URN finds its open successors."""
    words = matching.query_words(query)
    if not words:
        return []
    search = _Search(words, open_only, limit)
    return search.as_typed() or search.successors() or search.corrected() or search.all_but_one()


class _Search:
    """One search, from the strictest reading of what was typed to the most forgiving."""

    def __init__(self, words: list[str], open_only: bool, limit: int) -> None:
        self.words = words
        self.open_only = open_only
        self.limit = limit
        self.terms: dict[str, list[str]] = {}
        self.corrections: dict[str, list[str]] = {}

    def as_typed(self) -> list[FoundSchool]:
        """Every word but the generic ones must be there; words that the register does not know are corrected."""
        joined = {first + second: {first, second} for first, second in pairwise(self.words)}
        known = {word: (exact, longer) for word, exact, longer in _rows(_KNOWN, [[*self.words, *joined]])}
        self._correct([word for word in self.words if not any(known[word]) and not matching.is_number(word)])
        for word in self.words:
            exact, _ = known[word]
            self.terms[word] = self._alternatives(word, exact=exact and word != self.words[-1])
        required = self._required(matching.GENERIC)
        queries = [_all(self.terms[word] for word in required)]
        queries += [
            _all([[word], *(self.terms[other] for other in required if other not in joined[word])])
            for word in joined
            if known[word][0]
        ]
        return self._run(_any(queries))

    def successors(self) -> list[FoundSchool]:
        """Return the open schools that follow the closed one with this URN."""
        urn = self.words[0]
        if len(self.words) > 1 or not urn.isdigit() or len(urn) > 7 or not self.open_only:
            return []
        return [_found(row) for row in _rows(_SUCCESSORS, [int(urn), LinkKind.SUCCESSOR, LinkKind.PREDECESSOR])]

    def corrected(self) -> list[FoundSchool]:
        """Doubt the spelling of every word, and forgive the wrong kind of school."""
        doubted = [word for word in self.words if word not in self.corrections and not matching.is_number(word)]
        self._correct(doubted)
        for word in doubted:
            self.terms[word] = [*self.terms[word], *self.corrections[word]]
        return self._run(_all(self.terms[word] for word in self._required(_KINDS)))

    def all_but_one(self) -> list[FoundSchool]:
        """Let any one of three or more words be wrong."""
        required = self._required(_KINDS)
        if len(required) < 3:
            return []
        return self._run(_any(_all(self.terms[word] for word in required if word != left_out) for left_out in required))

    def _required(self, optional: frozenset[str]) -> list[str]:
        return [word for word in self.words if word not in optional] or self.words

    def _correct(self, words: list[str]) -> None:
        self.corrections |= _corrections(words) if words else {}

    def _alternatives(self, word: str, *, exact: bool) -> list[str]:
        if corrected := self.corrections.get(word):
            return corrected
        complete = exact or (matching.is_number(word) and not matching.is_postcode_cut_short(word))
        return [word if complete else f"{word}:*"]

    def _run(self, query: str) -> list[FoundSchool]:
        text = " ".join(
            self.corrections.get(word, [word])[0] if self.corrections.get(word) else word for word in self.words
        )
        parameters = {
            "query": query,
            "open_only": self.open_only,
            "text": text,
            "beginning": f"{text}%",
            "limit": self.limit,
        }
        return [_found(row) for row in _rows(_RANKED, parameters)]


def _corrections(words: list[str]) -> dict[str, list[str]]:
    """Return for each word the known words that it is likely to stand for, and the two that it may be made of."""
    slips = {slip for word in words if matching.slips_allowed(word) for slip in matching.one_slip_away(word)}
    halves = {half for word in words for pair in matching.in_two(word) for half in pair}
    likely = _rows(_LIKELY, {"words": words, "slips": list(slips | halves)})
    known = {other for _, other, _ in likely}
    return {
        word: [
            *matching.closest(word, ((other, schools) for typed, other, schools in likely if typed in ("", word))),
            *[" ".join(pair) for pair in matching.in_two(word) if known.issuperset(pair)][:1],
        ]
        for word in words
    }


def _all(terms: Iterable[list[str]]) -> str:
    return " & ".join(_any(word.replace(" ", " & ") for word in alternatives) for alternatives in terms)


def _any(queries: Iterable[str]) -> str:
    return " | ".join(f"({query})" for query in queries).join("()")


def _rows(sql: str, parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def _found(row: tuple[Any, ...]) -> FoundSchool:
    values = dict(zip((field.name for field in fields(FoundSchool)), row, strict=True))
    return FoundSchool(**values | {"status": SchoolStatus(values["status"]).label})
