"""The two files that DfE publishes, as typed rows: the schools, and the links between them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, Self

from shared_apps.schools.gias import values
from shared_apps.schools.gias.records import Record, RegisterFileError, lines, records

_DATE_IN_NAME = re.compile(r"(?<![0-9])(20[0-9]{2})([01][0-9])([0-3][0-9])(?![0-9])")


class Column(NamedTuple):
    """A column that we read: our name for it, DfE's header, how to read a cell, and whether a file must have it."""

    field: str
    header: str
    read: Callable[[str], Any]
    required: bool = False


class Row(NamedTuple):
    """A readable row; `values` are in the order of the file object's `fields`."""

    line: int
    values: tuple[Any, ...]


class BadRow(NamedTuple):
    """A row that could not be read, and why, as a sentence without its full stop."""

    line: int
    reason: str


@dataclass(frozen=True)
class RegisterFile:
    """A file whose header has been read and fits."""

    path: Path
    width: int
    found: tuple[tuple[int, Column], ...]

    COLUMNS: ClassVar[tuple[Column, ...]] = ()
    KIND: ClassVar[str] = ""
    OTHER_FILES_MARK: ClassVar[str] = ""
    """A header that only the other kind of file has."""
    OTHER_FILES_ADVICE: ClassVar[str] = ""

    @classmethod
    def open(cls, path: Path | str) -> Self:
        """Read the header; raises RegisterFileError when this is not such a file."""
        path = Path(path)
        header = next(records(lines(path)), None)
        names = [values.clean(cell) for cell in header.cells] if header else []
        if cls.OTHER_FILES_MARK in names:
            raise RegisterFileError(f"{path.name} is {cls.OTHER_FILES_ADVICE}.")
        cls._check_header(path, names)
        known = {column.header: column for column in cls.COLUMNS}
        found = tuple((position, known[name]) for position, name in enumerate(names) if name in known)
        return cls(path, len(names), found)

    @classmethod
    def _check_header(cls, path: Path, names: list[str]) -> None:
        missing = [column.header for column in cls.COLUMNS if column.required and column.header not in names]
        if len(missing) == sum(column.required for column in cls.COLUMNS):
            raise RegisterFileError(f"{path.name} is not {cls.KIND}: its first line has none of the columns we need.")
        if missing:
            listed = ", ".join(missing)
            raise RegisterFileError(f"{path.name} is not {cls.KIND}: its first line has no column {listed}.")
        twice = {column.header for column in cls.COLUMNS if names.count(column.header) > 1}
        if twice:
            raise RegisterFileError(f"{path.name} has the column {', '.join(sorted(twice))} twice.")

    @property
    def fields(self) -> tuple[str, ...]:
        """Our names of the columns that this file has."""
        return tuple(column.field for _, column in self.found)

    @property
    def published_date(self) -> date | None:
        """The date that DfE puts into the file's name: edubasealldata20231114.csv."""
        found = _DATE_IN_NAME.search(self.path.name)
        try:
            return date(*map(int, found.groups())) if found else None
        except ValueError:
            return None

    def rows(self, on_bytes: Callable[[int], None] | None = None) -> Iterator[Row | BadRow]:
        """Yield every row in constant memory; raises RegisterFileError where the file is cut off."""
        readers = [(position, column.header, column.read) for position, column in self.found]
        body = records(lines(self.path, on_bytes))
        next(body, None)
        for record in body:
            row = self._read(record, readers)
            if not record.whole and (isinstance(row, BadRow) or not record.cells[-1].strip()):
                raise RegisterFileError(f"{self.path.name} is cut off in line {record.line:,}: download it again.")
            yield row

    def rows_or_error(self, on_bytes: Callable[[int], None] | None = None) -> Iterator[Row | BadRow]:
        """Yield every row; raises RegisterFileError where there is none at all."""
        body = self.rows(on_bytes)
        first = next(body, None)
        if first is None:
            raise RegisterFileError(f"{self.path.name} has a first line and nothing after it.")
        return chain((first,), body)

    def _read(self, record: Record, readers: list[tuple[int, str, Callable[[str], Any]]]) -> Row | BadRow:
        if record.problem:
            return BadRow(record.line, record.problem)
        try:
            return Row(record.line, tuple(_cell(record.cells[at], header, read) for at, header, read in readers))
        except ValueError as error:
            return BadRow(record.line, str(error))


def _cell(cell: str, header: str, read: Callable[[str], Any]) -> Any:
    try:
        return read(cell)
    except ValueError as error:
        raise ValueError(f"{header} {error}") from None


@dataclass(frozen=True)
class SchoolsFile(RegisterFile):
    """`edubasealldata*.csv`: one row for each school, open or closed."""

    KIND = "DfE's file of schools (edubasealldata)"
    OTHER_FILES_MARK = "LinkURN"
    OTHER_FILES_ADVICE = "DfE's file of links, not of schools: give it with --links"
    COLUMNS = (
        Column("urn", "URN", values.urn, required=True),
        Column("la_code", "LA (code)", values.text(10), required=True),
        Column("la_name", "LA (name)", values.text(100), required=True),
        Column("establishment_number", "EstablishmentNumber", values.text(10)),
        Column("name", "EstablishmentName", values.name, required=True),
        Column("type_code", "TypeOfEstablishment (code)", values.text(10)),
        Column("type_name", "TypeOfEstablishment (name)", values.text(100)),
        Column("status", "EstablishmentStatus (code)", values.status, required=True),
        Column("opened_date", "OpenDate", values.day),
        Column("closed_date", "CloseDate", values.day),
        Column("phase_code", "PhaseOfEducation (code)", values.text(10)),
        Column("phase_name", "PhaseOfEducation (name)", values.text(100, optional_words=True)),
        Column("pupils", "NumberOfPupils", values.whole_number),
        Column("trust_uid", "Trusts (code)", values.text(10)),
        Column("trust_name", "Trusts (name)", values.text(200)),
        Column("ukprn", "UKPRN", values.text(10)),
        Column("last_changed_date", "LastChangedDate", values.day),
        Column("street", "Street", values.text(200, optional_words=True)),
        Column("locality", "Locality", values.text(200, optional_words=True)),
        Column("address3", "Address3", values.text(200, optional_words=True)),
        Column("town", "Town", values.text(100, optional_words=True), required=True),
        Column("county", "County (name)", values.text(100, optional_words=True)),
        Column("postcode", "Postcode", values.postcode, required=True),
        Column("easting", "Easting", values.grid_reference),
        Column("northing", "Northing", values.grid_reference),
    )


@dataclass(frozen=True)
class LinksFile(RegisterFile):
    """`links_edubasealldata*.csv`: which school follows which."""

    KIND = "DfE's file of links (links_edubasealldata)"
    OTHER_FILES_MARK = "EstablishmentName"
    OTHER_FILES_ADVICE = "DfE's file of schools, not of links: give it first, without --links"
    COLUMNS = (
        Column("urn", "URN", values.urn, required=True),
        Column("linked_urn", "LinkURN", values.urn, required=True),
        Column("link_type", "LinkType", values.text(100), required=True),
        Column("established_date", "LinkEstablishedDate", values.day),
    )
