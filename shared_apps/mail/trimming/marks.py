"""Recognises where other people's words begin: attributions, blocks of headers, rules with words in them."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from shared_apps.mail.trimming import words

_LONGEST = 400  # characters of a line that can be a mark
_WRAPPED = 5  # lines of an attribution
_MOST_LINES = 3_000  # outside quotes that are looked at: nobody writes more before quoting
_MOST_MARKS = 200
_JUNK = dict.fromkeys(
    map(
        ord,
        "\u00ad\u1427\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff",
    )
)
_JUNK |= {ord("\xa0"): " ", ord("\u202f"): " ", ord("\u2009"): " ", ord("\u3000"): " ", 0xFF1A: ":"}


class What(Enum):
    """What a mark says about the lines below it."""

    ATTRIBUTION = auto()  # "On Monday Jo wrote:", and there is no doubt about it
    PERHAPS = auto()  # an attribution if a quote follows it
    ORIGINAL = auto()  # the message that was answered
    FORWARD = auto()  # a message that was passed on


@dataclass(frozen=True, slots=True)
class Mark:
    """Lines from `start` up to, not including, `end`."""

    what: What
    start: int
    end: int


def plain(line: str) -> str:
    """Return a line as it is compared: without invisible characters and the spaces around it."""
    return line.strip() if line.isascii() else line.translate(_JUNK).strip()


def find_marks(lines: list[str]) -> Iterator[Mark]:
    """Yield the marks in stripped lines, from top to bottom, none inside another and none in a quote."""
    index = looked = found = 0
    while index < len(lines) and looked < _MOST_LINES and found < _MOST_MARKS:
        line = lines[index]
        mark = None
        if line and len(line) <= _LONGEST and line[0] != ">":
            mark = mark_at(lines, index)
            looked += 1
        if mark:
            yield mark
            found += 1
        index = max(mark.end, index + 1) if mark else index + 1


def mark_at(lines: list[str], index: int) -> Mark | None:
    """Return the mark that begins at this line."""
    line = lines[index]
    return (
        _rule_with_words(lines, index)
        or (_headers(lines, index) if ":" in line else None)
        or (_attribution(lines, index) if _could_begin(line) or _is_name_above(lines, index) else None)
    )


def _rule_with_words(lines: list[str], index: int) -> Mark | None:
    line = lines[index]
    bare = line.strip("-–—_=*#~ >\t").rstrip(":")
    is_ruled = len(line) - len(bare) >= 4 and line[0] in "-–—_=*#~" and line.rstrip(":")[-1] in "-–—_=*#~ "
    if is_ruled and len(bare) <= 80 and words.ORIGINAL.match(bare):
        return Mark(What.ORIGINAL, index, _end_of_headers(lines, index + 1))
    if is_ruled and len(bare) <= 120 and words.FORWARD.search(bare):
        return Mark(What.FORWARD, index, _end_of_headers(lines, index + 1))
    if words.FORWARD_ALONE.match(line):
        return Mark(What.FORWARD, index, _end_of_headers(lines, index + 1))
    if len(line) <= 160 and words.ABOVE_LINE.search(line):
        return Mark(What.ORIGINAL, index, index + 1)
    more = words.ORIGINAL_AND_MORE.match(line)
    if words.RULED.match(line) or (more and words.ORIGINAL.match(more[1])):
        return Mark(What.ORIGINAL, index, index + 1)
    if words.HIDE_DETAILS.match(line.lstrip("[ ")):
        return Mark(What.ORIGINAL, index, _end_of_headers(lines, index + 1))
    return None


def header_kind(line: str) -> str:
    """Return which header a line is, or nothing: `*From:* Jo` is `from`."""
    if len(line) > _LONGEST * 5:
        return ""
    name, colon, _ = line.lstrip("*_ \t|").partition(":")
    if not colon or len(name) > words.LONGEST_HEADER_NAME + 3:
        return ""
    return words.HEADER_KINDS.get(name.strip("*_ \t").casefold(), "")


def _headers(lines: list[str], index: int) -> Mark | None:
    if words.FLAT_HEADERS.match(lines[index].lstrip("*_ ").replace("*", "")):
        return Mark(What.ORIGINAL, index, index + 1)
    if header_kind(lines[index]) in ("", "other"):
        return None
    kinds, end = _header_block(lines, index)
    text = " ".join(lines[index:end])
    has_address = any("@" in line and header_kind(line) in ("from", "to") for line in lines[index:end])
    is_block = ("from" in kinds and not _is_quantity(lines[index:end])) and (
        ("subject" in kinds and len(kinds - {"other"}) >= 3)
        or (has_address and len(kinds - {"other"}) >= 3)
        or (has_address and kinds >= {"from", "date"} and bool(words.TIME.search(text)))
        or _is_without_subject(lines[index : index + 3])
        or (has_address and kinds >= {"from", "subject"})
    )
    return Mark(What.ORIGINAL, index, end) if is_block else None


def _is_quantity(lines: list[str]) -> bool:
    """Whether From is followed by a number or a sum: a span of days or prices, not a person."""
    sender = next((line for line in lines if header_kind(line) == "from"), "").partition(":")[2].strip(" *_")
    return bool(words.QUANTITY.match(sender)) and "@" not in sender


def _is_without_subject(lines: list[str]) -> bool:
    """Whether who, when and to whom follow each other, as Windows Mail and telephones write them."""
    if [header_kind(line) for line in lines] != ["from", "date", "to"]:
        return False
    return bool(words.TIME.search(lines[1]) and words.YEAR.search(lines[1]))


def _header_block(lines: list[str], index: int) -> tuple[set[str], int]:
    """Return the kinds of headers from this line on, and where they end; values may be wrapped."""
    kinds: set[str] = set()
    end = at = index
    wrapped = 0
    while at < len(lines) and at - index < 40:
        kind = header_kind(lines[at])
        if kind and not (kind in kinds and kind != "other" and not lines[at - 1]):
            kinds.add(kind)
            end, wrapped = at + 1, 0
        elif lines[at] and lines[at - 1] and wrapped < 4 and _continues(lines, at):
            wrapped += 1
            end = at + 1
        elif lines[at] or not _header_follows(lines, at):
            break
        at += 1
    return kinds, end


def _continues(lines: list[str], at: int) -> bool:
    """Whether a line goes on with the header above: another follows it, or it ends the block as a wrapped one."""
    for following in lines[at + 1 : at + 4]:
        if header_kind(following):
            return True
        if not following:
            return True
    return False


def _header_follows(lines: list[str], at: int) -> bool:
    return at + 1 < len(lines) and bool(header_kind(lines[at + 1]))


def _end_of_headers(lines: list[str], index: int) -> int:
    """Where the headers below a rule end; the rule itself is enough of a mark."""
    at = index
    while at < len(lines) and not lines[at] and at - index < 3:
        at += 1
    if at < len(lines) and header_kind(lines[at]):
        return _header_block(lines, at)[1]
    return index


def _could_begin(line: str) -> bool:
    named = line.endswith((":", "<")) and ("@" in line or words.WROTE.search(line))
    return bool(words.INTRO.match(line) or named or ("<" in line and "@" in line))


def _is_name_above(lines: list[str], index: int) -> bool:
    """Whether a line is a name whose address begins the next one."""
    is_short = len(lines[index]) <= 60 and lines[index][-1:] not in ".!?:," and (index == 0 or not lines[index - 1])
    return is_short and index + 1 < len(lines) and lines[index + 1].startswith("<") and "@" in lines[index + 1]


def _attribution(lines: list[str], index: int) -> Mark | None:
    if words.STAMP.match(lines[index]) and (index + 1 == len(lines) or not lines[index + 1]):
        return Mark(What.ATTRIBUTION, index, index + 1)
    if words.ON_ONE_LINE.match(lines[index]):
        return Mark(What.ORIGINAL, index, index)
    text = ""
    for end in range(index + 1, min(index + _WRAPPED, len(lines)) + 1):
        line = lines[end - 1]
        if not line or line[0] == ">" or len(line) > _LONGEST:
            return None
        text = f"{text} {line}".strip()
        if line.endswith((":", ":*", ": *")) or _ends(lines, end):
            what = _judged(text.strip("* _"), lines[index:end])
            return Mark(what, index, end) if what and not _begins_later(lines, index, end) else None
    return None


def _begins_later(lines: list[str], index: int, end: int) -> bool:
    """Whether the attribution is whole without its first lines, which then are the author's."""
    return any(
        words.INTRO.match(lines[start])
        and _judged(" ".join(lines[start:end]).strip("* _"), lines[start:end]) is What.ATTRIBUTION
        for start in range(index + 1, end)
    )


