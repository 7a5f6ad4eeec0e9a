"""Divides a message's lines into what its author wrote and the rest. When in doubt, it shows more."""

from dataclasses import dataclass, field

from shared_apps.mail.reading.html import MARKS, ORIGINAL, QUOTE, QUOTE_END, SIGNATURE, SIGNATURE_END
from shared_apps.mail.trimming import signatures, words
from shared_apps.mail.trimming.marks import Mark, What, find_marks, plain

_MOST_LINES = 60_000  # nobody reads on; what follows goes where the last of them went
_MOST_STEPS = 60  # of taking away from the end


@dataclass(frozen=True, slots=True)
class Trimmed:
    """A message divided: each line that is not blank is in one of the two."""

    shown: str
    hidden: str
    is_only_quote: bool = False  # the author wrote nothing: what is shown is what they quoted or passed on
    has_cut: bool = False  # something other than a signature was hidden


@dataclass(slots=True)
class _Message:
    """The lines of a message while they are judged."""

    lines: list[str]
    author: str = ""  # their name, where the message says it
    bare: list[str] = field(init=False)
    gone: set[int] = field(default_factory=set)  # indexes of lines that are hidden though others around are not
    end: int = 0
    has_cut: bool = False
    last_own: int = -1  # the last line outside quotes that says something

    def __post_init__(self) -> None:
        self.bare = [plain(line) for line in self.lines]
        self.end = len(self.lines)
        said = (
            index
            for index in range(self.end - 1, -1, -1)
            if self.bare[index]
            and not self.is_quote(index)
            and not signatures.is_rule(self.bare[index])
            and not (index > self.end - 30 and signatures.is_advertisement(self.bare[index]))
        )
        self.last_own = next(said, -1)

    def is_quote(self, index: int) -> bool:
        return self.bare[index][:1] == ">"

    def next_words(self, index: int) -> int:
        """The next line that is neither blank nor hidden, or the end."""
        while index < self.end and (not self.bare[index] or index in self.gone):
            index += 1
        return index


def trim(text: str, author: str = "") -> Trimmed:
    """Return what a reader sees of a plain text by somebody, and what stays behind “show original”."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").split("\n")
    rest = lines[_MOST_LINES:]
    trimmed = trim_lines(lines[:_MOST_LINES], author)
    if not rest:
        return trimmed
    shown, hidden = trimmed.shown, trimmed.hidden
    if trimmed.has_cut or not shown:
        hidden = "\n".join([hidden, *rest])
    else:
        shown = "\n".join([shown, *rest])
    return Trimmed(shown, hidden, trimmed.is_only_quote, trimmed.has_cut)


def trim_lines(lines: list[str], author: str = "") -> Trimmed:
    """Divide lines; those that are a mark of `reading.html` say what their mail program knew."""
    lines = [piece for line in lines for piece in _pieces(line)]
    message = _Message(lines, author)
    _apply_hints(message)
    _apply_marks(message)
    _take_from_end(message)
    kept = [index for index in range(message.end) if index not in message.gone]
    if any(message.bare[index] and not message.is_quote(index) for index in kept):
        return _divided(message, kept)
    return _without_words(lines)


def _pieces(line: str) -> list[str]:
    """A line, or two where a program put an attribution on the author's last one."""
    shared = words.SHARED_LINE.search(line) if len(line) < 400 and line.endswith(":") and "@" in line else None
    if not shared or line[:1] == ">":
        return [line]
    return [line[: shared.start("quoted")].rstrip(" -"), line[shared.start("quoted") :]]


def is_mark(line: str) -> bool:
    """Whether a line is what the mail program said, and no words."""
    return len(line) == 1 and line in MARKS


def _apply_hints(message: _Message) -> None:
    """Hide what HTML said is a signature, and cut where it said the answered message begins."""
    signature = quote = -1
    for index, line in enumerate(message.lines):
        if not is_mark(line):
            continue
        message.gone.add(index)
        if line == SIGNATURE and signature < 0:
            signature = index
        elif line == SIGNATURE_END and signature >= 0:
            message.gone.update(range(signature, index))
            signature = -1
        elif line == QUOTE and quote < 0:
            quote = index
        elif line == QUOTE_END and quote >= 0:
            _quoted_region(message, quote, index)
            quote = -1
        elif line == ORIGINAL and _has_words(message, index, Mark(What.ORIGINAL, index, index)):
            _cut(message, index)
            return


