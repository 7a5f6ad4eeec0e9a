"""Splits an mbox file into its messages without holding it in memory.

Programs disagree on mbox (RFC 4155, appendix A): where a message begins is told by an empty line, a line that starts
with "From " and a header below it. A "From " inside a text was escaped with one ">" by most writers (mboxo), or with
one more than it had (mboxrd); taking one away again is right for both but for a text that really began ">From ".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

LARGEST_MESSAGE = 25 * 1024 * 1024
_LONGEST_LINE = 1024 * 1024  # a longer one is read in pieces
_HEADER = re.compile(rb"[!-9;-~]{1,100}[ \t]?:")
_ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)


class NotMboxError(Exception):
    """The file does not begin as an mbox does."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message lies: its number from 1, and the bytes from its first header to before the next message."""

    number: int
    start: int
    end: int

    @property
    def size(self) -> int:
        """Bytes of the message."""
        return self.end - self.start


def places(file: BinaryIO) -> Iterator[Place]:
    """Return where each message of a file lies, reading it once; raises NotMboxError.

    Give the whole file from its beginning. Memory does not grow with it.
    """
    number, start = 0, 0
    for begin, after in _separators(file):
        if number:
            yield Place(number, start, begin)
        number, start = number + 1, after
    if not number:
        raise NotMboxError
    yield Place(number, start, file.tell())


def read(file: BinaryIO, place: Place) -> bytes:
    """Return a message as it was sent, or as much of it as is taken."""
    file.seek(place.start)
    raw = file.read(min(place.size, LARGEST_MESSAGE))
    return _ESCAPED.sub(rb"\1", raw)


def _separators(file: BinaryIO) -> Iterator[tuple[int, int]]:
    """Return, for each line that begins a message, the position of the line and of what follows it."""
    file.seek(0)
    was_empty, is_first, offset = True, True, 0
    begin: int | None = None
    while line := file.readline(_LONGEST_LINE):
        if begin is not None and (_HEADER.match(line) or not line.strip()):
            yield begin, offset
            is_first = False
        begin = offset if was_empty and line.startswith(b"From ") else None
        if is_first and begin is None and line.strip():
            raise NotMboxError
        was_empty = not line.strip(b"\r\n")
        offset += len(line)
