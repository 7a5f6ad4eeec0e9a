"""Brings one thing back from a restored copy into the network that it is a copy of, and into no other.

The copy is read first, then its files are put in place, and then the rows are written in one transaction. Nobody is
told, and again there is nothing to do.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from shared_apps.audit.services import Actor, record
from shared_apps.grants.models import SupportGrant
from tenant_apps.files.models import StoredFile
from tenant_apps.files.services import put_back, whole_content_of
from tenant_apps.portability.adapters import NotNowError, Touched, Tree, tree_of
from tenant_apps.portability.dumping import one_moment
from tenant_apps.portability.returning import (
    Difference,
    Snapshot,
    UnknownChoiceError,
    bring_back,
    ids_of,
    take_snapshot,
)
from tenant_apps.portability.services.exporting import OldReleaseError, refuse_old
from tenants.context import in_network
from tenants.enums import NetworkState
from tenants.models import Network

_FILES = StoredFile._meta.label
_IN_USE = (NetworkState.LIVE, NetworkState.SUSPENDED)


class ReturnRefusedError(Exception):
    """It cannot be brought back so; the message says why in one line, and nothing has changed."""


class ChangedMeanwhileError(ReturnRefusedError):
    """What was shown is not what is there now."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to come back: which thing, from which copy, into which network."""

    network: Network
    copy: Network
    kind: str
    thing_id: UUID


@dataclass(frozen=True, slots=True)
class Choice:
    """What of the difference: keys of changes to `take`, ids of rows or labels of tables to `leave_out`.

    `mark` is the difference's that was shown; without one, whatever it is now.
    """

    take: Collection[str] = ()
    leave_out: Collection[str] = ()
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A thing in a copy and in its network: what differs, and the files whose bytes are gone here."""

    wanted: Wanted
    tree: Tree
    difference: Difference
    lost_files: list[UUID] = field(default_factory=list)
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def is_same(self) -> bool:
        """Whether there is nothing to bring back."""
        return self.difference.is_empty and not self.lost_files


def compare(wanted: Wanted) -> Comparison:
    """Return what merging back would add and what differs, and change nothing; raises ReturnRefusedError."""
    snapshot = _read(wanted)
    with in_network(wanted.network), transaction.atomic():
        difference = _brought(snapshot, Choice())
        transaction.set_rollback(True)
    with in_network(wanted.network):
        lost = _lost_files(snapshot, difference)
        named = [each for branch in snapshot.tree.branches for each in branch.compared if each.names]
        names = {each.column: each.names() for each in named if each.names}
    return Comparison(wanted, snapshot.tree, difference, lost, names)


def merge_back(wanted: Wanted, choice: Choice, *, by: Actor) -> Comparison:
    """Bring back what is missing, and the copy's of what was chosen; return what there was to do.

    Raises ReturnRefusedError, and ChangedMeanwhileError where it is not what the choice was made of.
    """
    found = compare(wanted)
    _check_mark(found.difference, choice)
    files = [*ids_of(found.difference.added.get(_FILES, ())), *found.lost_files]
    lacking = {str(each) for each in files if not _put_file(wanted, each)}
    put = len(files) - len(lacking)
    if put or choice.take or not found.is_same:
        fully = Choice(choice.take, {*choice.leave_out, *lacking}, found.difference.mark)
        _write(_read(wanted), fully, wanted, files=put, by=by)
    return found


def _read(wanted: Wanted) -> Snapshot:
    """Read the thing in the copy."""
    _check_belongs(wanted)
    tree = tree_of(wanted.kind)
    if tree is None:
        raise ReturnRefusedError("Nothing of this kind can be brought back.")
    with in_network(wanted.copy), one_moment():
        snapshot = take_snapshot(tree, wanted.thing_id)
    if snapshot is None:
        raise ReturnRefusedError("It is not in the copy.")
    return snapshot


def _check_belongs(wanted: Wanted) -> None:
    """Raise ReturnRefusedError unless the one is a copy of the other: there is no way into any other network."""
    network, copy = wanted.network, wanted.copy
    if copy.restored_from != network.id or copy.id == network.id:
        raise ReturnRefusedError(
            f"{copy.name} is no copy of {network.name} that was restored from an archive of export_network."
        )
    for each in (network, copy):
        if each.state not in _IN_USE:
            raise ReturnRefusedError(f"{each.name} is {each.get_state_display().lower()}.")
        try:
            refuse_old(each)
        except OldReleaseError as error:
            raise ReturnRefusedError(str(error)) from None


def _write(snapshot: Snapshot, choice: Choice, wanted: Wanted, *, files: int, by: Actor) -> None:
    """Bring back in one transaction, with what follows from it and a line in the network's log."""
    root = snapshot.tree.branches[0]
    with in_network(wanted.network), transaction.atomic():
        difference = _brought(snapshot, choice)
        _check_mark(difference, choice)
        touched = _touched(difference, choice)
        if touched:
            snapshot.tree.settle(wanted.thing_id, touched, by)
        if touched or files:
            record(
                "portability.thing.merged_back",
                by=by,
                target_kind=root.label.lower(),
                target_id=wanted.thing_id,
                fields={key.partition(".")[2] for key in choice.take},
                copy=wanted.copy.id,
                added=sorted(f"{label} {len(rows)}" for label, rows in difference.added.items() if rows),
                files=files,
            )


