"""A machine as deploy/ makes one: PostgreSQL over TCP with a password, the files of an image, its programs, mail."""

import os
import queue
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import psycopg2
import pytest
from aiosmtpd.controller import Controller

from config import localpg
from tests.cluster import ROOT

DOMAIN = "smoke.example"
ADMIN = "sbm_admin"
SECONDS = 120  # a busy machine may need long; a program that ends is seen at once


def program(name: str) -> str:
    """Return where a program is; without it a test is skipped, and with CI set it fails."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if found is None and os.environ.get("CI"):
        pytest.fail(f"No {name}: deploy/ensure-programs.sh installs it.")
    return found or pytest.skip(f"No {name} here; CI has it.")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    """Return when it is ready; fail with the log when the process ends or the time is over."""
    deadline = time.monotonic() + SECONDS
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"{process.args} did not get ready:\n{log.read_text()[-4000:]}")
        time.sleep(0.05)


# PostgreSQL


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server with the application's database, made by deploy/postgres/make-database.sh."""

    programs: Path
    port: int
    admin_password: str
    owner_password: str
    password: str

    @property
    def url(self) -> str:
        """The application's DATABASE_URL."""
        return f"postgresql://sbm_app:{self.password}@127.0.0.1:{self.port}/sbm"

    @property
    def owner_url(self) -> str:
        """Its DATABASE_OWNER_URL."""
        return f"postgresql://sbm:{self.owner_password}@127.0.0.1:{self.port}/sbm"


def server_programs() -> Path:
    """Return the distribution's newest PostgreSQL or, where it has none, the embedded one."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    newest = max(found, key=lambda path: int(path.parent.name), default=None)
    return newest or localpg.find_cluster("test").programs


@contextmanager
def postgres(programs: Path) -> Iterator[Server]:
    """Start a server on a port of its own, and throw it away."""
    owner = localpg.find_owner() if os.geteuid() == 0 else None
    home = Path(tempfile.mkdtemp(prefix="sbm-server-", dir="/tmp"))
    server = Server(programs, free_port(), *(secrets.token_hex(12) for _ in range(3)))
    (home / "password").write_text(server.admin_password)
    if owner:
        for path in (home, home / "password"):
            os.chown(path, owner.pw_uid, owner.pw_gid)
    settings = f"-p {server.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"

    def run(name: str, *arguments: str) -> None:
        command = [programs / name, f"--pgdata={home}/data", *arguments]
        done = subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=log, **localpg.as_owner(owner))
        assert done.returncode == 0, f"{command}: {(home / 'errors').read_text()}"

    with (home / "errors").open("wb") as log:
        try:
            run("initdb", f"--username={ADMIN}", f"--pwfile={home}/password", "--auth=scram-sha-256", "--encoding=UTF8",
                "--locale=C.UTF-8", "--no-sync")  # fmt: skip
            run(
                "pg_ctl",
                "start",
                "--wait",
                f"--log={home}/log",
                f"--options={settings} -c max_locks_per_transaction=512",
            )
            make_database(server)
            yield server
        finally:
            if (home / "data/postmaster.pid").exists():
                run("pg_ctl", "stop", "--mode=immediate", "--wait")
            shutil.rmtree(home)


def make_database(server: Server) -> None:
    """Run the script that a new server runs."""
    environ = {
        "PATH": f"{server.programs}:{os.environ['PATH']}",
        "PGHOST": "127.0.0.1",
        "PGPORT": str(server.port),
        "PGPASSWORD": server.admin_password,
        "POSTGRES_USER": ADMIN,
        "DATABASE_PASSWORD": server.password,
        "OWNER_PASSWORD": server.owner_password,
    }
    subprocess.run([ROOT / "deploy/postgres/make-database.sh"], env=environ, check=True, capture_output=True)


def major_of(url: str) -> int:
    """Ask a server for its major version."""
    with psycopg2.connect(url) as connection:
        return connection.server_version // 10_000


# The application


class Mailbox:
    """The mail server that EMAIL_URL names."""

    def __init__(self) -> None:
        self.arrived: queue.Queue[EmailMessage] = queue.Queue()

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:  # noqa: N802 - aiosmtpd's
        """Keep a message."""
        self.arrived.put(message_from_bytes(envelope.original_content, policy=policy.default))
        return "250 OK"

    def next_to(self, address: str, about: str) -> str:
        """Return the text of the next message to somebody whose subject or text has these words."""
        while True:
            message = self.arrived.get(timeout=SECONDS)
            text = message.get_body(("plain",)).get_content()
            if address in message["To"] and about in f"{message['Subject']}\n{text}":
                return text


@contextmanager
def mailbox[Box: Mailbox](kind: type[Box] = Mailbox) -> Iterator[tuple[Box, int]]:
    """Listen for mail, and say on which port."""
    box, port = kind(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box, port
    finally:
        controller.stop()


class Machine:
    """The files that an image holds, in a folder of their own, with the environment of production."""

    def __init__(self, home: Path, server: Server, mail_port: int) -> None:
        self.app, self.home, self.port = home / "app", home, free_port()
        self.running: list[subprocess.Popen[bytes]] = []
        self.environ = {
            "PATH": os.environ["PATH"],
            "PUBLIC_DOMAIN": DOMAIN,
            "DATABASE_URL": server.url,
            "SECRET_KEY": secrets.token_urlsafe(50),
            "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
            "EMAIL_FROM": f"mail@{DOMAIN}",
            "BEHIND_PROXY": "true",
            "MEDIA_ROOT": str(home / "media"),
            "PORT": str(self.port),
        }
        self.owner = {"DATABASE_OWNER_URL": server.owner_url}
        copy_image_files(self.app)

    def gather_files(self) -> None:
        """Do what building the image does with them."""
        [command] = re.findall(r"^RUN (.*collectstatic.*)$", (ROOT / "deploy/Containerfile").read_text(), re.MULTILINE)
        environ = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
        subprocess.run(["sh", "-c", command], cwd=self.app, env=environ, check=True, capture_output=True)

    def manage(self, *arguments: str) -> str:
        """Run a command to its end and return what it printed."""
        command = [sys.executable, "manage.py", *arguments]
        environ = self.environ | self.owner
        done = subprocess.run(command, cwd=self.app, env=environ, check=False, capture_output=True, text=True)
        assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
        return done.stdout

    def start(self, name: str, *arguments: str, ready: Callable[[], bool]) -> subprocess.Popen[bytes]:
        """Start a program that goes on until the end; the worker alone is told who owns the tables."""
        environ = self.environ | (self.owner if name == "worker" else {})
        log = self.home / f"{name}.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, *arguments], cwd=self.app, env=environ, stdout=out, stderr=subprocess.STDOUT
            )
        self.running.append(process)
        wait_until(ready, process, log)
        return process

    def stop(self) -> None:
        """End what was started, as a service manager does."""
        for process in self.running:
            process.send_signal(signal.SIGTERM)
        for process in self.running:
            process.wait(SECONDS)


def copy_image_files(place: Path) -> None:
    """Copy what .dockerignore lets into an image, and nothing else."""
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    for name in re.findall(r"^!(.+)$", "\n".join(lines), re.MULTILINE):
        source, target = ROOT / name, place / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copy2(source, target)
