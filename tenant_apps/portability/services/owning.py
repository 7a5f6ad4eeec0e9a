"""What owners do: ask for the network's archive, have it for a week, remove it.

A state follows only from the one it was thought to be: a job that stood still for a day, or was run twice, brings no
archive back that has been given up, removed or finished meanwhile.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, BinaryIO
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from shared_apps.audit.services import record
from tenant_apps.members.models import Member
from tenant_apps.members.permissions import refusal
from tenant_apps.portability import keeping, tasks
from tenant_apps.portability.archive import ArchiveBusyError, ArchiveRemovedError, only_writer
from tenant_apps.portability.enums import ExportState
from tenant_apps.portability.models import Export
from tenant_apps.portability.permissions import can_download, can_export
from tenant_apps.portability.selectors import UNDER_WAY, export_under_way, wanted_ids
from tenant_apps.portability.services.exporting import OldReleaseError, write_archive
from tenants.context import on_commit_here, this_network

KEPT = timedelta(days=7)
_GIVEN_UP_AFTER = timedelta(days=1)
_LOOK_AGAIN_AFTER = timedelta(minutes=1)


class NotAllowedError(Exception):
    """This member may not do that; the message can be shown."""


class ExportGoneError(Exception):
    """The archive is not there, or not there any more."""


@transaction.atomic
def ask_for_export(*, by: Member) -> Export:
    """Have the network's archive written, and return it; one that is under way already is the same."""
    _check_owner(by)
    under_way = export_under_way()
    if under_way is not None:
        return under_way
    export, is_new = Export.objects.get_or_create(state=ExportState.WAITING, defaults={"asked_by": by})
    if is_new:  # and not one that another owner asked for at the same time
        record("portability.export.asked", by=by.actor, target=export)
        tasks.write_export.enqueue(export_id=export.id)
    return export


def write_export(export_id: UUID) -> None:
    """Write an archive without what members keep to themselves; called by a job, which may be the second to try.

    While the first is still at it, which was thought dead, a job looks again later.
    """
    try:
        with only_writer(keeping.place_of(export_id)):
            _write(export_id)
    except ArchiveBusyError:
        tasks.write_export.using(run_after=timezone.now() + _LOOK_AGAIN_AFTER).enqueue(export_id=export_id)


@transaction.atomic
def open_export(export: Export, *, by: Member) -> BinaryIO:
    """Return an archive's bytes for its owner, and write down who had them; raises ExportGoneError."""
    _check_owner(by)
    if not can_download(by, export):
        raise ExportGoneError("This archive is not here any more. Ask for another.")
    try:
        file = keeping.opened(export.id)
    except FileNotFoundError:
        raise ExportGoneError("This archive is not here any more. Ask for another.") from None
    record("portability.export.downloaded", by=by.actor, target=export)
    return file


@transaction.atomic
def remove_export(export: Export, *, by: Member) -> None:
    """Remove an archive before it expires; one that is being written comes to nothing."""
    _check_owner(by)
    if _moved(export.id, ExportState.GONE, was=set(ExportState) - {ExportState.GONE}):
        on_commit_here(lambda: keeping.remove(export.id))
        record("portability.export.removed", by=by.actor, target=export)


@transaction.atomic
def sweep_exports() -> int:
    """Remove archives that have expired, and bytes that no row names; return how many archives those were.

    One that is under way for a day was given up by its job.
    """
    now = timezone.now()
    Export.objects.filter(state__in=UNDER_WAY, asked_at__lt=now - _GIVEN_UP_AFTER).update(state=ExportState.FAILED)
    expired = Export.objects.filter(state=ExportState.READY, expires_at__lt=now).update(state=ExportState.GONE)
    on_commit_here(lambda: keeping.remove_all_but(wanted_ids))
    return expired


def _write(export_id: UUID) -> None:
    if not _moved(export_id, ExportState.RUNNING, was=UNDER_WAY):
        return
    export = Export.objects.select_related("asked_by").get(id=export_id)
    try:
        done = write_archive(
            this_network(),
            keeping.place_of(export_id),
            by=export.asked_by.actor,
            resume=True,
            full=False,
            on_progress=lambda progress: keeping.note(export_id, progress),
        )
    except (OldReleaseError, ArchiveRemovedError):
        _moved(export_id, ExportState.FAILED, was=[ExportState.RUNNING])
        keeping.remove(export_id)
        return
    now = timezone.now()
    ready = {"ready_at": now, "expires_at": now + KEPT, "size": done.size, "sha256": done.sha256}
    if not _moved(export_id, ExportState.READY, was=[ExportState.RUNNING], **ready):
        keeping.remove(export_id)


def _moved(export_id: UUID, state: ExportState, *, was: Iterable[ExportState], **values: Any) -> bool:
    """Whether an archive was in one of these states, and is in another now."""
    return bool(Export.objects.filter(id=export_id, state__in=was).update(state=state, **values))


def _check_owner(by: Member) -> None:
    if not can_export(by):
        raise NotAllowedError(refusal(owners=True))