def _brought(snapshot: Snapshot, choice: Choice) -> Difference:
    try:
        snapshot.tree.hold(snapshot.thing_id)
        difference = bring_back(snapshot, take=choice.take, leave_out=choice.leave_out)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    except NotNowError as error:
        raise ReturnRefusedError(str(error)) from None
    except UnknownChoiceError:
        raise ChangedMeanwhileError(_CHANGED) from None
    except IntegrityError as error:
        broken = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")
        raise ReturnRefusedError(f"It does not fit what is there now ({broken}).") from None
    return difference


_CHANGED = "It was changed meanwhile. Look at what differs now."


def _check_mark(difference: Difference, choice: Choice) -> None:
    if choice.mark and choice.mark != difference.mark:
        raise ChangedMeanwhileError(_CHANGED)


def _touched(difference: Difference, choice: Choice) -> Touched:
    touched = {label: ids_of(rows) for label, rows in difference.added.items() if rows}
    for change in difference.changes:
        if change.key in choice.take:
            touched.setdefault(change.branch.label, set()).add(UUID(change.row_id))
    return touched


def _lost_files(snapshot: Snapshot, difference: Difference) -> list[UUID]:
    """Return the files that are named here, and whose bytes are gone or damaged."""
    added = ids_of(difference.added.get(_FILES, ()))
    here = [each for each in ids_of(snapshot.rows.get(_FILES, {}).values()) if each not in added]
    return [file.id for file in _files(here) if whole_content_of(file) is None]


def _put_file(wanted: Wanted, file_id: UUID) -> bool:
    """Put a file's bytes from the copy in place; False where the copy has not got them either."""
    with in_network(wanted.copy):
        file = next(_files([file_id]), None)
        content = whole_content_of(file) if file else None
    if file is None or content is None:
        return False
    path = file.path
    with in_network(wanted.network), suppress(FileNotFoundError):
        put_back(path, content)
        return True
    return False


def _files(ids: Collection[UUID]) -> Iterator[StoredFile]:
    return StoredFile.objects.filter(id__in=ids).iterator(chunk_size=100)


def merge_back_as_allowed(wanted: Wanted, choice: Choice, *, visit: SupportGrant | None, by: Actor) -> Comparison:
    """Merge back for an operator: the copy's words over others' only while an owner lets them look in (`visit`).

    Who may not read what is there must not write over it. Raises as `merge_back` does.
    """
    if choice.take and visit is None:
        raise ReturnRefusedError("What is there now is written over only while an owner lets you look in.")
    found = merge_back(wanted, choice, by=by)
    if visit is not None:
        note_for_owners(wanted, visit, "merged", by=by)
    return found


def note_for_owners(wanted: Wanted, visit: SupportGrant, what: str, *, by: Actor) -> None:
    """Note in what the owners see of a visit that the operator `compared` a thing with a copy, or `merged` it back."""
    with in_network(wanted.network):
        record(f"support.thing.{what}", by=by, target=visit, kind=wanted.kind, thing=wanted.thing_id)
