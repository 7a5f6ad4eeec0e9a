"""An archive is whole or is not there; what is damaged or strange is refused; an interrupted one is gone on with."""

import csv
import io
import json
import re
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from zipfile import ZipFile

import pytest

from tenant_apps.portability import archive as archives
from tenant_apps.portability import reader
from tenant_apps.portability.adapters import Page, Sheet
from tenant_apps.portability.archive import MANIFEST, ArchiveBusyError, ArchiveError, Reading, Writing, only_writer

AT = datetime(2026, 11, 22, 4, 30)  # noqa: DTZ001 - a ZIP knows no zones


def finish(archive: Writing) -> None:
    members = {name: asdict(member) for name, member in archive.members.items()}
    archive.write(MANIFEST, json.dumps({"members": members}).encode(), AT)
    archive.finish()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "alder.zip"


@pytest.fixture
def whole(path: Path) -> Path:
    archive = Writing(path, resume=False)
    archive.write("data/a.jsonl", b'{"a": 1}\n{"a": 2}\n', AT)
    archive.write("files/x/photo.png", bytes(range(256)) * 50, AT)
    finish(archive)
    return path


def test_archive_is_read_as_it_was_written(whole):
    with Reading(whole) as archive:
        archive.verify()

        assert list(archive.lines("data/a.jsonl")) == ['{"a": 1}', '{"a": 2}']
        assert archive.content("files/x/photo.png") == bytes(range(256)) * 50
    assert whole.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in whole.parent.iterdir()] == ["alder.zip"]


def test_archive_is_not_there_before_it_is_whole(path):
    archive = Writing(path, resume=False)
    archive.write("data/a.jsonl", b"1\n", AT)
    archive.stop()

    assert not path.exists()


def test_archive_goes_on_from_what_was_noted_last(path):
    killed = Writing(path, resume=False)
    killed.write("files/1/one.txt", b"one" * 1000, AT)
    killed.write("files/2/two.txt", b"two" * 1000, AT)
    killed.checkpoint(after=0)
    killed.write("files/3/three.txt", b"three" * 1000, AT)
    killed.file.flush()
    killed.stop()

    resumed = Writing(path, resume=True)

    assert set(resumed.members) == {"files/1/one.txt", "files/2/two.txt"}
    resumed.write("files/3/three.txt", b"3", AT)
    finish(resumed)
    with Reading(path) as archive:
        archive.verify()
        assert archive.content("files/3/three.txt") == b"3"
        assert archive.content("files/2/two.txt") == b"two" * 1000
    assert [each.name for each in path.parent.iterdir()] == ["alder.zip"]


@pytest.mark.parametrize("resume", [True, False])
def test_archive_begins_anew_when_nothing_was_noted_or_nobody_asks(path, resume):
    killed = Writing(path, resume=False)
    killed.write("files/1/one.txt", b"one", AT)
    if not resume:
        killed.checkpoint(after=0)
    killed.stop()

    assert Writing(path, resume=resume).members == {}


def test_archive_has_one_writer_at_a_time(path):
    with only_writer(path), pytest.raises(ArchiveBusyError), only_writer(path):
        pytest.fail("two at once")

    with only_writer(path):
        assert [each.name for each in path.parent.iterdir()] == ["alder.zip.lock"]
    assert list(path.parent.iterdir()) == []


def test_archive_is_not_held_by_a_lock_that_was_taken_away(path, monkeypatch):
    """Its holder was done between the opening of the file and the lock on it."""
    lock = path.with_name("alder.zip.lock")
    monkeypatch.setattr(archives.fcntl, "flock", lambda *_: lock.unlink())

    with pytest.raises(ArchiveBusyError), only_writer(path):
        pytest.fail("nobody else sees this lock")


def test_archive_that_is_damaged_is_refused(whole):
    raw = bytearray(whole.read_bytes())
    raw[raw.index(b"photo.png") + 200] ^= 1
    whole.write_bytes(raw)

    with Reading(whole) as archive, pytest.raises(ArchiveError, match="damaged"):
        archive.verify()


def test_archive_with_something_more_is_refused(whole):
    with ZipFile(whole, "a") as opened:
        opened.writestr("../evil", "x")

    with Reading(whole) as archive, pytest.raises(ArchiveError, match="disagree"):
        archive.verify()


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04 cut short"])
def test_what_is_no_archive_is_refused(path, content):
    path.write_bytes(content)

    with pytest.raises(ArchiveError, match="no archive"):
        Reading(path)


def test_archive_that_is_not_there_is_refused(path):
    with pytest.raises(ArchiveError, match="cannot be read"):
        Reading(path)


def test_index_leads_to_every_page_under_its_section(path, monkeypatch):
    class Readable:
        def pages(self):
            for number, section in enumerate(["Ours", "Theirs", "Ours"]):
                yield Page(f"{number}.html", f"<{number}>", section, "portability/reader/page.html")

    monkeypatch.setattr(reader, "readables", lambda: [Readable()])
    archive = Writing(path, resume=False)

    reader.write_pages(archive, {"name": "Alder"}, AT)
    finish(archive)

    with Reading(path) as written:
        index = written.content("read/index.html").decode()
    found = re.findall(r"<h2>(.*)</h2>|href=\"(\d.html)\">(.*)</a>", index)
    assert ["".join(each) for each in found] == [
        *("Ours", "0.html&lt;0&gt;", "2.html&lt;2&gt;"),
        *("Theirs", "1.html&lt;1&gt;"),
    ]
    assert re.search(r"[0-9a-f]{8}-", index) is None


def test_sheets_run_no_formula():
    dangerous = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\r=1"]

    sheet = Sheet("s", ["A"], [[each] for each in [*dangerous, "plain", -5]])
    lines = b"".join(reader.lines_of(sheet)).decode("utf-8-sig")

    cells = [row[0] for row in csv.reader(io.StringIO(lines))][1:]
    assert all(cell.startswith("'") for cell in cells[: len(dangerous)])
    assert cells[len(dangerous) :] == ["plain", "-5"]
