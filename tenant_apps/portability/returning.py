"""One thing of a restored copy, compared with the network it is of, and brought back into it row by row.

Keys are the same in both, so a row is missing, the same, or changed. What the network has and the copy has not is not
even read. A person who is a member again under another key is joined to that one by their account.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from django.apps import apps
from django.db import models
from django.utils import timezone

from tenant_apps.members.enums import MemberState
from tenant_apps.members.models import Member
from tenant_apps.portability.adapters import Branch, Compared, NotNowError, Tree
from tenant_apps.portability.dumping import Row, add_missing, rows_where, write_columns

Rows = dict[str, dict[str, Row]]  # by the label of their table and their ids

_MEMBER = Member._meta.label


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A thing as the copy has it: its rows, and those of others that they cannot be without."""

    tree: Tree
    thing_id: UUID
    rows: Rows
    named: Rows


@dataclass(frozen=True, slots=True)
class Change:
    """A column of a row that is in both and differs: what is there now, and what the copy has."""

    branch: Branch
    row_id: str
    compared: Compared
    now: Any
    then: Any

    @property
    def key(self) -> str:
        """What names it when the copy's is chosen."""
        return f"{self.row_id}.{self.compared.column}"


@dataclass(slots=True)
class Difference:
    """What the copy has and the network lacks, and what differs; `mark` is a hash of both.

    `along`: rows of others that come with it. `since`: how many rows the network has of it that the copy has not.
    """

    is_gone: bool = False
    added: dict[str, list[Row]] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    along: dict[str, list[Row]] = field(default_factory=dict)
    since: dict[str, int] = field(default_factory=dict)
    mark: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether the copy has nothing that the network has not."""
        return not self.changes and not any(self.added.values())


class UnknownChoiceError(Exception):
    """What was chosen is not among what differs."""


class _Link(NamedTuple):
    """A column that names a row of another table."""

    column: str
    label: str
    is_optional: bool


def take_snapshot(tree: Tree, thing_id: UUID) -> Snapshot | None:
    """Read a thing in the copy, or return None where it is not there."""
    root = tree.branches[0]
    rows: Rows = {root.label: rows_where(_model(root.label), "id", [str(thing_id)])}
    if not rows[root.label]:
        return None
    for branch in tree.branches[1:]:
        parents = [key for label in branch.of for key in rows[label]]
        rows[branch.label] = rows_where(_model(branch.label), branch.column, parents, branch.also)
    return Snapshot(tree, thing_id, rows, _named(tree, rows))


def bring_back(snapshot: Snapshot, *, take: Collection[str] = (), leave_out: Collection[str] = ()) -> Difference:
    """Add what is missing, write the copy's into what was chosen, and return what there was to do.

    `take` are keys of changes, `leave_out` ids of rows or labels of tables that do not come back. Call it in the
    network, in a transaction. Raises UnknownChoiceError, and NotNowError where something else took its place.
    """
    return _Bringing(snapshot, take, leave_out).run()


class _Bringing:
    """One thing on its way back.

    `there`: rows of the network by their table; `gone`: rows that are not here, or elsewhere, so that nothing of theirs
    comes; `back`: rows that came.
    """

    def __init__(self, snapshot: Snapshot, take: Collection[str], leave_out: Collection[str]) -> None:
        self.tree, self.rows, self.named = snapshot.tree, snapshot.rows, snapshot.named
        self.take, self.leave_out = set(take), set(leave_out)
        self.here = {label: rows_where(_model(label), "id", rows) for label, rows in self.rows.items()}
        self.there: dict[str, set[str]] = {}
        self.gone: set[str] = set()
        self.back: set[str] = set()
        self.found = Difference()

    def run(self) -> Difference:
        """Go through the branches, parents first."""
        root = self.tree.branches[0]
        self.found.is_gone = not self.here[root.label]
        self.aliases = self._same_people()
        for branch in self.tree.branches:
            self._compare(branch)
            self._add(branch)
            self._count_since(branch)
        if self.take - {change.key for change in self.found.changes if change.compared.is_offered}:
            raise UnknownChoiceError
        self._write_chosen()
        self.found.mark = self._mark()
        return self.found

    def _same_people(self) -> dict[str, str]:
        """Return who is a member under another key than in the copy, by the key there."""
        people = self.named.get(_MEMBER, {}) | self.rows.get(_MEMBER, {})
        accounts = {row["account_id"]: key for key, row in people.items()}
        found = Member.objects.filter(account_id__in=accounts).values_list("account_id", "id")
        here = {accounts[str(account_id)]: str(key) for account_id, key in found}
        return {theirs: ours for theirs, ours in here.items() if theirs != ours}

    def _compare(self, branch: Branch) -> None:
        for key, row in self.rows[branch.label].items():
            now = self.here[branch.label].get(key)
            if now is None:
                continue
            if now[branch.column] != row[branch.column]:
                self.gone.add(key)  # it belongs to something else by now
                continue
            for compared in branch.compared:
                if now[compared.column] != row[compared.column]:
                    change = Change(branch, key, compared, now[compared.column], row[compared.column])
                    self.found.changes.append(change)

    def _add(self, branch: Branch) -> None:
        missing = [row for key, row in self.rows[branch.label].items() if key not in self.here[branch.label]]
        self.gone.update(row["id"] for row in missing)
        wanted = [row for row in missing if not {row["id"], branch.label} & self.leave_out]
        fitting = [fitted for row in wanted if (fitted := self._fitted(branch, row))]
        added = add_missing(_model(branch.label), fitting)
        if branch is self.tree.branches[0] and wanted and not added:
            what = (
                f"Another {branch.words[0]} stands" if fitting else "What it belongs to is gone, and something stands"
            )
            raise NotNowError(f"{what} in its place now.")
        self.gone -= added
        self.back |= added
        self.found.added[branch.label] = [row for row in fitting if row["id"] in added]

    def _fitted(self, branch: Branch, row: Row) -> Row | None:
        """Return a row as it can stand here, or None where what it belongs to does not."""
        if branch.of and row[branch.column] in self.gone:
            return None
        if branch.with_parent and self._parent_of(branch, row) not in self.back:
            return None
        fitted = row | branch.instead
        for link in _links(branch.label):
            value = fitted[link.column]
            value = self.aliases.get(value, value) if link.label == _MEMBER else value
            if value is not None and not self._is_there(link.label, value):
                if value in self.gone or not (link.is_optional or self._comes_along(branch, link.label, value)):
                    return None
                value = None if link.is_optional else value
            fitted[link.column] = value
        return fitted

    def _parent_of(self, branch: Branch, row: Row) -> str:
        """Return the row of the thing that a row is about: of a reply and its discussion, the reply."""
        above = [each.label for each in self.tree.branches]
        named = {link.label: row[link.column] for link in _links(branch.label) if row[link.column]}
        inside = sorted((label for label in named if label in above), key=above.index)
        return named[inside[-1]] if inside else row[branch.column]

    def _is_there(self, label: str, key: str) -> bool:
        """Whether a row is in the network by now; all that are named of a table are looked up at once."""
        if label not in self.there:
            named = {row[link.column] for branch, row in self._all_rows() for link in _links(branch.label, of=label)}
            wanted = (named | set(self.aliases.values())) - {None}
            found = _model(label)._default_manager.filter(pk__in=wanted).values_list("pk", flat=True)
            self.there[label] = set(map(str, found))
        return (key in self.there[label] or key in self.back) and key not in self.gone

    def _comes_along(self, branch: Branch, label: str, key: str) -> bool:
        """Add a row that another cannot be without; who is no member any more comes as somebody who left."""
        row = self.named.get(label, {}).get(key)
        if branch.is_light or row is None:
            return False
        row = _as_former(row) if label == _MEMBER else row
        if not add_missing(_model(label), [row]):
            return False
        self.back.add(key)
        self.found.along.setdefault(label, []).append(row)
        return True

    def _count_since(self, branch: Branch) -> None:
        if branch.compared and branch.of:
            parents = [key for label in branch.of for key in self.rows[label]]
            now = rows_where(_model(branch.label), branch.column, parents, branch.also).keys()
            self.found.since[branch.label] = len(now - self.rows[branch.label].keys())

    def _write_chosen(self) -> None:
        chosen: dict[tuple[str, str], Row] = {}
        for change in self.found.changes:
            if change.key in self.take:
                values = chosen.setdefault((change.branch.label, change.row_id), {})
                copied = self.rows[change.branch.label][change.row_id]
                values |= {name: copied[name] for name in (change.compared.column, *change.compared.along)}
                if change.compared.edited:
                    values[change.compared.edited] = timezone.now().isoformat()
        for (label, key), values in chosen.items():
            self.tree.keep(label, UUID(key), values)
            write_columns(_model(label), key, values)

    def _mark(self) -> str:
        missing = [row for branch, row in self._all_rows() if row["id"] not in self.here[branch.label]]
        changes = [(change.key, change.now, change.then) for change in self.found.changes]
        return hashlib.sha256(json.dumps([missing, changes], sort_keys=True).encode()).hexdigest()

    def _all_rows(self) -> Iterator[tuple[Branch, Row]]:
        for branch in self.tree.branches:
            for row in self.rows[branch.label].values():
                yield branch, row


def _named(tree: Tree, rows: Rows) -> Rows:
    """Read the rows of others without which those of a thing cannot be."""
    wanted: dict[str, set[str]] = {}
    for branch in tree.branches:
        for link in _links(branch.label):
            if link.label == _MEMBER or not (link.is_optional or branch.is_light):
                keys = {row[link.column] for row in rows[branch.label].values()} - {None}
                wanted.setdefault(link.label, set()).update(keys)
    return {label: rows_where(_model(label), "id", keys) for label, keys in wanted.items()}


def _links(label: str, of: str = "") -> list[_Link]:
    found = (
        _Link(each.column, each.related_model._meta.label, each.null)
        for each in _model(label)._meta.concrete_fields
        if isinstance(each, models.ForeignKey)
    )
    return [link for link in found if not of or link.label == of]


def _as_former(row: Row) -> Row:
    if row["state"] == MemberState.LISTED:
        return row
    return row | {"state": MemberState.LEFT, "left_at": row["left_at"] or timezone.now().isoformat()}


def _model(label: str) -> type[models.Model]:
    return apps.get_model(label)


def ids_of(rows: Iterable[Row]) -> set[UUID]:
    """Return the ids of rows."""
    return {UUID(row["id"]) for row in rows}
