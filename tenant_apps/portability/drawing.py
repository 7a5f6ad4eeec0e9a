"""A comparison as a person reads it: rows that come back, and what differs, a long text line by line.

Words are for those whom an owner lets look in; others see which rows and which fields.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from difflib import unified_diff
from typing import Any

from django.utils.dateparse import parse_datetime

from tenant_apps.portability.adapters import Branch
from tenant_apps.portability.dumping import Row
from tenant_apps.portability.returning import Change
from tenant_apps.portability.services import Comparison

_SHORT = 80
_HEAD = 2  # lines that name two files


@dataclass(frozen=True, slots=True)
class Back:
    """A row that comes back, or several that are only counted; `key` is what leaves it out."""

    key: str
    title: str
    at: datetime | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text: in both (`same`), only there now (`now`), or only in the copy (`copy`)."""

    side: str
    text: str


@dataclass(frozen=True, slots=True)
class Field:
    """A field that differs; a long text has `lines` instead of two values."""

    key: str
    label: str
    thing: str
    is_offered: bool
    now: str = ""
    then: str = ""
    lines: list[Line] = field(default_factory=list)


def coming_back(found: Comparison, *, with_words: bool) -> list[Back]:
    """Return what is missing, a line for each row that has words and one for each kind of the others."""
    drawn: list[Back] = []
    for branch in found.tree.branches:
        rows = found.difference.added.get(branch.label, [])
        if branch.text:
            drawn += [_back(branch, row, with_words=with_words) for row in rows]
        elif rows:
            drawn.append(Back(branch.label, f"{len(rows):,} {branch.words[len(rows) != 1]}"))
    return drawn


def differing(found: Comparison, *, with_words: bool) -> list[Field]:
    """Return what is in both and not the same."""
    return [_field(change, found.names, with_words=with_words) for change in found.difference.changes]


def newer(found: Comparison) -> list[str]:
    """Return what the network has of it that the copy has not, such as "3 replies"."""
    since = found.difference.since
    counts = [(since.get(branch.label, 0), branch) for branch in found.tree.branches]
    return [f"{count:,} {branch.words[count != 1]}" for count, branch in counts if count]


def _back(branch: Branch, row: Row, *, with_words: bool) -> Back:
    at = next((row[name] for name in ("created_at", "joined_at") if row.get(name)), "")
    title = branch.words[0].capitalize()
    return Back(row["id"], title, parse_datetime(at) if at else None, row[branch.text] if with_words else "")


def _field(change: Change, names: Mapping[str, Mapping[str, str]], *, with_words: bool) -> Field:
    compared = change.compared
    about = (change.key, compared.label, change.branch.words[0].capitalize(), compared.is_offered)
    if not with_words:
        return Field(*about)
    now, then = (_shown(value, names.get(compared.column, {})) for value in (change.now, change.then))
    if max(len(now), len(then)) > _SHORT or "\n" in now + then:
        return Field(*about, lines=list(_lines(now, then)))
    return Field(*about, now, then)


def _lines(now: str, then: str) -> Iterator[Line]:
    sides = {"-": "now", "+": "copy", " ": "same", "@": "gap"}
    for number, line in enumerate(unified_diff(now.splitlines(), then.splitlines(), n=2, lineterm="")):
        if number < _HEAD or (number == _HEAD and line.startswith("@@ -1")):
            continue
        yield Line(sides[line[0]], "" if line[0] == "@" else line[1:])


def _shown(value: Any, names: Mapping[str, str]) -> str:
    if value is None or value in ("", []):
        return "Nothing"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    moment = parse_datetime(value) if isinstance(value, str) and value[:4].isdigit() and "T" in value else None
    return f"{moment:%-d %B %Y, %H:%M}" if moment else names.get(str(value), str(value))
