"""PDF: known by its first and last lines, and refused where it holds a program."""

import re
import zlib
from collections.abc import Iterator

from tenant_apps.files.enums import FileType
from tenant_apps.files.inspecting.errors import FileRefusedError

_MAX_INFLATED = 64 * 1024 * 1024
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_PROGRAM = re.compile(rb"/(JavaScript|JS|Launch|RichMedia)(?![A-Za-z0-9_])")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_SCRIPT = "holds a program. Print it to PDF again, and attach that."


def type_of(content: bytes) -> FileType | None:
    """Return PDF, or None for what does not begin as one; raises FileRefusedError."""
    if not re.match(rb"%PDF-[12]\.\d", content):
        return None
    end = content[-2048:]
    if b"%%EOF" not in end or b"startxref" not in end:
        raise FileRefusedError("is a PDF without its end. Save it again.")
    if any(map(_holds_program, (content, *_inflated(content)))):
        raise FileRefusedError(_SCRIPT)
    return FileType.PDF


def _holds_program(part: bytes) -> bool:
    if b"#" in part:  # a name may be written with escapes
        part = _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), part)
    return _PROGRAM.search(part) is not None


def _inflated(content: bytes) -> Iterator[bytes]:
    """Yield what compressed streams hold, within a limit, so that a small file cannot be a large one."""
    left = _MAX_INFLATED
    for found in _STREAM.finditer(content):
        try:
            part = zlib.decompressobj().decompress(content[found.end() :], left)
        except zlib.error:
            continue
        left -= len(part)
        if left <= 0:
            raise FileRefusedError("unpacks to more than a PDF needs.")
        yield part
