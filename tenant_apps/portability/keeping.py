"""Where owners' archives are: in the network's own folder, so that they go with it; and how far a job has come."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings

from tenant_apps.portability.archive import Progress
from tenants.context import this_network


def place_of(export_id: UUID) -> Path:
    """Return where an archive is, or will be."""
    folder = Path(settings.MEDIA_ROOT) / "networks" / str(this_network().id) / "exports"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder / f"{export_id}.zip"


def opened(export_id: UUID) -> BinaryIO:
    """Return an archive; raises FileNotFoundError."""
    return place_of(export_id).open("rb")


def remove(export_id: UUID) -> None:
    """Remove an archive and all that lies beside it; what is gone is the same."""
    place = place_of(export_id)
    for each in place.parent.glob(f"{place.name}*"):
        each.unlink(missing_ok=True)


def remove_all_but(wanted: Callable[[], set[UUID]]) -> None:
    """Remove what no row names; the rows are read last, because one that is asked for meanwhile is before its bytes."""
    found = list(place_of(UUID(int=0)).parent.iterdir())
    kept = tuple(f"{each}.zip" for each in wanted())
    for each in found:
        if not each.name.startswith(kept):
            each.unlink(missing_ok=True)


def note(export_id: UUID, progress: Progress) -> None:
    """Write how far it is: a file, because the job reads the database as of one moment and writes nothing to it."""
    place = _note_of(export_id)
    fresh = place.with_suffix(".new")
    fresh.write_text(json.dumps(asdict(progress)))
    fresh.replace(place)


def progress_of(export_id: UUID) -> Progress | None:
    """Return how far it is, or None when nothing says so."""
    with suppress(OSError, ValueError):
        return Progress(**json.loads(_note_of(export_id).read_text()))
    return None


def _note_of(export_id: UUID) -> Path:
    place = place_of(export_id)
    return place.with_name(f"{place.name}.progress")