def _quoted_region(message: _Message, start: int, end: int) -> None:
    """Treat what stands before the first quote as its attribution, and a region without one as quoted."""
    inside = [index for index in range(start, end) if message.bare[index]]
    below = message.next_words(end)
    first = next((index for index in inside if message.is_quote(index)), None)
    first = below if first is None and below < message.end and message.is_quote(below) else first
    opening = next((message.bare[index] for index in inside if not is_mark(message.bare[index])), "")
    if words.FORWARD.search(opening[:200]):
        return
    if first is not None and sum(len(message.bare[index]) for index in inside if index < first) < 400:
        message.gone.update(range(start, first))
        message.has_cut = True
    elif first is None and _has_words(message, start) and below == message.end:
        _cut(message, start)


def _apply_marks(message: _Message) -> None:
    """Cut at the first mark with something above it; drop the attributions of quotes that are answered below."""
    for mark in list(find_marks([*message.bare[: message.end]])):
        if mark.start in message.gone:
            continue
        below = message.next_words(mark.end)
        is_quoted = below < message.end and message.is_quote(below)
        if mark.what in (What.ORIGINAL, What.FORWARD):
            if _has_words(message, mark.start, mark):
                _cut(message, mark.start)
            else:
                message.gone.update(range(mark.end))
            return
        if mark.what is What.PERHAPS and not is_quoted:
            continue
        if is_quoted or below == message.end or not _has_words(message, mark.start):
            if mark.what is What.ATTRIBUTION or message.last_own < below:
                message.gone.update(range(mark.start, mark.end))
                message.has_cut = True
        else:
            _cut(message, mark.start)
            return


def _cut(message: _Message, index: int) -> None:
    message.end = min(message.end, index)
    message.has_cut = True


def _has_words(message: _Message, end: int, mark: Mark | None = None) -> bool:
    """Whether the author wrote something above a line; a few words that only point below it are none."""
    above = [index for index in range(max(0, end - 2_000), end) if index not in message.gone and message.bare[index]]
    own = [message.bare[index] for index in above if not message.is_quote(index)]
    own = own or [message.bare[index] for index in above]
    lines = [line for line in own if not is_mark(line)]
    finish = len(lines)
    for _step in range(10):
        shorter = signatures.last_words(lines, finish)
        if shorter == finish:
            break
        finish = shorter
    said = [line for line in lines[:finish] if not signatures.is_rule(line)]
    return bool(said) and not (mark and _only_points(said, mark.what))


def _only_points(said: list[str], what: What) -> bool:
    """Whether a few words only send the reader to the message below: "FYI", with a greeting and a goodbye."""
    others = [line for line in said if not words.POINTER.match(line) and not words.GREETING.match(line)]
    if len(said) > 5 or (what is not What.FORWARD and not any(words.POINTER.match(line) for line in said)):
        return False
    if others and signatures.is_closing(others[0]):
        name = others[1:]
        return len(name) <= 1 and all(len(line.split()) <= 4 for line in name)
    return not others


def _take_from_end(message: _Message) -> None:
    """Take quotes, signatures and notices away from the end, until the author's own words stand there."""
    for _step in range(_MOST_STEPS):
        before = message.end
        _skip_blank(message)
        _take_quote(message)
        _skip_blank(message)
        lines = [
            "" if index in message.gone else message.bare[index]
            for index in range(max(0, message.end - 300), message.end)
        ]
        message.end += signatures.last_words(lines, len(lines), message.author) - len(lines)
        _take_closing_below_quote(message)
        if message.end == before:
            return


def _skip_blank(message: _Message) -> None:
    while message.end and (
        not message.bare[message.end - 1]
        or message.end - 1 in message.gone
        or signatures.is_rule(message.bare[message.end - 1])
    ):
        message.end -= 1


