"""What the apps above add to an archive: sheets and pages, rows from elsewhere, and what a restored copy forgets.

How a table's rows travel is said here too, where they do not travel as they are.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from shared_apps.audit.services import Actor

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
    """A page that is read without us. `path` is under read/, such as discussions/<id>.html.

    One that may be long has `pieces`, HTML that is written where its template draws `pieces`, one at a time.
    """

    path: str
    title: str
    section: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    at: datetime | date | None = None
    pieces: Iterable[str] | None = None


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


@dataclass(frozen=True, slots=True)
class Compared:
    """A column that a person compares between a copy and the network; the copy's is to be had where it `is_offered`.

    `names` returns what stands for ids in the column. Columns `along` are taken with it; `edited` then says when.
    """

    column: str
    label: str
    is_offered: bool = True
    names: Callable[[], Mapping[str, str]] | None = None
    along: tuple[str, ...] = ()
    edited: str = ""


@dataclass(frozen=True, slots=True)
class Branch:
    """A table with rows of a thing that can come back from a copy; the first of a tree is the thing's own.

    `column` holds the id of what a row belongs to, in one of the branches `of`; `also` is an SQL condition. `words` are
    for one row and for many; `text` is the column to read of a row that comes back, where it is not counted only. Rows
    that people take away themselves, as a vote, come `with_parent` alone. `is_light`: one that names somebody who is
    gone stays away. `instead`: what these columns hold of what comes back.
    """

    label: str
    words: tuple[str, str]
    column: str = "id"
    of: tuple[str, ...] = ()
    also: str = "TRUE"
    text: str = ""
    compared: tuple[Compared, ...] = ()
    with_parent: bool = False
    is_light: bool = False
    instead: Mapping[str, Any] = field(default_factory=dict)


Touched = Mapping[str, set[UUID]]  # ids by the label of their table


@dataclass(frozen=True, slots=True)
class Tree:
    """A kind of thing that can come back from a restored copy. `folder` is the first part of its page's address.

    `hold` locks it, and raises NotNowError where it cannot take anything; `keep` notes what a row (its table's label
    and id) says before these columns of it become the copy's; `settle` writes what follows from the rows that came back
    or changed, and tells nobody.
    """

    kind: str
    folder: str
    branches: tuple[Branch, ...]
    hold: Callable[[UUID], None]
    settle: Callable[[UUID, Touched, Actor], None]
    keep: Callable[[str, UUID, Collection[str]], None] = lambda label, row_id, columns: None


class NotNowError(Exception):
    """A thing cannot take anything back as it is now; the message can be shown."""


AS_IT_IS = Travel()

Masks = Callable[[], Iterable[Mask]]

_masks: dict[str, Masks] = {}
_readables: list[Readable] = []
_parts: dict[str, Part] = {}
_travels: dict[str, Travel] = {}
_settlers: dict[str, Settler] = {}
_trees: dict[str, Tree] = {}


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


def register_tree(tree: Tree) -> None:
    """Add a kind of thing that can come back from a copy; a second one of the same name replaces the first."""
    _trees[tree.kind] = tree


def trees() -> list[Tree]:
    """Return every kind of thing that can come back."""
    return list(_trees.values())


def tree_of(kind: str) -> Tree | None:
    """Return a kind of thing, or None for one that nobody registered."""
    return _trees.get(kind)
