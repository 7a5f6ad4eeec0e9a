"""The backup of deploy/postgres, with its own settings: made at night, restored to a moment, and drilled."""

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from config import localpg
from shared_apps.operator import drill
from tests.cluster import ROOT
from tests.deploy.machine import ADMIN, program, server_programs, wait_until
from tests.deploy.standing import until

FILES = ROOT / "deploy/postgres"
OLD = (2, 46)  # the first pgBackRest that takes repo1-block without being told that it is a beta


class Backed:
    """A database server in a folder of its own, with the files of deploy/ where these say other places."""

    def __init__(self, home: Path) -> None:
        self.home, self.data, self.sockets = home, home / "data", home / "run"
        self.places = localpg.as_owner(localpg.find_owner() if os.geteuid() == 0 else None)
        self.places["env"] |= {
            "PATH": f"{server_programs()}:{os.environ['PATH']}",
            "PGBACKREST_CONFIG": f"{home}/pgbackrest.conf",
            "PGBACKREST_LOCK_PATH": f"{home}/lock",
            "PGHOST": str(self.sockets),
            "POSTGRES_USER": ADMIN,
            "DATABASE_PASSWORD": "of no use on a socket",
            "OWNER_PASSWORD": "nor is this",
            "DRILL_IN": str(home),
            "SOCKET_IN": str(self.sockets),
        }

    def run(self, *command: str | Path) -> str:
        """Run a program as the server's owner; return what it printed."""
        done = subprocess.run(command, capture_output=True, text=True, check=False, **self.places)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        return done.stdout

    def prepare(self) -> None:
        """Write deploy's settings with this folder's places, and make the server's."""
        version = tuple(int(part) for part in re.findall(r"\d+", self.run("pgbackrest", "version")))
        own = {"repo1-path": "repo", "spool-path": "spool", "pg1-path": "data", "pg1-socket-path": "run"}
        settings = (FILES / "pgbackrest.conf").read_text()
        for key, folder in own.items():
            settings = re.sub(rf"^{key}=.*$", f"{key}={self.home}/{folder}", settings, flags=re.MULTILINE)
        self.write("pgbackrest.conf", settings if version >= OLD else settings.replace("repo1-block=y\n", ""))
        places = f"unix_socket_directories = '{self.sockets}'\ndata_directory = '{self.data}'\nlisten_addresses = ''\n"
        places += f"hba_file = '{self.data}/pg_hba.conf'\nshared_buffers = 64MB\n"
        self.write("postgresql.conf", (FILES / "postgresql.conf").read_text() + places)
        for folder in ("repo", "run", "spool"):
            self.run("mkdir", self.home / folder)
        self.run(
            "initdb", f"--pgdata={self.data}", f"--username={ADMIN}", "--auth=trust", "--no-sync", "--locale=C.UTF-8"
        )

    def write(self, name: str, text: str) -> None:
        """Write a file that the owner can read."""
        (self.home / name).write_text(text)
        (self.home / name).chmod(0o644)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Start the server; return when it takes writes, as it does not while it recovers."""
        command = ["postgres", "-D", self.data, "-c", f"config_file={self.home}/postgresql.conf"]
        with (self.home / "log").open("ab") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, **self.places)
        try:
            wait_until(self.takes_writes, process, self.home / "log")
            yield
        finally:
            process.terminate()
            process.wait()

    def takes_writes(self) -> bool:
        try:
            return self.ask("SELECT NOT pg_is_in_recovery()", database="postgres")
        except psycopg2.OperationalError:
            return False

    def moment_after_the_backup(self) -> str:
        """Return the present, once it is in a later second than the end of the backup: it knows whole seconds."""
        [stanza] = json.loads(self.run("pgbackrest", "info", "--output=json"))
        ended = stanza["backup"][-1]["timestamp"]["stop"]
        return self.ask(f"SELECT CASE WHEN now() > to_timestamp({ended + 1}) THEN now()::text ELSE '' END")

    def ask(self, *statements: str, database: str = "sbm") -> Any:
        """Run statements one by one; return the one value that the last gives."""
        connection = psycopg2.connect(host=str(self.sockets), user=ADMIN, dbname=database)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
                return cursor.fetchone()[0]
        finally:
            connection.close()


@pytest.fixture
def backed() -> Iterator[Backed]:
    """A server with a table, backed up in the night."""
    program("pgbackrest")
    home = Path(tempfile.mkdtemp(prefix="sbm-backup-", dir="/tmp"))
    try:
        if os.geteuid() == 0:
            os.chown(home, localpg.find_owner().pw_uid, localpg.find_owner().pw_gid)
        backed = Backed(home)
        backed.prepare()
        yield backed
    finally:
        shutil.rmtree(home)


def test_nightly_backup_is_restored_to_a_moment_and_drilled(backed):
    with backed.running():
        backed.run(FILES / "make-database.sh")
        backed.ask("SET ROLE sbm", "CREATE TABLE kept (id uuid PRIMARY KEY, n int)", "SELECT 1")
        backed.run(FILES / "nightly.sh", "database", "now")
        backed.ask("INSERT INTO kept VALUES (gen_random_uuid(), 7)", "SELECT 1")
        backed.run("pgbackrest", "--stanza=sbm", "check")
        assert_drilled(backed)
        moment = until(backed.moment_after_the_backup, "a second after the backup")
        backed.ask("DELETE FROM kept", "SELECT 1")
        backed.run("pgbackrest", "--stanza=sbm", "check")
        assert backed.ask("SELECT failed_count FROM pg_stat_archiver") == 0  # nor did the drill hold up the live server

    restore = ("--delta", "restore", "--type=time", f"--target={moment}", "--target-action=promote")
    backed.run("pgbackrest", "--stanza=sbm", *restore)

    with backed.running():
        assert backed.ask("SELECT sum(n) FROM kept") == 7


def assert_drilled(backed: Backed) -> None:
    """Restore beside the live server by restore-drill.sh, with what was written since the backup."""
    live = drill.measure(f"postgresql://{ADMIN}@/sbm?host={backed.sockets}")
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen([FILES / "restore-drill.sh"], **pipes, **backed.places) as scratch:
        address = scratch.stdout.readline().strip()
        assert address, scratch.stderr.read()
        findings = drill.examine(address, live)
        scratch.communicate()

    assert findings == drill.Findings(tables=1, rows=1, inserted=1)
    assert scratch.returncode == 0
    assert list(backed.home.glob("restore-drill.*")) == []
