"""Content decides what a file is; what could run, lie or burst is refused, and pictures lose all but their pixels."""

from io import BytesIO

import pytest
from PIL import Image

from tenant_apps.files.enums import MAX_FILE_BYTES, FileType
from tenant_apps.files.inspecting import FileRefusedError, images, prepare
from tests.builders.files import MACRO_TYPE, WORD_TYPE, office, packed, pdf, photo_with_a_place, picture, zipped

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
HTML = b"<!DOCTYPE html><script>alert(1)</script>"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)


@pytest.mark.parametrize(
    ("name", "content", "wanted", "kept_as"),
    [
        ("boiler.jpeg", picture("JPEG"), FileType.JPEG, "boiler.jpg"),
        ("boiler.png", picture("PNG"), FileType.PNG, "boiler.png"),
        ("boiler.gif", picture("GIF"), FileType.PNG, "boiler.png"),
        ("boiler.webp", picture("WEBP"), FileType.WEBP, "boiler.webp"),
        ("boiler.pdf", picture("JPEG"), FileType.JPEG, "boiler.jpg"),
        ("quote.pdf", pdf(), FileType.PDF, "quote.pdf"),
        ("quote.pdf", pdf(packed(b"BT (Hello) Tj ET")), FileType.PDF, "quote.pdf"),
        ("policy.docx", office(), FileType.WORD, "policy.docx"),
        ("policy.docm", office(), FileType.WORD, "policy.docm.docx"),
        ("rates.csv", "School,£\nMoor End,12".encode("cp1252"), FileType.CSV, "rates.csv"),
        ("rates.csv", "School,£\nMoor End,12".encode("utf-16"), FileType.CSV, "rates.csv"),
        ("notes", b"Ask for three quotes.", FileType.TEXT, "notes.txt"),
        ("x.odt", zipped({"mimetype": FileType.ODT.encode()}), FileType.ODT, "x.odt"),
    ],
)
def test_prepare_content_decides(name, content, wanted, kept_as):
    prepared = prepare(name, content)

    assert (prepared.content_type, prepared.name) == (wanted, kept_as)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.pdf", b"", "is empty"),
        ("blank.txt", b" \n", "is empty"),
        ("large.txt", b"a" * (MAX_FILE_BYTES + 1), "larger than 10 MB"),
        ("logo.svg", SVG, "a web page, a drawing"),
        ("logo.png", SVG, "a web page, a drawing"),
        ("logo.png", b"\xef\xbb\xbf  " + HTML, "a web page, a drawing"),
        ("page.txt", b"Hello <ScRiPt>alert(1)</sCrIpT>", "a web page, a drawing"),
        ("page.html", HTML.decode().encode("utf-16"), "a web page, a drawing"),
        ("run.txt", b"#!/bin/sh\nrm -rf /", "a web page, a drawing"),
        ("setup.exe", b"MZ\x90\x00\x03\x00", "a kind that is not taken"),
        ("poly.gif", b"GIF89a/*" + bytes(20) + b"*/=1;alert(1)", "a damaged picture"),
        ("cut.png", picture("PNG")[:60], "a damaged picture"),
        ("script.pdf", pdf(b"<< /S /JavaScript /JS (app.alert(1)) >>"), "holds a program"),
        ("escaped.pdf", pdf(b"<< /S /J#61va#53cript >>"), "holds a program"),
        ("hidden.pdf", pdf(packed(b"<< /S /JavaScript >>")), "holds a program"),
        ("launch.pdf", pdf(b"<< /S /Launch /F (cmd.exe) >>"), "holds a program"),
        ("bomb.pdf", pdf(packed(bytes(70 * 1024 * 1024))), "unpacks to more"),
        ("cut.pdf", b"%PDF-1.7\n1 0 obj", "without its end"),
        ("late.pdf", b"<html>\n" + pdf(), "a web page, a drawing"),
        ("old.doc", OLE, "old Office form"),
        ("macro.docm", office(MACRO_TYPE), "holds macros"),
        ("macro.docx", office(parts={"word/vbaProject.bin": b"x"}), "holds macros"),
        ("four.xlsx", office(parts={"xl/macrosheets/sheet1.xml": b"x"}), "holds macros"),
        ("active.docx", office(parts={"word/activeX/activeX1.bin": b"x"}), "holds macros"),
        ("two.docx", office(f'{WORD_TYPE}"/><Override ContentType="{MACRO_TYPE}'), "holds macros"),
        ("none.docx", office("application/xml"), "no Word, Excel or PowerPoint"),
        ("things.zip", zipped({"run.exe": b"MZ"}), "is a zip file"),
        ("many.docx", zipped({f"{n}": b"" for n in range(5_001)}), "unpacks to more"),
        ("list.docx", zipped({"[Content_Types].xml": bytes(2 * 1024 * 1024)}), "unpacks to more"),
        ("cut.docx", office()[:80], "a damaged document"),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else value,
)
def test_prepare_refuses(name, content, words):
    with pytest.raises(FileRefusedError, match=words):
        prepare(name, content)


def test_prepare_refuses_a_bomb_without_unpacking_it():
    bomb = zipped({"[Content_Types].xml": b"x", "word/document.xml": bytes(350 * 1024 * 1024)})

    assert len(bomb) < 1024 * 1024
    with pytest.raises(FileRefusedError, match="unpacks to more"):
        prepare("bomb.docx", bomb)


@pytest.mark.parametrize("size", [(10_000, 6_000), (30_000, 30_000)])
def test_prepare_refuses_a_picture_of_too_many_pixels(size, monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", None)
    out = BytesIO()
    Image.new("1", size).save(out, "PNG")
    monkeypatch.undo()

    with pytest.raises(FileRefusedError, match="million pixels"):
        prepare("bomb.png", out.getvalue())


def test_prepare_a_photo_keeps_no_place_and_stands_upright():
    photo = photo_with_a_place()
    assert b"SecretCamera" in photo
    assert Image.open(BytesIO(photo)).getexif().get_ifd(0x8825)

    made = prepare("IMG_0001.jpg", photo)

    again = Image.open(BytesIO(made.content))
    assert (made.width, made.height) == again.size == (30, 40)
    assert dict(again.getexif()) == {}
    assert b"Exif" not in made.content
    assert b"Secret" not in made.content


@pytest.mark.parametrize("form", ["PNG", "WEBP", "GIF"])
def test_prepare_a_picture_keeps_nothing_but_pixels(form):
    content = picture(form) + b"<script>alert('tail')</script>"

    made = prepare("logo", content)

    assert b"script" not in made.content


def test_prepare_a_polyglot_is_only_its_picture():
    out = BytesIO()
    Image.new("P", (20, 20)).save(out, "GIF", comment=b"*/=1;alert(document.domain)//")

    made = prepare("poly.js.gif", out.getvalue())

    assert (made.name, made.content_type) == ("poly.js.png", FileType.PNG)
    assert b"alert" not in made.content


def test_prepare_a_large_picture_is_made_smaller():
    made = prepare("wide.jpg", picture("JPEG", (5000, 2500)))

    assert (made.width, made.height) == (images.LONGEST_SIDE, images.LONGEST_SIDE // 2)


def test_prepare_transparency_stays():
    out = BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(out, "PNG")

    made = prepare("logo.png", out.getvalue())

    assert Image.open(BytesIO(made.content)).mode == "RGBA"
