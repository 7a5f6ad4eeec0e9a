"""Behind a pooler that would mix networks the product does not start; shown with real ones.

A PgBouncer that carries search_path (1.20 on) is not in this distribution: the pool that is safe is shown by sessions.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from psycopg2.extensions import parse_dsn

from config import localpg
from config.production import PoolError, refuse_unsafe_pool
from tests.deploy.machine import Server, free_port, postgres, program, server_programs, wait_until

SETTINGS = """
[databases]
sbm = host=127.0.0.1 port={server} dbname=sbm user=sbm password={password}
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
def pgbouncer(server: Server, mode: str) -> Iterator[int]:
    """Start PgBouncer in front of a server, and say on which port."""
    owner = localpg.find_owner() if os.geteuid() == 0 else None
    home, port = Path(tempfile.mkdtemp(prefix="sbm-pool-", dir="/tmp")), free_port()
    settings = home / "pgbouncer.ini"
    settings.write_text(SETTINGS.format(server=server.port, password=server.password, port=port, mode=mode))
    if owner:
        for path in (home, settings):
            os.chown(path, owner.pw_uid, owner.pw_gid)
    try:
        with (home / "log").open("wb") as log:
            process = subprocess.Popen([program("pgbouncer"), settings], stderr=log, **localpg.as_owner(owner))
        try:
            wait_until(lambda: b"process up" in (home / "log").read_bytes(), process, home / "log")
            yield port
        finally:
            process.kill()
            process.wait()
    finally:
        shutil.rmtree(home)


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
