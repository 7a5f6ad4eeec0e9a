"""Shows why a document was found: the best passage of a text, with the words of the query marked.

The text is never trusted: every piece of it is escaped, and <mark> is the only element that comes out.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from collective.index.text import plain_words

PASSAGE_LENGTH = 240
READ_LENGTH = 20_000
"""Characters of a text that a passage is looked for in."""

WORD = re.compile(r"[^\W_]+(?:[.,'’][^\W_]+)*")
_SPACE = re.compile(r"\s+")
_FOREIGN = re.compile(r"[^\W\d_\x00-\x7f]")
_SHARED_START = 3


@dataclass(frozen=True, slots=True)
class Word:
    """A word in a text that may be one of the query's, and the plain words it is made of."""

    start: int
    end: int
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """A word of the query in a text, and what it weighs."""

    start: int
    end: int
    term: str
    weight: float


def possible_words(text: str, terms: Iterable[str]) -> list[Word]:
    """Return the words that may stem to one of the terms: those that begin like one, whatever their accents."""
    text = text[:READ_LENGTH]
    lowered = text.lower() if _FOREIGN.search(text) is None else ""
    if len(lowered) != len(text):
        return [Word(match.start(), match.end(), _parts(match[0])) for match in WORD.finditer(text)]
    beginnings = {term[:1] if term[:1].isdigit() else term[:_SHARED_START] for term in terms}
    words: list[Word] = []
    for place in sorted(place for beginning in beginnings for place in _places(lowered, beginning)):
        if (not words or place >= words[-1].end) and (match := WORD.match(text, place)):
            words.append(Word(match.start(), match.end(), _parts(match[0])))
    return words


def find_spots(words: Iterable[Word], stems: Mapping[str, str], weights: Mapping[str, float]) -> list[Spot]:
    """Return which of the words are the query's; `stems` gives the term of each plain word."""
    spots = []
    for word in words:
        term = next((stems[part] for part in word.parts if stems.get(part) in weights), None)
        if term is not None:
            spots.append(Spot(word.start, word.end, term, weights[term]))
    return spots


def marked(text: str, spots: Sequence[Spot]) -> SafeString:
    """Return the whole text as safe HTML with the spots marked."""
    return _marked(text, spots, 0, len(text))


def passage(text: str, spots: Sequence[Spot], *, length: int = PASSAGE_LENGTH) -> SafeString:
    """Return about `length` characters of the text around the most telling spots, or its beginning, as safe HTML."""
    start = _word_start(text, max(0, _best_start(spots, length) - length // 4)) if spots else 0
    end = _word_end(text, min(len(text), start + length))
    html = _marked(text, [spot for spot in spots if spot.start >= start and spot.end <= end], start, end)
    return mark_safe(f"{'… ' if start else ''}{html}{' …' if end < len(text.rstrip()) else ''}")  # noqa: S308 - escaped in _marked


def _places(text: str, beginning: str) -> Iterator[int]:
    """Yield where a word begins so."""
    place = text.find(beginning)
    while place >= 0:
        if place == 0 or not text[place - 1].isalnum():
            yield place
        place = text.find(beginning, place + 1)


@lru_cache(maxsize=20_000)
def _parts(word: str) -> tuple[str, ...]:
    return tuple(plain_words(word).lower().split())


def _best_start(spots: Sequence[Spot], length: int) -> int:
    """Return the start of the window whose terms weigh most, each counted once; the first of equals."""
    best, best_weight = spots[0].start, 0.0
    for index, first in enumerate(spots):
        inside: dict[str, float] = {}
        for spot in spots[index:]:
            if spot.end > first.start + length * 3 // 4:
                break
            inside[spot.term] = spot.weight
        if (total := sum(inside.values())) > best_weight:
            best, best_weight = first.start, total
    return best


def _word_start(text: str, position: int) -> int:
    space = text.rfind(" ", max(0, position - 30), position)
    return space + 1 if position and space >= 0 else position


def _word_end(text: str, position: int) -> int:
    space = text.find(" ", max(0, position - 1), position + 30)
    return space if position < len(text) and space >= 0 else position


def _marked(text: str, spots: Sequence[Spot], start: int, end: int) -> SafeString:
    pieces, position = [], start
    for spot in spots:
        pieces += [_plain(text[position : spot.start]), f"<mark>{_plain(text[spot.start : spot.end])}</mark>"]
        position = spot.end
    pieces.append(_plain(text[position:end]))
    return mark_safe("".join(pieces))  # noqa: S308 - every piece is escaped


def _plain(text: str) -> str:
    return escape(_SPACE.sub(" ", text))
