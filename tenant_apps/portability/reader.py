"""What people read in an archive without us: sheets for a spreadsheet, and pages that need nothing else."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string

from tenant_apps.portability.adapters import Page, Sheet, readables
from tenant_apps.portability.archive import Writing

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
    """Write every page into read/, and an index that leads to them."""
    sections: dict[str, list[Page]] = {}
    for readable in readables():
        for page in readable.pages():
            root = "../" * page.path.count("/")
            context = {**page.context, "page": page, "network": network, "root": root}
            archive.write(f"read/{page.path}", render_to_string(page.template, context).encode(), at)
            sections.setdefault(page.section, []).append(Page(page.path, page.title, page.section, "", at=page.at))
    index = {"network": network, "sections": sections.items(), "at": at, "root": ""}
    archive.write("read/index.html", render_to_string("portability/reader/index.html", index).encode(), at)
    archive.write("read/style.css", render_to_string("portability/reader/style.css").encode(), at)


def _line(cells: Iterable[object]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue().encode()


def _harmless(cell: object) -> object:
    """A spreadsheet would take a text that begins so for a formula and run it."""
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="minutes")
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell
