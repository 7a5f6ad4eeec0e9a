"""Files as components draw them: plain values."""

from collections.abc import Callable, Iterable
from typing import Any

from django.urls import reverse

from tenant_apps.files.enums import FileType
from tenant_apps.files.models import StoredFile

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
    return shown | _size(file)


def _size(file: StoredFile) -> dict[str, int | None]:
    if not (file.width and file.height):
        return {"width": None, "height": None}
    scale = min(1, THUMB / max(file.width, file.height))
    return {"width": max(1, round(file.width * scale)), "height": max(1, round(file.height * scale))}
