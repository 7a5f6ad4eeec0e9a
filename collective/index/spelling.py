"""What somebody meant who misspelt a word: the nearest word that stands in what they may find.

Only words that no document has are looked at, and what is offered is a word as it stands in a document that meets the
reader's conditions, so that no suggestion tells of what they may not see.
"""

from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import islice

from django.db import connection

from collective.index.highlight import WORD, find_spots, possible_words
from collective.index.matching import Condition, one_row
from collective.index.models import IndexedDocument
from collective.index.questions import Question, stems_of
from collective.index.text import BANDS, term_token

SHORTEST_STEM, LONGEST_ENDING = 5, 3
SHORTEST, MOST_WORDS, MOST_TERMS, MOST_READ = 4, 3, 5_000, 3
LIKE_ENOUGH = 0.8
"""Of two words, twice the letters they share in order, over all their letters."""

_NEAR = """
SELECT term, sum(documents) AS documents FROM (
    SELECT term, documents FROM {statistics} WHERE {near} UNION ALL SELECT term, documents FROM {changes} WHERE {near}
) AS figures GROUP BY term HAVING sum(documents) > 0 ORDER BY documents DESC LIMIT %s
"""
_STANDING = """
SELECT title, body, extra_text FROM {documents} AS e
WHERE e.visible AND {conditions} AND e.tokens && %s::bigint[] LIMIT 1
"""


def did_you_mean(
    query: str, question: Question, *, model: type[IndexedDocument], conditions: Sequence[Condition] = ()
) -> str:
    """Return a query with its unknown terms replaced by words like them, or nothing where none is."""
    if not question.unknown:
        return ""
    words = {word[0] for word in WORD.finditer(query) if word[0].isalpha() and len(word[0]) >= SHORTEST}
    stems = stems_of({word.lower() for word in words})
    missing = {word: stem for word in sorted(words) if (stem := stems.get(word.lower())) in question.unknown}
    missing = dict(islice(missing.items(), MOST_WORDS))
    near = _near_terms([*missing.values()], model)
    meant = {word: _first_standing(word, _alike(stem, near), model, conditions) for word, stem in missing.items()}
    spelled = WORD.sub(lambda word: meant.get(word[0]) or word[0], query)
    return spelled if spelled != query else ""


def _near_terms(stems: Sequence[str], model: type[IndexedDocument]) -> dict[str, int]:
    """Return the terms that begin like one of these and are about as long, with how many documents have them."""
    if not stems:
        return {}
    near = " OR ".join(["(term >= %s AND term < %s AND length(term) BETWEEN %s AND %s)"] * len(stems))
    each = [
        value for stem in stems for value in (stem[0], chr(ord(stem[0]) + 1), len(stem) - LONGEST_ENDING, len(stem) + 2)
    ]
    with connection.cursor() as cursor:
        cursor.execute(_NEAR.format(near=near, **model.tables()), [*each, *each, MOST_TERMS])
        return dict(cursor.fetchall())


def _alike(stem: str, terms: dict[str, int]) -> list[str]:
    """Return the terms most like a stem, the likest first, of equals the commonest."""
    found = [(-_likeness(stem, term), -documents, term) for term, documents in terms.items()]
    return [term for likeness, _, term in sorted(found)[:MOST_READ] if -likeness >= LIKE_ENOUGH]


def _likeness(stem: str, term: str) -> float:
    """Return how like they are; an ending that was misspelt may be a stem's that PostgreSQL would have cut off."""
    matcher = SequenceMatcher(b=stem, a=term, autojunk=False)
    whole = matcher.ratio() if matcher.quick_ratio() >= LIKE_ENOUGH else 0.0
    longer = len(stem) - len(term)
    begins = stem.startswith(term) and len(term) >= SHORTEST_STEM and longer <= LONGEST_ENDING
    return max(whole, 1 - longer / 20 if begins else 0.0)


def _first_standing(
    word: str, terms: Sequence[str], model: type[IndexedDocument], conditions: Sequence[Condition]
) -> str:
    """Return a term as it is written in a document that the reader may find, most like the word."""
    for term in terms:
        for text in _standing(term, model, conditions):
            words = possible_words(text, [term])
            stems = stems_of({part for word in words for part in word.parts})
            written = [text[spot.start : spot.end].lower() for spot in find_spots(words, stems, {term: 1.0})]
            if written:
                return max(written, key=lambda each: SequenceMatcher(a=each, b=word.lower(), autojunk=False).ratio())
    return ""


def _standing(term: str, model: type[IndexedDocument], conditions: Sequence[Condition]) -> Sequence[str]:
    token = term_token(term)
    met = " AND ".join(each.sql for each in conditions) or "true"
    values = [value for each in conditions for value in each.parameters]
    sql = _STANDING.format(conditions=met, **model.tables())
    return one_row(sql, [*values, list(range(token, token + BANDS))], by_index=True) or ()
