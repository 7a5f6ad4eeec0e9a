"""Plain text and CSV: whatever reads as text and is no page, drawing or program that calls itself one."""

import re

from tenant_apps.files.enums import FileType
from tenant_apps.files.inspecting.errors import FileRefusedError
from tenant_apps.files.names import ending_of

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_MARKUP = re.compile(r"\s*(<[!?a-z/]|\{\\rtf|#!|%PDF|MZ)", re.IGNORECASE)
_ANYWHERE = re.compile(r"<\s*/?\s*(script|svg|html|iframe|object|embed|body|foreignobject)\b", re.IGNORECASE)
_UNKNOWN = "is of a kind that is not taken. Attach a picture, a PDF, an Office document, CSV or plain text."


def type_of(name: str, content: bytes) -> FileType:
    """Return CSV or plain text, which are the same to whoever opens them; raises FileRefusedError."""
    text = _decoded(content)
    if _CONTROL.search(text):
        raise FileRefusedError(_UNKNOWN)
    if _MARKUP.match(text) or _ANYWHERE.search(text):
        raise FileRefusedError("is a web page, a drawing or a program. Attach a picture or a PDF of it.")
    if not text.strip("\ufeff \t\r\n"):
        raise FileRefusedError("is empty.")
    return FileType.CSV if ending_of(name) in ("csv", "tsv") else FileType.TEXT


def _decoded(content: bytes) -> str:
    """Return the text as UTF-8, as UTF-16 where it says so, or as Windows writes it."""
    encodings = ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefusedError(_UNKNOWN)
