"""Says what a file is by its content alone, and makes harmless what can be; names and senders are not believed.

Pictures are made anew from their pixels, so that nothing else of them is left. Documents are kept as they are when
their structure is one that we know and they hold no program. Everything else is refused.
"""

import hashlib
from dataclasses import dataclass, field

from tenant_apps.files.enums import MAX_FILE_BYTES, FileType
from tenant_apps.files.inspecting import images, office, pdf, texts
from tenant_apps.files.inspecting.errors import FileRefusedError
from tenant_apps.files.names import safe_name

__all__ = ["FileRefusedError", "Prepared", "prepare"]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file that may be stored: its safe name, its type, and the bytes to keep."""

    name: str
    content_type: FileType
    content: bytes = field(repr=False)
    width: int | None = None
    height: int | None = None

    @property
    def size(self) -> int:
        """Bytes to keep."""
        return len(self.content)

    @property
    def sha256(self) -> str:
        """The fingerprint of what is kept."""
        return hashlib.sha256(self.content).hexdigest()


def prepare(name: str, content: bytes) -> Prepared:
    """Return what can be stored of an upload; raises FileRefusedError."""
    if not content:
        raise FileRefusedError("is empty.")
    if len(content) > MAX_FILE_BYTES:
        raise FileRefusedError(f"is larger than {MAX_FILE_BYTES // 1024**2} MB.")
    if form := images.form_of(content):
        made = images.remake(content, form)
        return Prepared(safe_name(name, made.file_type), made.file_type, made.content, made.width, made.height)
    file_type = _document_type(name, content)
    return Prepared(safe_name(name, file_type), file_type, content)


def _document_type(name: str, content: bytes) -> FileType:
    for of_content in (pdf.type_of, office.type_of):
        if file_type := of_content(content):
            return file_type
    return texts.type_of(name, content)
