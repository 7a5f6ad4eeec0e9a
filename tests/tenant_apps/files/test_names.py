"""Names that lie about their ending, their folder or their direction."""

import pytest

from tenant_apps.files.enums import MAX_NAME_LENGTH, FileType
from tenant_apps.files.names import safe_name


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("Quote from Able.pdf", "Quote from Able.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\Dawn\\quote.PDF", "quote.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe.pdf"),
        ("\u2067naïve\u2069.pdf", "naïve.pdf"),
        ("page.html", "page.html.pdf"),
        ('a";\r\nSet-Cookie: x=1.pdf', "a-Set-Cookie- x=1.pdf"),
        ("<img src=x onerror=alert(1)>.pdf", "img src=x onerror=alert(1).pdf"),
        ("con.txt", "file con.pdf"),
        ("...", "file.pdf"),
        ("", "file.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("\x00\x1f\u200b.pdf", "file.pdf"),
        ("half\ud800.pdf", "half.pdf"),
        ("100%25.pdf", "100-25.pdf"),
    ],
)
def test_safe_name(name, wanted):
    assert safe_name(name, FileType.PDF) == wanted


def test_safe_name_is_never_too_long():
    assert len(safe_name("é" * 500, FileType.WORD)) <= MAX_NAME_LENGTH
