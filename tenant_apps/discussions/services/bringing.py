"""Writes what the plan of an archive says, some messages at a time; killed anywhere, it goes on where it stopped.

Nobody is told of old messages, and nobody has them to read: who was a member already when they were written gets marks.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from tenant_apps.discussions.enums import ArchiveState, Via
from tenant_apps.discussions.importing.mbox import read
from tenant_apps.discussions.importing.plan import Plan, PlannedMessage, PlannedThread
from tenant_apps.discussions.importing.words import words_of
from tenant_apps.discussions.models import Archive, ArchivedMessage, Discussion, ReadMark, Reply
from tenant_apps.discussions.signals import discussion_saved
from tenant_apps.files import services as files
from tenant_apps.members import services as members
from tenant_apps.members.enums import EXAMPLE_ACCOUNTS, MemberState
from tenant_apps.members.models import Member
from tenant_apps.members.selectors import members_by_email

AT_ONCE = 100  # messages in one transaction
_MOST_LISTED = 200
OnDone = Callable[[int, int], None]


class StoppedError(Exception):
    """The archive is no longer being brought in: somebody stopped it, or another process finished it."""


@dataclass
class Bringing:
    """One archive on its way in. `filer` is in whose name files are attached; without one they are left out."""

    archive: Archive
    plan: Plan
    file: BinaryIO
    filer: Member | None
    authors: dict[str, Member] = field(default_factory=dict)
    discussions: dict[int, UUID] = field(default_factory=dict)  # of threads, by their place in the plan
    before: dict[UUID, tuple[int, datetime]] = field(default_factory=dict)  # replies and last activity until now
    files_left: list[dict[str, str]] = field(default_factory=list)

    def run(self, *, seconds: float | None = None, on_done: OnDone | None = None) -> bool:
        """Write what is not here yet, for so long, and return whether all is; raises StoppedError."""
        ends = None if seconds is None else time.monotonic() + seconds
        done, total = 0, self.plan.count_brought()
        for some in _batches(self.plan):
            done += sum(len(messages) for _, messages in some)
            if done <= self.archive.done:
                continue  # it was written before
            self._write(some, done)
            if on_done:
                on_done(done, total)
            if ends is not None and time.monotonic() > ends and done < total:
                return False
        return True

    @transaction.atomic
    def _write(self, some: list[tuple[int, list[PlannedMessage]]], done: int) -> None:
        self._hold(done)
        here = _already_here(message for _, messages in some for message in messages)
        wanted = [(at, [each for each in messages if each.key not in here]) for at, messages in some]
        self._find_authors(each for _, messages in wanted for each in messages)
        self._find_discussions([at for at, messages in wanted if messages])
        written = [row for at, messages in wanted for row in self._rows(at, messages)]
        self._save(written)
        for row in written:
            if row.message.files:
                self._attach(row)
        self._keep_report()

    def _hold(self, done: int) -> None:
        held = Archive.objects.select_for_update().get(id=self.archive.id)
        if held.state != ArchiveState.BRINGING:
            raise StoppedError
        self.archive.done = done
        self.archive.save(update_fields=["done"])

    def _find_authors(self, messages: Iterable[PlannedMessage]) -> None:
        keys = {each.sender for each in messages} - self.authors.keys()
        found: dict[str, Member] = dict(members_by_email(key for key in keys if "@" in key))
        names = {key: name for key, name in self.plan.senders().items() if key in keys - found.keys()}
        unnamed = [name for key, name in names.items() if "@" not in key]
        listed = Member.objects.filter(state=MemberState.LISTED, email="").exclude(account_id__in=EXAMPLE_ACCOUNTS)
        for member in listed.filter(name__in=unnamed):
            found[f"?{member.name.casefold()}"] = member
        new = {key: name for key, name in names.items() if key not in found}
        self.authors |= found | members.list_writers(new)

    def _find_discussions(self, wanted: list[int]) -> None:
        """Find where threads go on: in a discussion that is here, be it that an earlier batch began it."""
        missing = [at for at in wanted if at not in self.discussions]
        keys = {each.key: at for at in missing for each in self.plan.threads[at].messages}
        begun = ArchivedMessage.objects.filter(message_id__in=keys).values_list("message_id", "discussion_id")
        ids = {at: self.plan.threads[at].discussion for at in missing}
        ids |= {keys[key]: discussion_id for key, discussion_id in begun}
        here = {each.id: each for each in Discussion.objects.filter(id__in=[each for each in ids.values() if each])}
        for at, discussion_id in ids.items():
            if discussion_id in here:
                self.discussions[at] = here[discussion_id].merged_into_id or discussion_id

    def _rows(self, at: int, messages: list[PlannedMessage]) -> "Iterator[_Row]":
        thread = self.plan.threads[at]
        for message in messages:
            if at not in self.discussions:
                discussion = self._discussion(thread, message)
                self.discussions[at] = discussion.id
                yield _Row(message, discussion.id, discussion)
            else:
                yield _Row(message, self.discussions[at], self._reply(self.discussions[at], message))

    def _discussion(self, thread: PlannedThread, message: PlannedMessage) -> Discussion:
        return Discussion(
            category_id=self.archive.category_id,
            author=self.authors[message.sender],
            kind=thread.kind,
            title=thread.title,
            body=self._text(message),
            created_at=message.date,
            last_activity_at=message.date,
            via=Via.ARCHIVE,
            archive=self.archive,
        )

    def _reply(self, discussion_id: UUID, message: PlannedMessage) -> Reply:
        return Reply(
            discussion_id=discussion_id,
            author=self.authors[message.sender],
            body=self._text(message),
            created_at=message.date,
            via=Via.ARCHIVE,
            archive=self.archive,
        )

    def _text(self, message: PlannedMessage) -> str:
        return words_of(read(self.file, message.place)).markdown

    def _save(self, written: "list[_Row]") -> None:
        begun = [row.thing for row in written if isinstance(row.thing, Discussion)]
        replies = [row.thing for row in written if isinstance(row.thing, Reply)]
        Discussion.objects.bulk_create(begun)
        Reply.objects.bulk_create(replies)
        ArchivedMessage.objects.bulk_create(row.archived(self.archive) for row in written)
        moved = _count(replies, [discussion.id for discussion in begun])
        _mark_read(moved)
        for discussion, _ in moved:
            discussion_saved.send(Discussion, discussion=discussion)

    def _attach(self, row: "_Row") -> None:
        """Attach a message's files in the name of who brings the archive, or say why one is not brought."""
        for each in words_of(read(self.file, row.message.place)).files:
            try:
                if self.filer is None:
                    raise files.FileNotAllowedError("needs an organiser to bring it.")
                kind = "reply" if isinstance(row.thing, Reply) else "discussion"
                with transaction.atomic():
                    files.attach(each.name, each.content, kind=kind, object_id=row.thing.id, by=self.filer)
            except (files.FileRefusedError, files.FileNotAllowedError) as error:
                self.files_left.append({"name": each.name[:100], "why": str(error), "number": str(row.message.number)})

    def _keep_report(self) -> None:
        if self.files_left:
            report = self.archive.report
            report["files_left"] = [*report.get("files_left", []), *self.files_left][:_MOST_LISTED]
            report["files_left_count"] = report.get("files_left_count", 0) + len(self.files_left)
            self.files_left = []
            self.archive.save(update_fields=["report"])


