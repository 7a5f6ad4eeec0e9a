"""Office documents: zip files whose own list of contents names one main part that we know, and no macros."""

import re
import zipfile
import zlib
from io import BytesIO

from tenant_apps.files.enums import FileType
from tenant_apps.files.inspecting.errors import FileRefusedError

MAX_PARTS = 5_000
MAX_UNPACKED = 300 * 1024 * 1024
_MAX_LIST = 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OFFICE = "application/vnd.openxmlformats-officedocument."
_MAIN = {
    f"{_OFFICE}wordprocessingml.document.main+xml": FileType.WORD,
    f"{_OFFICE}spreadsheetml.sheet.main+xml": FileType.EXCEL,
    f"{_OFFICE}presentationml.presentation.main+xml": FileType.POWERPOINT,
    f"{_OFFICE}presentationml.slideshow.main+xml": FileType.POWERPOINT,
}
_OPEN_DOCUMENT = {each.value: each for each in (FileType.ODT, FileType.ODS, FileType.ODP)}
_PROGRAM_PART = re.compile(
    r"(^|/)(vba\w*|\w*vbaproject\w*|activex\d*|macrosheets|dialogsheets|basic|scripts|oleobject\w*)(\.\w+)*(/|$)",
    re.IGNORECASE,
)
_PROGRAM_TYPE = re.compile(r"macroEnabled|vbaProject|activeX|ms-office\.vba", re.IGNORECASE)
_CONTENT_TYPE = re.compile(r"""ContentType\s*=\s*["']([^"']+)["']""", re.IGNORECASE)
_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError, KeyError)


def type_of(content: bytes) -> FileType | None:
    """Return the type of an Office document, or None for what is no zip file; raises FileRefusedError."""
    if content.startswith(_OLE):
        raise FileRefusedError(
            "is in the old Office form, or has a password, so nobody can check it for macros. "
            "Save it as .docx, .xlsx or .pptx without a password, or as PDF."
        )
    if not content.startswith(b"PK\x03\x04"):
        return None
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return _type_of_archive(archive)
    except _BROKEN:
        raise FileRefusedError("is a damaged document. Open it and save it again.") from None


def _type_of_archive(archive: zipfile.ZipFile) -> FileType:
    parts = archive.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise FileRefusedError("unpacks to more than a document needs.")
    if any(_PROGRAM_PART.search(part.filename) for part in parts):
        raise FileRefusedError("holds macros or other programs. Save it without them, or as PDF.")
    names = [part.filename for part in parts]
    if "[Content_Types].xml" in names:
        return _of_office(_text(archive, "[Content_Types].xml"))
    if names[0] == "mimetype" and (found := _OPEN_DOCUMENT.get(_text(archive, "mimetype").strip())):
        return found
    raise FileRefusedError("is a zip file. Attach what is in it, one by one.")


def _of_office(listed: str) -> FileType:
    if _PROGRAM_TYPE.search(listed) or "<!DOCTYPE" in listed.upper() or "<!ENTITY" in listed.upper():
        raise FileRefusedError("holds macros or other programs. Save it without them, or as PDF.")
    mains = {_MAIN[each] for each in _CONTENT_TYPE.findall(listed) if each in _MAIN}
    if len(mains) != 1:
        raise FileRefusedError("is no Word, Excel or PowerPoint document. Save it as one, or as PDF.")
    return mains.pop()


def _text(archive: zipfile.ZipFile, name: str) -> str:
    """Return a small part; what it says of its own size is not believed."""
    with archive.open(name) as part:
        read = part.read(_MAX_LIST + 1)
    if len(read) > _MAX_LIST:
        raise FileRefusedError("unpacks to more than a document needs.")
    return read.decode("utf-8")
