"""Bringing a mailing list's archive into a category: receive it, plan, bring what was planned, take it out again."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from typing import Any, BinaryIO
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from shared_apps.audit.services import Actor, record
from shared_apps.core.markdown import is_blank, tidy_line
from tenant_apps.discussions import selectors, tasks
from tenant_apps.discussions.enums import ArchiveState, Fate
from tenant_apps.discussions.importing import keeping
from tenant_apps.discussions.importing.mbox import NotMboxError
from tenant_apps.discussions.importing.plan import OnProgress, Plan, make_plan
from tenant_apps.discussions.models import Archive, Category
from tenant_apps.discussions.permissions import can_bring_archives
from tenant_apps.discussions.services.bringing import Bringing, OnDone, StoppedError
from tenant_apps.discussions.services.errors import DiscussionError, NotAllowedError
from tenant_apps.members.models import Member
from tenant_apps.members.selectors import members_by_email, organisers
from tenants.context import on_commit_here

MAX_ARCHIVE_BYTES = 50 * 1024 * 1024
KEPT = timedelta(days=7)
_SLICE_SECONDS = 20.0
_LISTED = 100
_SHOWN = 12
_WAITING = (ArchiveState.PLANNING, ArchiveState.PLANNED, ArchiveState.FAILED)
_OTHER_FILES = {
    b"pk": "This is a ZIP file. Unpack it, and choose the .mbox file inside",
    b"\x1f\x8b": "This is a packed file. Unpack it first, and choose the .mbox file inside",
    b"!bdn": "This is an Outlook data file (.pst). Outlook cannot save mbox: see below how to get one",
    b"\xd0\xcf\x11\xe0": "This is one Outlook message (.msg). Choose an mbox file with all messages",
    **dict.fromkeys(
        (b"<!doctyp", b"<html", b"<?xml"),
        "This is a web page. Sign in where the archive is first, then download the .mbox file itself",
    ),
    **dict.fromkeys(
        (b"from: ", b"received", b"return-p", b"delivere", b"mime-ver"),
        "This is one email. Choose an mbox file with all messages",
    ),
}
_NOT_MBOX = (
    "This is no mbox file: it does not begin with a message. It may be another kind of file, or its beginning is "
    "missing. Export the list again, and choose the .mbox file."
)


def refusal_to_receive(file: Any) -> str:
    """Return why an upload cannot be an archive, and what to do, or nothing; `file` has a size and can be read."""
    if file.size > MAX_ARCHIVE_BYTES:
        return "This file is larger than 50 MB. Who runs this site can bring it in with “manage.py import_mbox”"
    file.seek(0)
    begins = file.read(8).lower()
    file.seek(0)
    return next((words for start, words in _OTHER_FILES.items() if begins.startswith(start)), "")


def receive_archive(chunks: Iterable[bytes], *, name: str, category: Category, by: Member) -> Archive:
    """Keep an uploaded file and have it read; nothing is brought in before somebody says so."""
    if not can_bring_archives(by):
        raise NotAllowedError("Only organisers can bring in a mailing list.")
    path = keeping.write(chunks)
    try:
        with transaction.atomic():
            archive = Archive.objects.create(category=category, imported_by=by, name=_named(name), path=path)
            record("discussions.archive.received", by=by.actor, target=archive)
            tasks.plan_archive.enqueue(archive_id=archive.id)
    except BaseException:
        keeping.remove(path)
        raise
    return archive


def plan_archive(archive_id: UUID) -> None:
    """Read a received file and keep what would happen; called by a job."""
    archive = selectors.get_archive(archive_id)
    if archive is None or archive.state != ArchiveState.PLANNING:
        return
    try:
        with keeping.opened(archive.path) as file:
            plan = make_plan(file, known=selectors.archived_in, now=timezone.now(), on_progress=_note_progress(archive))
    except (NotMboxError, FileNotFoundError) as error:
        _fail(archive, _NOT_MBOX if isinstance(error, NotMboxError) else "The file is no longer here.")
        return
    keeping.write_plan(archive.path, plan)
    archive.state, archive.report = ArchiveState.PLANNED, report_of(plan)
    archive.done, archive.total = 0, plan.count_brought()
    archive.save(update_fields=["state", "report", "done", "total"])


@transaction.atomic
def start_bringing(archive: Archive, *, by: Member) -> None:
    """Bring in what was planned, by jobs."""
    held = _held(archive, by)
    if held.state != ArchiveState.PLANNED:
        raise DiscussionError("This was decided a moment ago.")
    if not held.total:
        raise DiscussionError("There is nothing new in this file.")
    held.state, held.imported_by = ArchiveState.BRINGING, by
    held.save(update_fields=["state", "imported_by"])
    record("discussions.archive.started", by=by.actor, target=held, messages=held.total)
    tasks.bring_archive.enqueue(archive_id=held.id)


def bring_archive(archive_id: UUID) -> None:
    """Bring in a part, and have the next one brought; called by a job."""
    archive = selectors.get_archive(archive_id)
    if archive is None or archive.state != ArchiveState.BRINGING or not archive.path:
        return
    with suppress(StoppedError), keeping.opened(archive.path) as file:
        plan = keeping.read_plan(archive.path)
        filer = archive.imported_by
        if Bringing(archive, plan, file, filer).run(seconds=_SLICE_SECONDS):
            _finish(archive, by=filer.actor if filer else Actor.system(label="import"))
        else:
            tasks.bring_archive.enqueue(archive_id=archive.id)


def bring_planned(
    plan: Plan, file: BinaryIO, *, name: str, category: Category, by: Actor, on_done: OnDone | None = None
) -> Archive:
    """Bring in a plan at once, or go on with one that was interrupted; for the command."""
    unfinished = {"name": _named(name), "category": category, "path": "", "state": ArchiveState.BRINGING}
    archive = Archive.objects.filter(**unfinished).first() or Archive(**unfinished)
    archive.report = _added(archive.report, report_of(plan))
    archive.done, archive.total = 0, plan.count_brought()
    archive.save()
    Bringing(archive, plan, file, next(iter(organisers()), None)).run(on_done=on_done)
    _finish(archive, by=by)
    return archive


@transaction.atomic
def discard_archive(archive: Archive, *, by: Member) -> None:
    """Forget a file that was not brought in."""
    held = _held(archive, by)
    if held.state not in _WAITING:
        raise DiscussionError("This was brought in already. Take it out again instead.")
    record("discussions.archive.discarded", by=by.actor, target=held)
    _forget_file(held)
    held.delete()


@transaction.atomic
def settle_archives() -> None:
    """Forget, in a restored network, uploads that were left behind; what was being brought in or out is whole."""
    Archive.objects.filter(state__in=_WAITING).delete()
    Archive.objects.filter(state__in=(ArchiveState.BRINGING, ArchiveState.UNDOING)).update(state=ArchiveState.BROUGHT)


@transaction.atomic
def sweep_archives() -> int:
    """Remove files that nobody decided about for a week, and return how many archives that were."""
    stale = Archive.objects.filter(state__in=_WAITING, created_at__lt=timezone.now() - KEPT)
    for archive in stale:
        _forget_file(archive)
    known = set(
        Archive.objects.exclude(path="").exclude(id__in=[each.id for each in stale]).values_list("path", flat=True)
    )
    for path in keeping.older_than(timedelta(days=1)):
        if path not in known:
            keeping.remove(path)
    return stale.delete()[0]


def report_of(plan: Plan) -> dict[str, Any]:
    """Return what people are told of a plan."""
    dates = [message.date for message in plan.brought]
    new = [thread for thread in plan.threads if thread.discussion is None]
    return {
        "counts": plan.counts(),
        "discussions": len(new),
        "replies": plan.count_brought() - len(new),
        "goes_on": len(plan.threads) - len(new),
        "files": sum(message.files for message in plan.brought),
        "from": min(dates).isoformat() if dates else "",
        "until": max(dates).isoformat() if dates else "",
        "threads": [_thread(thread) for thread in plan.threads[:_SHOWN]],
        "shortened": sum(message.is_shortened for message in plan.brought),
        **_people(plan),
        **_oddities(plan),
    }


def _people(plan: Plan) -> dict[str, Any]:
    people = plan.senders()
    known = members_by_email(key for key in people if "@" in key)
    return {
        "matched": len(known),
        "unmatched": [name for key, name in people.items() if key not in known][:_LISTED],
        "unmatched_count": len(people) - len(known),
    }


def _oddities(plan: Plan) -> dict[str, Any]:
    left_out = [each for each in plan.left_out if each.fate not in (Fate.KNOWN, Fate.TWICE)]
    redated = [message for message in plan.brought if message.is_redated]
    return {
        "left_out": [
            {"number": each.number, "subject": each.subject, "fate": each.fate.value} for each in left_out[:_LISTED]
        ],
        "redated": [{"number": each.number, "subject": each.subject} for each in redated[:_LISTED]],
        "redated_count": len(redated),
    }


def _thread(thread: Any) -> dict[str, Any]:
    first = thread.messages[0]
    return {
        "title": thread.title,
        "kind": thread.kind.value,
        "replies": len(thread.messages) - (thread.discussion is None),
        "name": first.name,
        "date": first.date.isoformat(),
        "goes_on": thread.discussion is not None,
    }


def _added(before: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """Add what an interrupted run brought to what is left of it."""
    if not before:
        return now
    both = ("discussions", "replies")
    return now | {name: max(before.get(name, 0), now[name]) for name in both}


@transaction.atomic
def _finish(archive: Archive, *, by: Actor) -> None:
    archive.state, archive.problem = ArchiveState.BROUGHT, ""
    archive.save(update_fields=["state", "problem"])
    brought = selectors.count_brought(archive)
    archive.report |= {"discussions": brought.discussions, "replies": brought.replies}
    archive.save(update_fields=["report"])
    record(
        "discussions.archive.brought",
        by=by,
        target=archive,
        discussions=brought.discussions,
        replies=brought.replies,
    )
    _forget_file(archive)


def _forget_file(archive: Archive) -> None:
    path = archive.path
    if path:
        Archive.objects.filter(id=archive.id).update(path="")
        archive.path = ""
        on_commit_here(lambda: keeping.remove(path))


def _fail(archive: Archive, problem: str) -> None:
    archive.state, archive.problem = ArchiveState.FAILED, problem
    archive.save(update_fields=["state", "problem"])
    _forget_file(archive)


def _note_progress(archive: Archive) -> OnProgress:
    def noted(doing: str, done: int, total: int) -> None:
        Archive.objects.filter(id=archive.id).update(done=done, total=total)

    return noted


def _held(archive: Archive, by: Member) -> Archive:
    if not can_bring_archives(by):
        raise NotAllowedError("Only organisers can bring in a mailing list, and take it out again.")
    found = Archive.objects.select_for_update(of=("self",)).select_related("category").filter(id=archive.id).first()
    if found is None:
        raise DiscussionError("This archive is no longer here.")
    return found


def _named(name: str) -> str:
    tidy = tidy_line(name.encode("utf-8", "ignore").decode().replace("\\", "/").rpartition("/")[2])[:200]
    return "archive.mbox" if is_blank(tidy) else tidy