def _take_quote(message: _Message) -> None:
    """Take a quote away from the end, unless the author's last words announce it."""
    index = message.end
    while index and _continues_quote(message, index - 1):
        index -= 1
    if index == message.end:
        return
    above = index - 1
    while above >= 0 and not message.bare[above] and above not in message.gone:
        above -= 1
    if above < 0 or message.bare[index : message.end].count("") == message.end - index:
        return
    is_attributed = above in message.gone or any(at in message.gone for at in range(index, message.end))
    announced = message.bare[above].endswith(":") or message.bare[message.next_words(index)].startswith(">>> ")
    if (is_attributed or not announced) and any(
        message.bare[at] and at not in message.gone and not message.is_quote(at) for at in range(above + 1)
    ):
        message.end = index
        message.has_cut = True


def _continues_quote(message: _Message, index: int) -> bool:
    line = message.bare[index]
    if not line or index in message.gone or line[0] == ">":
        return True
    if words.INITIALS.match(message.lines[index]):
        return True
    above = message.bare[index - 1] if index else ""
    below = message.bare[index + 1] if index + 1 < message.end else ""
    if above[:1] != ">" or below[:1] not in (">", ""):
        return False
    # the end of a long quoted line that a mail program broke, or of a link
    is_end = len(above) >= 60 and len(line) < 40 and line[:1].islower() and below[:1] == ">"
    return is_end or (words.END_OF_LINK.match(line) is not None and ("://" in above or "://" in line))


def _take_closing_below_quote(message: _Message) -> None:
    """Take away a goodbye that stands below the quote because the program put the signature there."""
    index = message.end
    lines = 0
    while index and not message.is_quote(index - 1) and index - 1 not in message.gone and lines <= 12:
        index -= 1
        lines += bool(message.bare[index])
    below = [message.bare[at] for at in range(index, message.end) if message.bare[at]]
    if not below or lines > 12 or not index or not message.has_cut or not signatures.is_closing(below[0]):
        return
    has_said = any(
        message.bare[at]
        and at not in message.gone
        and not message.is_quote(at)
        and not words.GREETING.match(message.bare[at])
        for at in range(index)
    )
    if has_said and len(below) <= 12 and not any(signatures.is_sentence(line) for line in below):
        message.end = index


def _divided(message: _Message, kept: list[int]) -> Trimmed:
    inside = set(kept)
    hidden = [line for index, line in enumerate(message.lines) if index not in inside and not is_mark(line)]
    shown = [message.lines[index] for index in kept if not is_mark(message.lines[index])]
    return Trimmed(_joined(shown), _joined(hidden), has_cut=message.has_cut)


def _joined(lines: list[str]) -> str:
    """Join lines without the blank ones around them."""
    start, end = 0, len(lines)
    while start < end and not lines[start].strip():
        start += 1
    while end > start and not lines[end - 1].strip():
        end -= 1
    return "\n".join(lines[start:end]).rstrip()


def _without_words(lines: list[str]) -> Trimmed:
    """Show what was quoted or passed on, when the author wrote nothing of their own; attributions alone are nothing."""
    message = _Message([line for line in lines if not is_mark(line)])
    unquoted = [line.lstrip("> \t") if line[:1] == ">" else line for line in message.bare]
    for mark in find_marks(unquoted):
        message.gone.update(range(mark.start, mark.end))
    own = [index for index, line in enumerate(unquoted) if line and index not in message.gone]
    said = [
        index
        for index in own
        if not signatures.is_rule(unquoted[index]) and not signatures.is_advertisement(unquoted[index])
    ]
    quoted = [index for index in said if message.is_quote(index) or bool(message.gone)]
    quoted = quoted or said
    if not quoted:
        return Trimmed("", _joined(message.lines), is_only_quote=True)
    first, last = quoted[0], quoted[-1]
    kept = [index for index in range(first, last + 1) if index not in message.gone]
    inside = set(kept)
    return Trimmed(
        _joined([message.lines[index] for index in kept]),
        _joined([line for index, line in enumerate(message.lines) if index not in inside]),
        is_only_quote=True,
        has_cut=bool(message.gone),
    )
