"""What people read in an archive without us: sheets for a spreadsheet, and pages that need nothing else."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import datetime
from itertools import chain
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import IO, Any

from django.template.loader import render_to_string

from tenant_apps.portability.adapters import Page, Sheet, readables
from tenant_apps.portability.archive import Writing
from tenants.ids import random_id

_FORMULA = re.compile(r"[\t\r]|\s*[=+\-@]")
_BYTE_ORDER_MARK = "\ufeff"  # without it, spreadsheets take the letters for others


def write_sheets(archive: Writing, at: datetime) -> None:
    """Write every sheet into csv/."""
    for readable in readables():
        for sheet in readable.sheets():
            with archive.member(f"csv/{sheet.name}.csv", at) as file:
                for line in lines_of(sheet):
                    file.write(line)


def lines_of(sheet: Sheet) -> Iterator[bytes]:
    """Yield a sheet's lines; no cell begins a formula."""
    yield _BYTE_ORDER_MARK.encode() + _line(sheet.header)
    for row in sheet.rows:
        yield _line(map(_harmless, row))


def write_pages(archive: Writing, network: dict[str, Any], at: datetime) -> None:
    """Write every page into read/, and an index that leads to them.

    Its entries wait in files for all pages to be written: there may be a hundred thousand.
    """
    with ExitStack() as stack:
        sections: dict[str, IO[bytes]] = {}
        for page in chain.from_iterable(readable.pages() for readable in readables()):
            root = "../" * page.path.count("/")
            context = {**page.context, "page": page, "network": network, "root": root}
            _write_page(archive, page, context, at)
            if page.section not in sections:
                sections[page.section] = stack.enter_context(TemporaryFile())
            sections[page.section].write(render_to_string("portability/reader/_entry.html", {"page": page}).encode())
        _write_index(archive, sections, network, at)
    archive.write("read/style.css", render_to_string("portability/reader/style.css").encode(), at)


def _write_page(archive: Writing, page: Page, context: dict[str, Any], at: datetime) -> None:
    if page.pieces is None:
        archive.write(f"read/{page.path}", render_to_string(page.template, context).encode(), at)
        return
    mark = str(random_id())
    before, _, after = render_to_string(page.template, context | {"pieces": mark}).partition(mark)
    with archive.member(f"read/{page.path}", at) as file:
        for piece in chain([before], page.pieces, [after]):
            file.write(piece.encode())


def _write_index(archive: Writing, sections: dict[str, IO[bytes]], network: dict[str, Any], at: datetime) -> None:
    marks = {str(random_id()): entries for entries in sections.values()}
    context = {"network": network, "sections": zip(sections, marks, strict=True), "at": at, "root": ""}
    rest: str = render_to_string("portability/reader/index.html", context)
    with archive.member("read/index.html", at) as file:
        for mark, entries in marks.items():
            before, _, rest = rest.partition(mark)
            file.write(before.encode())
            entries.seek(0)
            copyfileobj(entries, file)
        file.write(rest.encode())


def _line(cells: Iterable[object]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue().encode()


def _harmless(cell: object) -> object:
    """A spreadsheet would take a text that begins so for a formula and run it."""
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="minutes")
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell
