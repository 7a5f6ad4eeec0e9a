"""The product as `make run` starts it, on a PostgreSQL of its own, so that its parts can be killed."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.db import connection

from config import localpg
from config.supervisor import ask_readiness
from tests.deploy.machine import copy_image_files, free_port, wait_until

PATIENCE = 60  # seconds; what takes longer than a promise says is told by its test


class Standing:
    """One installation, with the rows of the test's database as they were when it was made."""

    def __init__(self, home: Path, mail_port: int) -> None:
        self.app, self.log, self.port = home / "app", home / "log", free_port()
        self.programs = localpg.find_cluster("test").programs
        self.environ = {
            "PATH": os.environ["PATH"],
            "PORT": str(self.port),
            "MAIL_PORT": str(free_port()),
            "STRIPE_PORT": str(free_port()),
            "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
            "LOCALPG_BIN": str(self.programs),
            "PYTHONUNBUFFERED": "1",
        }
        copy_image_files(self.app)
        self.url = self.localpg("url").replace(localpg.APP_ROLE, localpg.ADMIN)
        self.started_in = 0.0  # seconds

    def localpg(self, command: str) -> str:
        """Run a command of the embedded server and return what it printed."""
        python = [sys.executable, "-m", "config.localpg", command]
        done = subprocess.run(python, cwd=self.app, env=self.environ, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def fill(self) -> None:
        """Put the rows of the test's database into the server."""
        database = connection.settings_dict
        source = ["--host", database["HOST"], "--username", database["USER"], database["NAME"]]
        self.localpg("start")
        dump = subprocess.Popen([self.programs / "pg_dump", "--format=plain", *source], stdout=subprocess.PIPE)
        into = [self.programs / "psql", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction", self.url]
        subprocess.run(into, stdin=dump.stdout, stdout=subprocess.DEVNULL, check=True)
        assert dump.wait() == 0
        self.localpg("stop")

    @contextmanager
    def running(self) -> Iterator[None]:
        """Start everything, and stop it at the end as Ctrl-C does."""
        command = [sys.executable, "manage.py", "run", "--without-demo"]
        began = time.monotonic()
        with self.log.open("wb") as out:
            process = subprocess.Popen(command, cwd=self.app, env=self.environ, stdout=out, stderr=subprocess.STDOUT)
        try:
            wait_until(lambda: ask_readiness(self.port), process, self.log)
            self.started_in = time.monotonic() - began
            yield
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(PATIENCE)

    def remove(self) -> None:
        """Leave nothing in the folder that outlives this one."""
        self.localpg("stop")
        shutil.rmtree(self.place)

    @property
    def place(self) -> Path:
        """Where the server's folder is: root's must lie outside of the clone."""
        run = self.app / ".run"
        if os.geteuid() != 0:
            return run
        return localpg.PERSISTENT_TEMPORARY / f"sbm-collective-{(run / 'id').read_text()}"

    # Its parts

    def pids(self) -> dict[str, int]:
        """Return the process of each part that has one of its own."""
        state = json.loads((self.app / ".run/state.json").read_text())
        return state["processes"] | {"database": self.postmaster()}

    def postmaster(self) -> int:
        """Return the server's first process, 0 when there is none."""
        pids = [path.read_text().partition("\n")[0] for path in self.place.glob("pg*/postmaster.pid")]
        return int(pids[0] or 0) if pids else 0

    def ask(self, question: str, *values: Any) -> list[tuple]:
        """Ask the database, outside the product."""
        with closing(psycopg2.connect(self.url)) as server:
            server.autocommit = True
            with server.cursor() as cursor:
                cursor.execute(question, values)
                return cursor.fetchall()


@contextmanager
def standing_product(home: Path, mail_port: int) -> Iterator[Standing]:
    """Start the product with the rows that the test's database has now, and leave nothing of it."""
    standing = Standing(home, mail_port)
    try:
        standing.fill()
        with standing.running():
            yield standing
    finally:
        standing.remove()


def until(condition: Callable[[], Any], what: str, seconds: float = PATIENCE) -> Any:
    """Return what the condition gives as soon as it gives something; fail when the time is over."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > deadline:
            pytest.fail(f"Not within {seconds} s: {what}")
        time.sleep(0.1)  # the server makes a process for each question
    return found
