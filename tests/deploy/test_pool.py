"""Behind a pooler that would mix networks the product does not start, and behind deploy/'s it never mixes them."""

import os
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from configparser import ConfigParser
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections
from psycopg2.extensions import parse_dsn

from config import localpg
from config.production import PoolError, refuse_unsafe_pool
from tenant_apps.members.models import Invitation
from tenants.context import in_network
from tenants.models import Network
from tests.cluster import ROOT
from tests.deploy.machine import Server, free_port, postgres, program, server_programs, wait_until

THREADS, READS = 8, 5_000
CARRIES_SEARCH_PATH = (1, 20)
SETTINGS = """
[databases]
sbm = host=127.0.0.1 port={server} dbname=sbm user=sbm_app password={password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = {mode}
default_pool_size = 2
"""


@pytest.fixture(scope="module")
def old_server() -> Iterator[Server]:
    """The distribution's PostgreSQL, which reports no search_path."""
    with postgres(server_programs()) as server:
        yield server


@pytest.fixture(scope="module")
def new_server() -> Iterator[Server]:
    """The embedded PostgreSQL, which does."""
    with postgres(localpg.find_cluster("test").programs) as server:
        yield server


@contextmanager
def pooler(settings: str, port: int, executable: str = "pgbouncer") -> Iterator[int]:
    """Run PgBouncer with these settings until the end; yield its port."""
    owner = localpg.find_owner() if os.geteuid() == 0 else None
    home = Path(tempfile.mkdtemp(prefix="sbm-pool-", dir="/tmp"))
    (home / "pgbouncer.ini").write_text(settings)
    command = [shutil.copy2(program(executable), home), home / "pgbouncer.ini"]  # a cache may be its owner's alone
    if owner:
        for path in (home, *command):
            os.chown(path, owner.pw_uid, owner.pw_gid)
    try:
        with (home / "log").open("wb") as log:
            process = subprocess.Popen(command, stderr=log, **localpg.as_owner(owner))
        try:
            wait_until(lambda: b"process up" in (home / "log").read_bytes(), process, home / "log")
            yield port
        finally:
            process.kill()
            process.wait()
    finally:
        shutil.rmtree(home)


@contextmanager
def pgbouncer(server: Server, mode: str) -> Iterator[int]:
    """Start the distribution's PgBouncer in front of a server, and say on which port."""
    port = free_port()
    settings = SETTINGS.format(server=server.port, password=server.password, port=port, mode=mode)
    with pooler(settings, port) as ready:
        yield ready


@contextmanager
def pool_of_two(**changes: str) -> Iterator[dict[str, Any]]:
    """Put deploy/'s pooler before the tests' database, with two connections to it; yield how Django reaches it."""
    now, port, settings = connection.settings_dict, free_port(), ConfigParser()
    settings.read(ROOT / "deploy/pgbouncer/pgbouncer.ini")
    settings["databases"] = {now["NAME"]: f"host={now['HOST']} user={localpg.APP_ROLE}"}
    ours = {"listen_addr": "127.0.0.1", "listen_port": str(port), "auth_type": "any", "default_pool_size": "2"}
    settings["pgbouncer"].update(ours | {"reserve_pool_size": "0"} | changes)
    del settings["pgbouncer"]["auth_file"]
    sections = [[f"[{name}]", *(f"{key} = {value}" for key, value in settings[name].items())] for name in settings]
    with pooler("\n".join(line for lines in sections[1:] for line in lines), port, newest_pgbouncer()) as port:
        yield now | {"HOST": "127.0.0.1", "PORT": str(port), "USER": localpg.APP_ROLE, "OPTIONS": {}}


def newest_pgbouncer() -> str:
    """Return one that carries search_path: the distribution's, or what deploy/build-pgbouncer.sh made."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sbm-collective"
    places = [shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin"), *cache.glob("pgbouncer-*/pgbouncer")]
    found = {version_of(place): str(place) for place in places if place}
    newest = max(found, default=())
    return found[newest] if newest >= CARRIES_SEARCH_PATH else "pgbouncer-1.20"


def version_of(place: str | Path) -> tuple[int, ...]:
    """Ask a PgBouncer for its version."""
    said = subprocess.run([place, "--version"], capture_output=True, text=True, check=False).stdout
    return tuple(int(part) for part in re.findall(r"\d+", said.partition("\n")[0]))


def read_in_threads(networks: list[Network], reads: int) -> Counter[str]:
    """Read each network's own row in eight threads, half of which change network each time; count whose was found."""

    def read(thread: int) -> Counter[str]:
        try:
            return Counter(whose(networks[(thread + turn * (thread % 4 // 2)) % 2]) for turn in range(reads // THREADS))
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as threads:
        return sum(threads.map(read, range(THREADS)), Counter())


def whose(network: Network) -> str:
    """Say whose row is found in a network; in a schema of another kind there is no such table."""
    with in_network(network):
        try:
            found = list(Invitation.objects.values_list("email", flat=True))
        except DatabaseError:
            return "nobody's"
    return "its own" if found == [network.owner_email] else "foreign"


def begin(server: Server, port: int) -> None:
    """Ask, as a web server does before it starts, whether the database behind this port is safe."""
    refuse_unsafe_pool(parse_dsn(server.url) | {"port": port})


def test_pool_of_transactions_is_refused_where_search_path_is_not_reported(old_server):
    with pgbouncer(old_server, "transaction") as port, pytest.raises(PoolError, match="reports no search_path"):
        begin(old_server, port)


def test_pool_of_transactions_is_refused_where_it_does_not_carry_search_path(new_server):
    with pgbouncer(new_server, "transaction") as port, pytest.raises(PoolError, match="track_extra_parameters"):
        begin(new_server, port)


def test_pool_of_sessions_and_no_pool_are_let_be(old_server):
    with pgbouncer(old_server, "session") as port:
        begin(old_server, port)

    begin(old_server, old_server.port)


@pytest.fixture
def networks(alder, birch) -> list[Network]:
    """Two networks of the template; each has one invitation, to its own owner."""
    return [alder, birch]


def test_pool_of_two_mixes_nothing_in_five_thousand_reads(networks, monkeypatch):
    with pool_of_two() as through:
        monkeypatch.setitem(connections.settings, "default", through)
        refuse_unsafe_pool(
            {"dbname": through["NAME"], **{key.lower(): through[key] for key in ("HOST", "PORT", "USER")}}
        )

        assert read_in_threads(networks, READS) == {"its own": READS}


def test_pool_of_two_that_forgets_search_path_mixes_networks(networks, monkeypatch):
    """So that the test above could fail."""
    with pool_of_two(track_extra_parameters="IntervalStyle") as through:
        monkeypatch.setitem(connections.settings, "default", through)

        assert read_in_threads(networks, 400)["foreign"] > 0
