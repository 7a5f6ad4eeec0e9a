"""Files as components draw them: plain values."""

from collections.abc import Callable, Iterable
from typing import Any

from django.urls import reverse

from shared_apps.core.templatetags.sbm import file_size
from tenant_apps.files.enums import FileType
from tenant_apps.files.models import StoredFile
from tenant_apps.files.selectors import storage
from tenant_apps.members.adapters import Figure

THUMB = 240  # pixels of the longer side on the page


def drawn_files(files: Iterable[StoredFile], *, can_remove: Callable[[StoredFile], bool]) -> list[dict[str, Any]]:
    """Return what components/post_files.html draws."""
    return [_drawn(file, can_remove(file)) for file in files]


def _drawn(file: StoredFile, is_removable: bool) -> dict[str, Any]:
    shown = {
        "name": file.name,
        "size": file.size,
        "type": FileType(file.content_type).label,
        "url": reverse("files:file_content", args=[file.id, file.name], urlconf="config.urls.network"),
        "remove_url": reverse("files:file_remove", args=[file.id], urlconf="config.urls.network")
        if is_removable
        else "",
        "is_image": file.is_image,
    }
    return shown | _thumb(file)


def _thumb(file: StoredFile) -> dict[str, int | None]:
    if not (file.width and file.height):
        return {"width": None, "height": None}
    scale = min(1, THUMB / max(file.width, file.height))
    return {"width": max(1, round(file.width * scale)), "height": max(1, round(file.height * scale))}


def storage_figure() -> Figure:
    """Return how much room the files take, for organisers."""
    found = storage()
    words = f"{_room(found.used)} of {_room(found.limit)}. Nobody is stopped when it is full."
    return Figure(label="Room that files take", words=words, percent=min(found.percent, 100))


def _room(count: int) -> str:
    if not count:
        return "Nothing"
    return f"{count / 1024**3:.3g} GB" if count >= 1024**3 else file_size(count)
