"""Readers of single cells: each returns the value, or raises ValueError with the end of a sentence about the cell."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date

NOT_GIVEN = {"not applicable", "does not apply", "not recorded", "none recorded", "null"}
_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9][A-Z]{2})")
_DATE = re.compile(r"([0-9]{2})[-/]([0-9]{2})[-/]([0-9]{4})|([0-9]{4})-([0-9]{2})-([0-9]{2})")
_WHOLE_NUMBER = re.compile(r"[0-9]{1,9}(?:\.0+)?")
# DfE's title-casing takes an accented letter for the end of a word: "AlarcóN", "BenalmáDena".
_CAPITAL_AFTER_ACCENT = re.compile(r"(?<=[A-Za-z])([ß-öø-ÿ])([A-Z])(?![A-Z])")
_HIGHEST_URN = 9_999_999


def clean(cell: str) -> str:
    """Return the cell without odd spaces, invisible characters and the damage that DfE's systems do to accents."""
    if not cell.isascii():
        cell = unicodedata.normalize("NFC", _read_twice(cell))
        cell = _CAPITAL_AFTER_ACCENT.sub(lambda found: found[1] + found[2].lower(), cell)
    cell = " ".join(cell.split())
    if not cell.isprintable():
        cell = "".join(letter for letter in cell if letter.isprintable())
    return cell


def text(longest: int, *, optional_words: bool = False) -> Callable[[str], str]:
    """Return a reader of text up to `longest` characters; with `optional_words`, "Not applicable" reads as nothing."""

    def read(cell: str) -> str:
        value = clean(cell)
        if len(value) > longest:
            raise ValueError(f"is longer than {longest} characters")
        return "" if optional_words and value.lower() in NOT_GIVEN else value

    return read


def name(cell: str) -> str:
    """Return a name, which may not be empty."""
    value = text(200)(cell)
    if not value:
        raise ValueError("is empty")
    return value


def urn(cell: str) -> int:
    """Return a unique reference number."""
    value = cell.strip()
    if not (value.isascii() and value.isdigit() and 0 < int(value[:10]) <= _HIGHEST_URN):
        raise ValueError(f"is not a number: {excerpt(value)}" if value else "is empty")
    return int(value)


def status(cell: str) -> int:
    """Return the code of a status, 1 to 4."""
    value = cell.strip()
    if value not in {"1", "2", "3", "4"}:
        raise ValueError(f"is not one of 1, 2, 3 and 4: {excerpt(value)}")
    return int(value)


def whole_number(cell: str) -> int | None:
    """Return a number of things, None where the cell is empty."""
    value = cell.strip()
    if not value:
        return None
    if not _WHOLE_NUMBER.fullmatch(value):
        raise ValueError(f"is not a whole number: {excerpt(value)}")
    return int(value.partition(".")[0])


def grid_reference(cell: str) -> int | None:
    """Return metres on the national grid; schools outside it carry a nought, read as None."""
    return whole_number(cell) or None


def day(cell: str) -> date | None:
    """Return a date written 31-08-2023, 31/08/2023 or 2023-08-31, None where the cell is empty."""
    value = cell.strip()
    if not value:
        return None
    found = _DATE.fullmatch(value)
    try:
        if found is None:
            raise ValueError
        return date(int(found[3] or found[4]), int(found[2] or found[5]), int(found[1] or found[6]))
    except ValueError:
        raise ValueError(f"is not a date: {excerpt(value)}") from None


def postcode(cell: str) -> str:
    """Return a postcode in capitals with its one space; what is no UK postcode stays as it is."""
    value = text(20)(cell).upper()
    found = _POSTCODE.fullmatch(value.replace(" ", ""))
    return f"{found[1]} {found[2]}" if found else value


def excerpt(value: str) -> str:
    """Return the value short and printable enough for a report."""
    shown = clean(value)
    return f"“{shown[:40]}…”" if len(shown) > 40 else f"“{shown}”"


def _read_twice(cell: str) -> str:
    """Undo UTF-8 that somebody took for cp1252 ("YsgolÂ\xa0Gâ€™r"); anything else comes back as it was."""
    try:
        return cell.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return cell
