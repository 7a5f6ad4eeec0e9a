"""The bytes of files: each network has a folder of its own, named by its id, with random names in it."""

import os
import re
import shutil
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings

from tenants.context import this_network
from tenants.ids import random_id

_PATH = re.compile(r"[0-9a-f]{2}/[0-9a-f]{32}")


def write(content: bytes) -> str:
    """Write a file into this network's folder, whole or not at all, and return its path in it."""
    name = random_id().hex
    path = f"{name[:2]}/{name}"
    put(path, content)
    return path


def put(path: str, content: bytes) -> None:
    """Write a file at a path of this network's folder, whole or not at all; raises FileNotFoundError for no path."""
    place = _place(path)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = place.with_suffix(".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    part.rename(place)


def read(path: str) -> bytes:
    """Return a file's content; raises FileNotFoundError."""
    return _place(path).read_bytes()


def remove(path: str) -> None:
    """Remove a file; one that is gone is the same."""
    _place(path).unlink(missing_ok=True)


def remove_all(network_id: UUID) -> None:
    """Remove the folder of a network."""
    shutil.rmtree(_folder(network_id), ignore_errors=True)


def older_than(age: timedelta) -> Iterator[str]:
    """Yield the paths of this network's files that were written longer ago."""
    limit, folder = time.time() - age.total_seconds(), _folder(this_network().id)
    for file in folder.glob("??/*"):
        if file.is_file() and file.stat().st_mtime < limit:
            yield str(file.relative_to(folder))


def _folder(network_id: UUID) -> Path:
    return Path(settings.MEDIA_ROOT) / "networks" / str(network_id)


def _place(path: str) -> Path:
    if not _PATH.fullmatch(path.removesuffix(".part")):
        raise FileNotFoundError(path)
    return _folder(this_network().id) / path
