"""Brings the rows of a file into a temporary table, a batch at a time, so that memory stays the same for any file."""

# ruff: noqa: S608 - names of tables and columns come from this package; what the files say travels as parameters

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connection

from shared_apps.schools.enums import ImportedFile, RowChange
from shared_apps.schools.gias import BadRow, RegisterFile, RegisterFileError, Row
from shared_apps.schools.models import RegisterImport, RegisterImportRow

_BATCH = 5_000

OnRows = Callable[[int, int], None]
"""Told how many rows and how many bytes have been read so far."""


@dataclass(frozen=True)
class Table:
    """A temporary table: its columns and their SQL types, and how a row of the file becomes a row of it."""

    name: str
    kind: ImportedFile
    columns: dict[str, str]
    values_of: Callable[[Row], Sequence[Any]]


def stage(run: RegisterImport, file: RegisterFile, table: Table, on_rows: OnRows) -> int:
    """Fill the table, report the bad rows, and return how many of those there were.

    Raises RegisterFileError when the file has rows but no good one.
    """
    columns = ", ".join(f"{name} {kind}" for name, kind in table.columns.items())
    execute(f"DROP TABLE IF EXISTS pg_temp.{table.name}")  # of an earlier import in the same transaction
    execute(f"CREATE TEMP TABLE {table.name} ({columns}) ON COMMIT DROP")
    sizes: list[int] = [0]
    rows = file.rows_or_error(lambda size: sizes.__setitem__(0, sizes[0] + size))
    good = count_bad = 0
    bad: list[BadRow] = []
    while batch := list(islice(rows, _BATCH)):
        good += _copy(table, (row for row in batch if isinstance(row, Row)))
        bad = [row for row in batch if isinstance(row, BadRow)]
        count_bad += len(bad)
        _report_bad(run, table.kind, bad)
        on_rows(good + count_bad, sizes[0])
    if not good:
        raise RegisterFileError(f"No row of {file.path.name} can be read: in line {bad[0].line}, {bad[0].reason}.")
    execute(f"ANALYZE {table.name}")
    return count_bad


def execute(sql: str, params: Sequence[Any] | dict[str, Any] | None = None) -> int:
    """Run SQL and return how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.rowcount


def fetch(sql: str, params: Sequence[Any] | dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
    """Run SQL and return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def drop_repeats(run: RegisterImport, table: Table, key: str, reason: str) -> int:
    """Report rows whose key stands in an earlier line, remove them, and return how many there were.

    `reason` is SQL for the text, and may use `first_line`.
    """
    return execute(
        f"""
        WITH numbered AS (
            SELECT *, first_value(line) OVER (PARTITION BY {key} ORDER BY line) AS first_line FROM {table.name}
        ), gone AS (
            DELETE FROM {table.name} USING numbered
            WHERE numbered.line = {table.name}.line AND numbered.line > numbered.first_line
            RETURNING numbered.*
        )
        INSERT INTO schools_registerimportrow (id, register_import_id, file, line, change, detail)
        SELECT report_id, %s, %s, line, %s, {reason} FROM gone
        """,
        [run.id, table.kind, RowChange.UNREADABLE],
    )


def _copy(table: Table, rows: Iterable[Row]) -> int:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    count = 0
    for row in rows:
        writer.writerow(table.values_of(row))
        count += 1
    buffer.seek(0)
    texts = ", ".join(name for name, kind in table.columns.items() if kind == "text")
    with connection.cursor() as cursor:
        cursor.copy_expert(
            f"COPY {table.name} ({', '.join(table.columns)}) FROM STDIN WITH (FORMAT csv, FORCE_NOT_NULL ({texts}))",
            buffer,
        )
    return count


def _report_bad(run: RegisterImport, kind: ImportedFile, bad: list[BadRow]) -> None:
    RegisterImportRow.objects.bulk_create(
        RegisterImportRow(
            register_import=run, file=kind, line=row.line, change=RowChange.UNREADABLE, detail=row.reason[:500]
        )
        for row in bad
    )
