"""From bytes to records."""

import codecs

import pytest

from shared_apps.schools.gias.records import RegisterFileError, lines, records


@pytest.fixture
def read(tmp_path):
    """Return a reader of bytes into (line, cells or problem)."""

    def read_records(content: bytes):
        path = tmp_path / "register.csv"
        path.write_bytes(content)
        return [(record.line, record.cells or record.problem) for record in records(lines(path))]

    return read_records


def test_records_split_lines_and_quotes(read):
    assert read(b'a,b\r\n"x, y","say ""no"""\r\n') == [(1, ["a", "b"]), (2, ["x, y", 'say "no"'])]


def test_records_read_cp1252_and_utf8_line_by_line(read):
    content = (
        "Ysgol Môr".encode("cp1252") + b"\r\n" + "Ysgol Tŷ".encode() + b"\r\n" + "d’Satmar".encode("cp1252") + b"\r\n"
    )

    assert read(content) == [(1, ["Ysgol Môr"]), (2, ["Ysgol Tŷ"]), (3, ["d’Satmar"])]


def test_records_show_bytes_that_mean_nothing_in_cp1252(read):
    assert read(b"St Mary\x9ds\r\n") == [(1, ["St Mary\ufffds"])]


def test_records_skip_a_byte_order_mark_and_empty_lines(read):
    assert read(codecs.BOM_UTF8 + b"a,b\n\n,\n \nc,d\n") == [(1, ["a", "b"]), (5, ["c", "d"])]


def test_records_join_quoted_text_over_several_lines(read):
    assert read(b'a,b\r\n"one\r\ntwo",x\r\ny,z\r\n') == [(1, ["a", "b"]), (2, ["one\ntwo", "x"]), (4, ["y", "z"])]


def test_records_lose_only_the_line_with_a_stray_quotation_mark(read):
    content = b'a,b\r\n"stray,1\r\n' + b"good,2\r\n" * 40 + b'"fine, too",3\r\n'

    found = read(content)

    assert found[1] == (2, "its quotation marks do not match")
    assert found[2:] == [*((line, ["good", "2"]) for line in range(3, 43)), (43, ["fine, too", "3"])]


def test_records_lose_only_the_lines_with_two_stray_quotation_marks(read):
    content = b'a,b\n"stray,1\ngood,2\nfiv"e,3\ngood,4\n'

    assert read(content) == [
        (1, ["a", "b"]),
        (2, "its quotation marks do not match"),
        (3, ["good", "2"]),
        (4, "its quotation marks do not match"),
        (5, ["good", "4"]),
    ]


def test_records_report_rows_of_another_width(read):
    assert read(b"a,b\n1\n1,2,3\n1,2\n")[1:] == [
        (2, "it has 1 cells, not 2"),
        (3, "it has 3 cells, not 2"),
        (4, ["1", "2"]),
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "register.csv is empty."),
        (b" \r\n\r\n", "register.csv is empty."),
        (
            b"PK\x03\x04xl/workbook.xml",
            "register.csv is an Excel workbook or a ZIP archive: give the CSV file that DfE publishes.",
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "register.csv is an old Excel workbook: give the CSV file that DfE publishes."),
        (b"%PDF-1.7", "register.csv is a PDF: give the CSV file that DfE publishes."),
        (b"\x1f\x8b\x08", "register.csv is compressed: give the CSV file that DfE publishes."),
        ("URN".encode("utf-16"), "register.csv is in UTF-16: give the CSV file that DfE publishes."),
        (b"\n <!DOCTYPE html><p>503", "register.csv is a web page, not a CSV file: download the file itself."),
        (codecs.BOM_UTF8 + b"<html>", "register.csv is a web page, not a CSV file: download the file itself."),
        ("URN,a\n".encode("utf-16-le"), "register.csv is not text: there is a NUL byte in line 1."),
        (b"a,b\nc,\x00\n", "register.csv is not text: there is a NUL byte in line 2."),
        (b"x" * (1 << 21), "register.csv is not a CSV file: line 1 does not end."),
    ],
)
def test_lines_refuse_what_is_no_such_file(read, content, message):
    with pytest.raises(RegisterFileError) as refused:
        read(content)

    assert str(refused.value) == message


def test_lines_refuse_what_cannot_be_opened(tmp_path):
    with pytest.raises(RegisterFileError, match=r"missing.csv cannot be read: No such file or directory\.$"):
        list(lines(tmp_path / "missing.csv"))
    with pytest.raises(RegisterFileError, match=r"cannot be read: Is a directory\.$"):
        list(lines(tmp_path))
