"""Files as people, and attackers, upload them."""

import zipfile
import zlib
from io import BytesIO

from PIL import Image

WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MACRO_TYPE = "application/vnd.ms-word.document.macroEnabled.main+xml"


def picture(form: str = "PNG", size: tuple[int, int] = (40, 30), **options) -> bytes:
    """Return a small picture."""
    out = BytesIO()
    Image.new("RGB", size, (200, 30, 60)).save(out, form, **options)
    return out.getvalue()


def photo_with_a_place() -> bytes:
    """Return a JPEG taken on its side, with the place where it was taken, a comment and the camera's name."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it to the right
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 28.0, 45.0), 3: "W", 4: (1.0, 53.0, 30.0)})
    return picture("JPEG", exif=exif.tobytes(), comment=b"SecretComment")


def pdf(extra: bytes = b"") -> bytes:
    """Return a small PDF."""
    return b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + extra + b"\nstartxref\n9\n%%EOF\n"


def packed(text: bytes) -> bytes:
    """Return a compressed stream of a PDF."""
    inner = zlib.compress(text)
    return b"2 0 obj\n<< /Filter /FlateDecode /Length %d >>\nstream\n" % len(inner) + inner + b"\nendstream\nendobj\n"


def office(main: str = WORD_TYPE, parts: dict[str, bytes] | None = None) -> bytes:
    """Return an Office document with these other parts."""
    listed = f'<?xml version="1.0"?><Types><Override PartName="/main.xml" ContentType="{main}"/></Types>'
    return zipped({"[Content_Types].xml": listed.encode(), "word/document.xml": b"<x/>", **(parts or {})})


def zipped(parts: dict[str, bytes]) -> bytes:
    """Return a zip file."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)  # without today's time
    return out.getvalue()