def _ends(lines: list[str], end: int) -> bool:
    """Whether nothing of the sentence follows: the verb stands last, and a quote is next."""
    following = next((line for line in lines[end : end + 3] if line), "")
    return following.startswith(">") and lines[end - 1].lower().endswith(("wrote", "writes", "schrieb"))


def _judged(text: str, lines: list[str]) -> What | None:
    """Say how sure a candidate is: names, addresses, dates and times speak for it, articles against."""
    if len(text) > 2 * _LONGEST:
        return None
    has_verb = bool(words.WROTE.search(text)) or bool(words.QUOTING.match(text))
    address = words.ADDRESS.search(text)
    begins = bool(words.INTRO.match(text))
    has_time, has_year = bool(words.TIME.search(text)), bool(words.YEAR.search(text))
    if not has_verb:
        closes = text.rstrip(":* ").endswith((">", ")", "]"))
        return What.ATTRIBUTION if begins and address and closes and has_time and has_year else None
    if not begins and len(lines) > 1 and not (address and ("<" in lines[0] or _is_name_above(lines, 0))):
        return None
    if not begins and not _verb_last(text):
        return What.ATTRIBUTION if address and has_time else None
    if words.NOT_A_NAME.search(text) and not address:
        return What.PERHAPS if has_time and has_year else None
    if address and (begins or f"{address[0]}>" in text or f"{address[0]})" in text):
        return What.ATTRIBUTION
    if (begins and has_year and has_time) or words.DATED.match(text):
        return What.ATTRIBUTION
    return What.PERHAPS if (begins and words.DAY.search(text)) or len(text) <= 80 else None


def _verb_last(text: str) -> bool:
    verbs = list(words.WROTE.finditer(text))
    return bool(verbs) and len(text) - verbs[-1].end() <= 4
