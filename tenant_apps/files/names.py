"""Names of files that are safe in a header, on a page, and on anybody's computer."""

import re
import unicodedata

from tenant_apps.files.enums import EXTENSIONS, MAX_NAME_LENGTH, FileType

_NOT_SHOWN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")  # control, direction and other invisible characters
_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*;%]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_OURS = {*EXTENSIONS.values(), "jpeg", "jpe", "gif", "tsv"}


def safe_name(name: str, file_type: FileType) -> str:
    """Return a name without folders, invisible characters or what systems refuse, that ends as its content is.

    >>> safe_name("../../etc/passwd", FileType.TEXT)
    'passwd.txt'
    """
    last = re.split(r"[/\\]", name)[-1]
    shown = "".join(each for each in unicodedata.normalize("NFC", last) if unicodedata.category(each) not in _NOT_SHOWN)
    tidy = " ".join(_NOT_IN_NAMES.sub("-", shown).split())
    stem, dot, ending = tidy.rpartition(".")
    stem = (stem if dot and ending.lower() in _OURS else tidy).strip(". -~")
    if _RESERVED.match(stem) or not stem:
        stem = f"file {stem}".strip()
    return f"{stem[: MAX_NAME_LENGTH - 6].rstrip('. ')}.{EXTENSIONS[file_type]}"


def ending_of(name: str) -> str:
    """Return what a name ends in, in small letters, or ""."""
    return name.rpartition(".")[2].strip().lower() if "." in name else ""
