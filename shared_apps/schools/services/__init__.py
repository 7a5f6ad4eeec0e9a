"""Imports the national register: one transaction, one import at a time, the same result however often it runs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from shared_apps.audit.services import Actor, record
from shared_apps.schools.enums import ImportState
from shared_apps.schools.gias import LinksFile, RegisterFileError, SchoolsFile
from shared_apps.schools.models import RegisterImport
from shared_apps.schools.services import links, schools, vocabulary
from shared_apps.schools.signals import register_imported
from tenants.context import on_commit_here

__all__ = ["ImportRunningError", "Progress", "RegisterFileError", "import_register"]

_LOCK = int.from_bytes(b"register")
_WORTH_ANALYSING = 500


class ImportRunningError(Exception):
    """Another import is at work; the register has room for one at a time."""


@dataclass(frozen=True)
class Progress:
    """How far an import is: what it does, with how many rows so far, and what part of the file that is."""

    doing: str
    rows: int = 0
    part: float | None = None


def import_register(
    *,
    path: Path,
    links_path: Path | None = None,
    by: Actor,
    started_at: datetime | None = None,
    on_progress: Callable[[Progress], None] = lambda progress: None,
) -> RegisterImport:
    """Bring the register up to DfE's files, and return what was found.

    Schools that the file leaves out stay as they are. Raises RegisterFileError, or ImportRunningError, with a line for
    a person; nothing has changed then, but an import that failed while it read is on record.
    """
    file = SchoolsFile.open(path)
    links_file = LinksFile.open(links_path) if links_path else None
    started_at = started_at or timezone.now()
    run = _run(file, links_file, started_at, ImportState.FINISHED)
    try:
        _import(run, file, links_file, by, on_progress)
    except RegisterFileError as error:
        failed = _run(file, links_file, started_at, ImportState.FAILED)
        failed.error = str(error)
        failed.finished_at = timezone.now()
        failed.save()
        raise
    return run


def _run(file: SchoolsFile, links_file: LinksFile | None, started_at: datetime, state: ImportState) -> RegisterImport:
    return RegisterImport(
        file_name=file.path.name[:255],
        file_date=file.published_date,
        links_file_name=links_file.path.name[:255] if links_file else "",
        started_at=started_at,
        state=state,
    )


@transaction.atomic
def _import(
    run: RegisterImport,
    file: SchoolsFile,
    links_file: LinksFile | None,
    by: Actor,
    on_progress: Callable[[Progress], None],
) -> None:
    _refuse_a_second_import()
    run.save()
    schools.read_schools(run, file, partial(_report, on_progress, file.path))
    on_progress(Progress("Comparing with the register"))
    changed_ids = schools.apply_schools(run, file)
    if links_file:
        links.import_links(run, links_file, partial(_report, on_progress, links_file.path))
    if run.added or changed_ids:
        on_progress(Progress("Listing the words for the search"))
        vocabulary.refresh_words()
    if run.added + len(changed_ids) > _WORTH_ANALYSING:
        vocabulary.refresh_statistics()
    run.finished_at = timezone.now()
    run.save()
    counts = {name: getattr(run, name) for name in ("added", "changed", "closed", "reopened", "unreadable")}
    record("schools.register.imported", by=by, target=run, **counts)
    _tell(changed_ids)


def _refuse_a_second_import() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            raise ImportRunningError("Another import of the register is running: wait until it has ended.")


def _report(on_progress: Callable[[Progress], None], path: Path, rows: int, size: int) -> None:
    on_progress(Progress(f"Reading {path.name}", rows, size / max(path.stat().st_size, 1)))


def _tell(changed_ids: list[UUID]) -> None:
    if changed_ids:
        on_commit_here(lambda: register_imported.send(sender=RegisterImport, changed_ids=changed_ids))
