"""Pictures: opened within limits and made anew from their pixels, upright, without places, programs or comments."""

import struct
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from PIL import Image, ImageOps

from tenant_apps.files.enums import FileType
from tenant_apps.files.inspecting.errors import FileRefusedError

MAX_PIXELS = 50_000_000  # of a phone's largest ordinary picture; 200 MB while it is decoded
LONGEST_SIDE = 2400
_STARTS = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG", b"GIF87a": "GIF", b"GIF89a": "GIF"}
_KEPT_AS = {"JPEG": FileType.JPEG, "PNG": FileType.PNG, "GIF": FileType.PNG, "WEBP": FileType.WEBP}
_OPTIONS: dict[FileType, dict[str, Any]] = {
    FileType.JPEG: {"format": "JPEG", "quality": 85, "optimize": True, "progressive": True},
    FileType.PNG: {"format": "PNG"},
    FileType.WEBP: {"format": "WEBP", "quality": 85},
}
_DAMAGED = (OSError, ValueError, SyntaxError, EOFError, struct.error, IndexError, TypeError, KeyError, OverflowError)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture made anew."""

    file_type: FileType
    content: bytes = field(repr=False)
    width: int
    height: int


def form_of(content: bytes) -> str:
    """Return the form of picture that content begins as, or ""."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    return next((form for start, form in _STARTS.items() if content.startswith(start)), "")


def remake(content: bytes, form: str) -> Picture:
    """Return a picture of the same look; of one that moves, its beginning. Raises FileRefusedError."""
    try:
        return _remade(content, form)
    except Image.DecompressionBombError:
        raise FileRefusedError(_TOO_MANY) from None
    except _DAMAGED:  # whatever a decoder trips over
        raise FileRefusedError("is a damaged picture. Open it and save it again.") from None


_TOO_MANY = f"has more than {MAX_PIXELS // 1_000_000} million pixels. Make it smaller."


def _remade(content: bytes, form: str) -> Picture:
    file_type = _KEPT_AS[form]
    with Image.open(BytesIO(content), formats=[form]) as opened:
        if opened.width * opened.height > MAX_PIXELS:
            raise FileRefusedError(_TOO_MANY)
        opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is decoded no larger than is needed
        upright = ImageOps.exif_transpose(opened)
        pixels = _plain(upright, file_type)
        pixels.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    pixels.info = {}  # what is not pixels: places, colour profiles, comments
    out = BytesIO()
    pixels.save(out, **_OPTIONS[file_type])
    return Picture(file_type, out.getvalue(), pixels.width, pixels.height)


def _plain(image: Image.Image, file_type: FileType) -> Image.Image:
    """Return the pixels alone, with transparency where the form has it."""
    if file_type == FileType.JPEG:
        return image.convert("RGB")
    is_clear = "A" in image.getbands() or "transparency" in image.info
    return image.convert("RGBA" if is_clear else "RGB")
