"""From bytes to records: finds what is no such file at all, and where each record begins and ends.

Files come in cp1252 as DfE publishes them, or in UTF-8 where somebody saved them again; now and then one line differs
from the rest. So each line is read as UTF-8 if it is that, which cp1252 text with accents never is in practice.
"""

import csv
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

_LONGEST_LINE = 1 << 20
_LONGEST_RECORD = 25
_UTF8_MARK = b"\xef\xbb\xbf"
_BINARY = (
    (b"PK", "is an Excel workbook or a ZIP archive"),
    (b"\xd0\xcf\x11\xe0", "is an old Excel workbook"),
    (b"\x1f\x8b", "is compressed"),
    (b"%PDF", "is a PDF"),
    (b"\xff\xfe", "is in UTF-16"),
    (b"\xfe\xff", "is in UTF-16"),
)


class RegisterFileError(Exception):
    """The file as a whole cannot be used; the message is one line that says what to do."""


class Line(NamedTuple):
    """One line of the file, without its end."""

    number: int
    text: str
    whole: bool
    """Whether the line ended with a line break; only the last line of a file may not."""


class Record(NamedTuple):
    """One row of the file; `problem` says why it could not be split into `cells`."""

    line: int
    cells: list[str]
    problem: str
    whole: bool


def lines(path: Path, on_bytes: Callable[[int], None] | None = None) -> Iterator[Line]:
    """Yield the file's lines in constant memory; `on_bytes` is told how many bytes each line had."""
    try:
        with path.open("rb") as file:
            _refuse_other_formats(path, file)
            yield from _decoded(path, file, on_bytes)
    except OSError as error:
        raise RegisterFileError(f"{path} cannot be read: {error.strerror or error}.") from error


def records(source: Iterator[Line], width: int | None = None) -> Iterator[Record]:
    """Yield the rows; `width` is the number of cells that a good one has, by default that of the first row."""
    waiting: deque[Line] = deque()
    while line := waiting.popleft() if waiting else next(source, None):
        if not line.text.strip(', \t"'):
            continue
        record = _joined(line, waiting, source, width) if line.text.count('"') % 2 else _split(line, width)
        width = width or len(record.cells)
        yield record


def _refuse_other_formats(path: Path, file: BinaryIO) -> None:
    start = file.read(512)
    if not start.strip():
        raise RegisterFileError(f"{path.name} is empty.")
    for mark, what in _BINARY:
        if start.startswith(mark):
            raise RegisterFileError(f"{path.name} {what}: give the CSV file that DfE publishes.")
    if start.removeprefix(_UTF8_MARK).lstrip().startswith(b"<"):
        raise RegisterFileError(f"{path.name} is a web page, not a CSV file: download the file itself.")
    file.seek(len(_UTF8_MARK) if start.startswith(_UTF8_MARK) else 0)


def _decoded(path: Path, file: BinaryIO, on_bytes: Callable[[int], None] | None) -> Iterator[Line]:
    number = 0
    while raw := file.readline(_LONGEST_LINE):
        number += 1
        if b"\0" in raw:
            raise RegisterFileError(f"{path.name} is not text: there is a NUL byte in line {number:,}.")
        if len(raw) == _LONGEST_LINE:
            raise RegisterFileError(f"{path.name} is not a CSV file: line {number:,} does not end.")
        if on_bytes:
            on_bytes(len(raw))
        yield Line(number, _text(raw.rstrip(b"\r\n")), raw.endswith((b"\n", b"\r")))


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        # Five bytes mean nothing in cp1252; they become the sign for a lost character, and stay to be seen.
        return raw.decode("cp1252", errors="replace")


def _split(line: Line, width: int | None) -> Record:
    if '"' not in line.text:
        return _checked(line, line.text.split(","), width)
    try:
        return _checked(line, next(csv.reader([line.text], strict=True)), width)
    except csv.Error:
        return Record(line.number, [], "its quotation marks do not match", line.whole)


def _joined(line: Line, waiting: deque[Line], source: Iterator[Line], width: int | None) -> Record:
    """Join a row whose quoted text runs over several lines; if no end comes soon, its first line alone is bad."""
    parts = [line]
    while len(parts) < _LONGEST_RECORD and (more := waiting.popleft() if waiting else next(source, None)):
        parts.append(more)
        if more.text.count('"') % 2:
            whole = Line(line.number, "\n".join(part.text for part in parts), more.whole)
            record = _split_over_lines(whole, width)
            if not record.problem:
                return record
            break
    waiting.extendleft(reversed(parts[1:]))
    return Record(line.number, [], "its quotation marks do not match", parts[-1].whole)


def _split_over_lines(line: Line, width: int | None) -> Record:
    try:
        rows = list(csv.reader(line.text.splitlines(keepends=True), strict=True))
    except csv.Error:
        rows = []
    if len(rows) != 1:
        return Record(line.number, [], "its quotation marks do not match", line.whole)
    return _checked(line, rows[0], width)


def _checked(line: Line, cells: list[str], width: int | None) -> Record:
    if width is not None and len(cells) != width:
        return Record(line.number, [], f"it has {len(cells)} cells, not {width}", line.whole)
    return Record(line.number, cells, "", line.whole)
