"""Keeps an uploaded archive, and the plan made of it, in the network's own folder until it is brought in."""

import os
import re
import time
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from tenant_apps.discussions.importing.plan import Plan
from tenants.context import this_network
from tenants.ids import random_id

_NAME = re.compile(r"[0-9a-f]{32}")


def write(chunks: Iterable[bytes]) -> str:
    """Write a file and return its name."""
    name = random_id().hex
    _place(name).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with os.fdopen(os.open(_place(name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for chunk in chunks:
                file.write(chunk)
    except BaseException:
        remove(name)
        raise
    return name


def opened(name: str) -> BinaryIO:
    """Return the file; raises FileNotFoundError."""
    return _place(name).open("rb")


def write_plan(name: str, plan: Plan) -> None:
    """Keep a file's plan beside it, whole or not at all."""
    part = _place(name).with_suffix(".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(plan.to_json())
    part.rename(_place(name).with_suffix(".plan"))


def read_plan(name: str) -> Plan:
    """Return a file's plan; raises FileNotFoundError."""
    return Plan.from_json(_place(name).with_suffix(".plan").read_text(encoding="utf-8"))


def remove(name: str) -> None:
    """Remove a file and its plan; what is gone is the same."""
    for place in (_place(name), _place(name).with_suffix(".plan"), _place(name).with_suffix(".part")):
        place.unlink(missing_ok=True)


def older_than(age: timedelta) -> list[str]:
    """Return the names of this network's files that were written longer ago."""
    limit, found = time.time() - age.total_seconds(), []
    for place in _folder().glob("*"):
        with suppress(FileNotFoundError):
            if _NAME.fullmatch(place.name) and place.stat().st_mtime < limit:
                found.append(place.name)
    return found


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "networks" / str(this_network().id) / "archives"


def _place(name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise FileNotFoundError(name)
    return _folder() / name