@dataclass(frozen=True, slots=True)
class _Row:
    """A message and what it becomes."""

    message: PlannedMessage
    discussion_id: UUID
    thing: Discussion | Reply

    def archived(self, archive: Archive) -> ArchivedMessage:
        reply_id = self.thing.id if isinstance(self.thing, Reply) else None
        return ArchivedMessage(
            archive=archive, message_id=self.message.key, discussion_id=self.discussion_id, reply_id=reply_id
        )


def _batches(plan: Plan) -> Iterator[list[tuple[int, list[PlannedMessage]]]]:
    """Return the messages in the order of the plan, so many at a time, by the thread's place in it."""
    some: list[tuple[int, list[PlannedMessage]]] = []
    room = AT_ONCE
    for at, thread in enumerate(plan.threads):
        rest = thread.messages
        while rest:
            some.append((at, rest[:room]))
            rest, room = rest[room:], room - len(rest[:room])
            if not room:
                yield some
                some, room = [], AT_ONCE
    if some:
        yield some


def _already_here(messages: Iterable[PlannedMessage]) -> set[str]:
    keys = [message.key for message in messages]
    return set(ArchivedMessage.objects.filter(message_id__in=keys).values_list("message_id", flat=True))


Moved = list[tuple[Discussion, tuple[int, datetime] | None]]  # a discussion, with what it was before, if it was


def _count(replies: list[Reply], begun: list[UUID]) -> Moved:
    """Count replies into their discussions."""
    added: dict[UUID, list[datetime]] = {each: [] for each in begun}
    for reply in replies:
        added.setdefault(reply.discussion_id, []).append(reply.created_at)
    rows = Discussion.objects.select_for_update().filter(id__in=added)
    before = {each.id: (each.total_replies, each.last_activity_at) for each in rows}
    for discussion_id, dates in added.items():
        if dates:
            Discussion.objects.filter(id=discussion_id).update(
                reply_count=F("reply_count") + len(dates),
                last_activity_at=Greatest(F("last_activity_at"), max(dates)),
            )
    after = Discussion.objects.filter(id__in=added).select_related("author", "category")
    return [(each, None if each.id in begun else before[each.id]) for each in after]


def _mark_read(moved: Moved) -> None:
    """Leave as read what was read, and mark as read what would be new to members who were here already then."""
    readers = list(Member.objects.filter(state=MemberState.ACTIVE).values_list("id", "joined_at"))
    marks = []
    for discussion, before in moved:
        total, was_quiet_since = discussion.total_replies, before[1] if before else None
        if before:
            ReadMark.objects.filter(discussion=discussion).update(seen_count=F("seen_count") + total - before[0])
        for member_id, joined_at in readers:
            was_new = was_quiet_since is not None and was_quiet_since > joined_at
            if discussion.last_activity_at > joined_at and not was_new:
                marks.append(ReadMark(discussion=discussion, member_id=member_id, seen_count=total))
    ReadMark.objects.bulk_create(marks, ignore_conflicts=True, batch_size=2_000)
