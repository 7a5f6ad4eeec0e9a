"""Attaching and removing files: the bytes first, then the row; bytes without a row are swept away at night."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from shared_apps.audit.services import Actor, record
from tenant_apps.files import storing
from tenant_apps.files.adapters import owner_of, refusal_to_attach
from tenant_apps.files.enums import MAX_FILE_BYTES, MAX_FILES, FileType
from tenant_apps.files.inspecting import FileRefusedError, Prepared, prepare
from tenant_apps.files.models import StoredFile
from tenant_apps.files.permissions import can_attach, can_remove
from tenant_apps.files.signals import files_changed
from tenant_apps.members.models import Member
from tenants.context import on_commit_here

__all__ = [
    "MAX_FILES",
    "MAX_FILE_BYTES",
    "FileNotAllowedError",
    "FileRefusedError",
    "FileType",
    "Prepared",
    "attach",
    "attach_prepared",
    "content_of",
    "prepare",
    "put_back",
    "remove_file",
    "remove_files_of",
    "sweep",
    "whole_content_of",
]
SWEPT_AFTER = timedelta(days=1)


class FileNotAllowedError(Exception):
    """This member may not do that with this file or thing."""


def attach(upload_name: str, content: bytes, *, kind: str, object_id: UUID, by: Member) -> StoredFile:
    """Attach a file to a thing; raises FileRefusedError, whose words follow the file's name, or FileNotAllowedError."""
    prepared = prepare(upload_name, content)
    return attach_prepared([prepared], kind=kind, object_id=object_id, by=by)[0]


@transaction.atomic
def attach_prepared(files: Sequence[Prepared], *, kind: str, object_id: UUID, by: Member) -> list[StoredFile]:
    """Attach what `prepare` returned."""
    if not files:
        return []
    if not can_attach(by, kind, object_id):
        raise FileNotAllowedError("You cannot attach files here.")
    if why := refusal_to_attach(by):
        raise FileNotAllowedError(why)
    if StoredFile.objects.filter(object_id=object_id).count() + len(files) > MAX_FILES:
        raise FileRefusedError(f"is one too many: {MAX_FILES} files fit here.")
    actor = _actor(kind, object_id, by)
    stored = [_store(each, kind, object_id, by=by, actor=actor) for each in files]
    files_changed.send(StoredFile, kind=kind, object_id=object_id)
    return stored


@transaction.atomic
def remove_file(file: StoredFile, *, by: Member) -> None:
    """Remove a file and its bytes."""
    if not can_remove(by, file):
        raise FileNotAllowedError("Only who attached a file, or a moderator, can remove it.")
    actor = _actor(file.kind, file.object_id, by)
    _drop(file)
    record("files.file.removed", by=actor, target_kind=file.kind, target_id=file.object_id, file_id=file.id)


def move_files(object_id: UUID, *, kind: str, to: UUID) -> None:
    """Hang the files of a thing on what it became; the feature has checked permission."""
    StoredFile.objects.filter(object_id=object_id).update(kind=kind, object_id=to)


@transaction.atomic
def remove_files_of(object_ids: Sequence[UUID]) -> None:
    """Remove the files of things that are themselves removed; whoever removes them has asked who may."""
    for file in StoredFile.objects.filter(object_id__in=object_ids):
        _drop(file)


def content_of(file: StoredFile) -> bytes | None:
    """Return a file's bytes for an archive, or None where they are gone."""
    try:
        return storing.read(file.path)
    except FileNotFoundError:
        return None


def whole_content_of(file: StoredFile) -> bytes | None:
    """Return a file's bytes, or None where they are gone or are not what was stored."""
    content = content_of(file)
    return content if content is not None and hashlib.sha256(content).hexdigest() == file.sha256 else None


def put_back(path: str, content: bytes) -> None:
    """Write the bytes of a file whose row comes from an archive; raises FileNotFoundError for what is no path."""
    storing.put(path, content)


def sweep() -> int:
    """Remove bytes of this network that no row names, such as a failed upload's, and return how many files."""
    found = list(storing.older_than(SWEPT_AFTER))
    known = set(StoredFile.objects.filter(path__in=found).values_list("path", flat=True))
    strays = [path for path in found if path not in known]
    for path in strays:
        storing.remove(path)
    return len(strays)


def _store(prepared: Prepared, kind: str, object_id: UUID, *, by: Member, actor: Actor) -> StoredFile:
    file = StoredFile.objects.create(
        kind=kind,
        object_id=object_id,
        member=by,
        name=prepared.name,
        content_type=prepared.content_type,
        size=prepared.size,
        sha256=prepared.sha256,
        path=storing.write(prepared.content),
        width=prepared.width,
        height=prepared.height,
    )
    record("files.file.attached", by=actor, target_kind=kind, target_id=object_id, file_id=file.id)
    return file


def _actor(kind: str, object_id: UUID, by: Member) -> Actor:
    owner = owner_of(kind)
    return owner.actor(by, object_id) if owner else by.actor


def _drop(file: StoredFile) -> None:
    path = file.path
    StoredFile.objects.filter(id=file.id).delete()
    files_changed.send(StoredFile, kind=file.kind, object_id=file.object_id)
    on_commit_here(lambda: storing.remove(path))
