"""The words that schools are searched by: one form for what the register says and for what people type.

"St. Mary's C of E (V.A.) Primary" and "st marys ce primary" become the same words. Spelling is corrected towards words
that the register has: all words one slip away can be listed, those two slips away are found by their trigrams.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

_APOSTROPHES = re.compile("['`\u00b4\u02bc\u2018\u2019]")
_FULL_STOPS_INSIDE = re.compile(r"(?<=\b[a-z])\.(?=[a-z]\b)")
_WORD = re.compile(r"[a-z0-9]+")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_UNDECOMPOSED = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th"})

# Longer phrases first. `ce` and `catholic` are what the register's own names use most.
_PHRASES = (
    (re.compile(r"\bchurch of england\b|\bc of e\b|\bcofe\b|\bc o e\b|\bcoe\b|\bc e\b"), "ce"),
    (re.compile(r"\broman catholic\b|\br c\b|\brc\b"), "catholic"),
    (re.compile(r"\bvoluntary aided\b|\bv a\b"), "va"),
    (re.compile(r"\bvoluntary controlled\b|\bv c\b"), "vc"),
    (re.compile(r"\bpupil referral unit\b"), "pru"),
    (re.compile(r"\b6th\b"), "sixth"),
    (re.compile(r"\bsaint\b"), "st"),
    (re.compile(r"\bcenter\b"), "centre"),
    (re.compile(r"\bjnr\b"), "junior"),
)
_IGNORED = {"the", "of", "and", "for", "at", "in", "a"}
_DFE_NUMBER = re.compile(r"(?<![0-9])([0-9]{3})\s*/\s*([0-9]{4})(?![0-9])")
_POSTCODE_START = re.compile(r"[a-z]{1,2}[0-9][a-z0-9]?")
_POSTCODE_END = re.compile(r"[0-9](?:[a-z]{1,2})?")
_CUT_POSTCODE = re.compile(r"[a-z]{1,2}[0-9][a-z0-9]?[0-9][a-z]?")


GENERIC = frozenset({"school", "academy", "college"})
"""Words that help to rank, but whose absence from a name excludes nothing."""


def words(text: str) -> list[str]:
    """Return the words of a name, an address or a query, in order, in the one form."""
    text = unicodedata.normalize("NFKD", text).lower().translate(_UNDECOMPOSED)
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    text = _FULL_STOPS_INSIDE.sub("", _APOSTROPHES.sub("", text))
    text = " ".join(_WORD.findall(text))
    for pattern, replacement in _PHRASES:
        text = pattern.sub(replacement, text)
    found = [_stem(word) for word in text.split()]
    return [word for word in found if word not in _IGNORED] or found


def normal_form(*texts: str) -> str:
    """Return the words of all texts, joined by spaces."""
    return " ".join(word for text in texts if text for word in words(text))


def numbers(*, urn: int, ukprn: str, la_code: str, establishment_number: str, postcode: str) -> str:
    """Return what a school can be found by that is no word: its numbers, and its postcode whole and by its first half.

    Local authority and establishment number together are DfE's number, "330/2021".
    """
    dfe_number = la_code + establishment_number if la_code and establishment_number else ""
    start, _, end = postcode.lower().partition(" ")
    known = (str(urn), ukprn, dfe_number, start, start + end if end else "")
    return " ".join(number for number in known if number)


def query_words(query: str, *, most: int = 8) -> list[str]:
    """Return the words of what somebody typed; a postcode or DfE number written in two parts becomes one word."""
    typed = words(_DFE_NUMBER.sub(r"\1\2", query[:200]))
    return list(dict.fromkeys(_joined_postcodes(typed)))[:most]


def is_number(word: str) -> bool:
    """Tell whether a word is a number or postcode, which spelling leaves alone."""
    return any(letter.isdigit() for letter in word)


def is_postcode_cut_short(word: str) -> bool:
    """Tell whether a word is a postcode without its last letters, "b338" or "b338q"."""
    return _CUT_POSTCODE.fullmatch(word) is not None


def one_slip_away(word: str) -> set[str]:
    """Return every string that one slip of the keyboard makes of the word: a letter lost, added, changed or swapped."""
    halves = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    lost = {start + end[1:] for start, end in halves if end}
    swapped = {start + end[1] + end[0] + end[2:] for start, end in halves if len(end) > 1}
    changed = {start + letter + end[1:] for start, end in halves if end for letter in _LETTERS}
    added = {start + letter + end for start, end in halves for letter in _LETTERS}
    return (lost | swapped | changed | added) - {word}


def slips(first: str, second: str) -> int:
    """Return how many slips lie between two words; neighbours swapped are one slip (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, letter in enumerate(first, 1):
        before, last, row = row, before, [i]
        for j, other in enumerate(second, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == second[j - 2] and first[i - 2] == other:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]


def slips_allowed(word: str) -> int:
    """Return how many slips a word of this length may hold and still be taken for another."""
    return 0 if len(word) < 3 or is_number(word) else 1 if len(word) < 7 else 2


def closest(word: str, known: Iterable[tuple[str, int]], *, most: int = 4) -> list[str]:
    """Return the likeliest of the known words (with how many schools have them): fewest slips, then commonest."""
    allowed = slips_allowed(word)
    near = sorted((slips(word, other), -schools, other) for other, schools in set(known) if other != word)
    fewest = near[0][0] if near else 0
    return [other for distance, _, other in near if distance == fewest <= allowed][:most]


def in_two(word: str) -> list[tuple[str, ...]]:
    """Return the pairs of words that may have been run together: "kingsnorton" is "king norton"."""
    return [(*words(word[:at]), *words(word[at:])) for at in range(2, len(word) - 2)]


def _stem(word: str) -> str:
    """Drop a plural's or possessive's s: "mary" and "marys", "infant" and "infants" are one word."""
    return word[:-1] if len(word) > 3 and word[-1] == "s" and word[-2] not in "si0123456789" else word


def _joined_postcodes(typed: list[str]) -> Iterator[str]:
    at = 0
    while at < len(typed):
        word = typed[at]
        following = typed[at + 1] if at + 1 < len(typed) else ""
        if _POSTCODE_START.fullmatch(word) and _POSTCODE_END.fullmatch(following):
            yield word + following
            at += 2
        else:
            yield word
            at += 1
