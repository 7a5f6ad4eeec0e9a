"""How text becomes terms: the same for what is indexed and for what is asked.

Text is first reduced to plain words (no accents, no punctuation, no markup), then PostgreSQL's own English
configuration removes stop words and stems. Doing the first part here makes it the same on every server and avoids the
parser's surprises: it reads "catering/cleaning" as a file, "end.Next" as a host and "2020-21" as a negative number.
"""

import re
import unicodedata
from dataclasses import dataclass
from hashlib import blake2b

MAX_TEXT = 100_000
"""Characters of a field that are indexed; PostgreSQL refuses a text-search vector of more than a megabyte."""
MAX_QUERY = 4_000
"""Characters of a query that are read."""
SENTENCE_WORDS = 3
"""With so many words outside the quotes a query is a sentence, and what it quotes is stressed, not demanded."""
BANDS = 8
CONFIGURATION = "pg_catalog.english"

_COMBINING = re.compile("[\u0300-\u036f]")
_SPELT_OUT = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D"}
)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_HYPHENS = "[-\u2010\u2011]"
_HYPHENATED = re.compile(rf"(?<![\w-])[^\W\d_][^\W_]*(?:{_HYPHENS}[^\W_]+){{1,3}}(?![\w-])")
_LOOSE_DOT = re.compile(r"(?<!\d)\.|\.(?!\d)")
_NOT_A_WORD = re.compile(r"[^\w.]|_")
_STOP_WORD_ACRONYM = re.compile(r"\b(?:IT|US|WHO)\b")
_QUERY_PART = re.compile(r'(?P<minus>(?<!\S)-(?=[^\W\d_]|"))?(?:"(?P<phrase>[^"]*)"|(?P<words>[^\s"]+))')
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})


@dataclass(frozen=True, slots=True)
class Query:
    """A query, read: plain words throughout.

    `words` are what is ranked by; `required` phrases must occur, `stressed` ones count for more, `excluded` must not.
    """

    words: str = ""
    required: tuple[str, ...] = ()
    stressed: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()

    @property
    def phrases(self) -> tuple[str, ...]:
        """Return every quoted phrase that is looked for."""
        return self.required + self.stressed


def storable(text: str) -> str:
    """Return text that PostgreSQL can hold: without NUL and lone surrogates."""
    return text.replace("\x00", " ").encode("utf-8", "ignore").decode("utf-8")


def plain_words(text: str) -> str:
    """Return the words of a text, separated by spaces, as they stand next to each other.

    "£4,800" becomes 4800; "in-house" becomes two words; IT, US and WHO in capitals are kept from being stop words.
    """
    text = _without_accents(storable(text[:MAX_TEXT]))
    text = _STOP_WORD_ACRONYM.sub(lambda match: f"{match[0]}0", text)
    text = _THOUSANDS.sub("", text)
    return " ".join(_NOT_A_WORD.sub(" ", _LOOSE_DOT.sub(" ", text)).split())


def searchable_words(text: str) -> str:
    """Return the words of a text, and after them, where they disturb no phrase, hyphenated words joined.

    So "in-house" is found by "in house" and by "inhouse", "e-mail" by "email".
    """
    text = storable(text[:MAX_TEXT])
    joined = (re.sub(_HYPHENS, "", word) for word in _HYPHENATED.findall(text))
    return " ".join([plain_words(text), *map(plain_words, joined)]).strip()[: 2 * MAX_TEXT]


def parse_query(text: str) -> Query:
    """Read a query: words, "phrases", and -words or -"phrases" to leave out; what cannot be read is left out."""
    found: dict[str, list[str]] = {"words": [], "phrases": [], "excluded": []}
    text = text[:MAX_QUERY].translate(_QUOTES)
    for part in _QUERY_PART.finditer(text):
        kind = "excluded" if part["minus"] else "words" if part["phrase"] is None else "phrases"
        found[kind].append(part["words"] if part["phrase"] is None else part["phrase"])
    is_sentence = sum(len(word.split()) for word in map(plain_words, found["words"])) >= SENTENCE_WORDS
    phrases = tuple(filter(None, map(plain_words, found["phrases"])))
    return Query(
        words=searchable_words(" ".join([*found["words"], *found["phrases"]])),
        required=() if is_sentence else phrases,
        stressed=phrases if is_sentence else (),
        excluded=tuple(filter(None, map(plain_words, found["excluded"]))),
    )


def term_token(term: str) -> int:
    """Return the number a term is stored under: 60 bits of a hash, with the lowest three left free for its band."""
    return (int.from_bytes(blake2b(term.encode(), digest_size=8).digest()) >> 4) * BANDS


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    return _COMBINING.sub("", unicodedata.normalize("NFKD", text)).translate(_SPELT_OUT)
