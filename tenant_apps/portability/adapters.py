"""What the apps above add to an archive: sheets and pages, rows from elsewhere, and what a restored copy forgets.

How a table's rows travel is said here too, where they do not travel as they are.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

Row = Mapping[str, Any]
Lines = Callable[[str], Iterable[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table for a spreadsheet, `people` in people.csv."""

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[object]]


@dataclass(frozen=True, slots=True)
class Page:
    """A page that is read without us. `path` is under read/, such as discussions/<id>.html."""

    path: str
    title: str
    section: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    at: datetime | date | None = None


class Readable(Protocol):
    """What a feature shows to people who open an archive; both read in the network, a part at a time."""

    def sheets(self) -> Iterator[Sheet]:
        """Yield its tables for a spreadsheet."""
        ...

    def pages(self) -> Iterator[Page]:
        """Yield its pages: what every member may see."""
        ...


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that belong to a network and lie elsewhere, as lines of `name`.jsonl; an owner's archive has `owners`."""

    name: str
    rows: Callable[[], Iterable[Row]]
    owners: Callable[[], Iterable[Row]] | None = None


@dataclass(frozen=True, slots=True)
class Travel:
    """How a table travels. `stays`: not at all; `columns`: these hold this SQL expression instead.

    An owner's archive lacks what members keep to themselves: the rows of which the SQL condition `private` is true, and
    what stands in `private_columns`.
    """

    stays: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)
    private: str = ""
    private_columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mask:
    """Somebody who wrote without their name, and the things by which rows could tell who it was."""

    member_id: UUID
    things: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Settler:
    """Makes a restored copy a network of its own.

    `settle` follows the rows in their transaction, `finish` is in the transaction that brings the copy on line.
    Both get what reads a part's lines; `finish` also whether to publish again.
    """

    settle: Callable[[Lines], None]
    finish: Callable[[bool], None] | None = None


AS_IT_IS = Travel()

Masks = Callable[[], Iterable[Mask]]

_masks: dict[str, Masks] = {}
_readables: list[Readable] = []
_parts: dict[str, Part] = {}
_travels: dict[str, Travel] = {}
_settlers: dict[str, Settler] = {}


def register_readable(readable: Readable) -> None:
    """Add a feature's sheets and pages; one of the same class is added once."""
    if not any(type(each) is type(readable) for each in _readables):
        _readables.append(readable)


def register_part(part: Part) -> None:
    """Add rows from elsewhere; a second part of the same name replaces the first."""
    _parts[part.name] = part


def register_masks(name: str, masks: Masks) -> None:
    """Add those who wrote without their name, for archives that are an owner's."""
    _masks[name] = masks


def register_travel(label: str, travel: Travel) -> None:
    """Say how the table of a model travels; `label` is like members.Invitation."""
    _travels[label] = travel


def register_settler(name: str, settler: Settler) -> None:
    """Add what a restored copy forgets."""
    _settlers[name] = settler


def readables() -> list[Readable]:
    """Return every feature's sheets and pages."""
    return list(_readables)


def parts() -> list[Part]:
    """Return every part."""
    return list(_parts.values())


def masks() -> list[Mask]:
    """Return everybody who wrote without their name."""
    return [mask for found in _masks.values() for mask in found()]


def travel_of(label: str) -> Travel:
    """Return how a table travels."""
    return _travels.get(label, AS_IT_IS)


def settlers() -> list[Settler]:
    """Return every settler."""
    return list(_settlers.values())
