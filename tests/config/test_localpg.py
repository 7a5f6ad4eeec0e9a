"""The embedded server starts, keeps its data through everything, and stops when nobody uses it."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psycopg2
import pytest

from config import localpg


@pytest.fixture(scope="module")
def made():
    """A server of its own with its data in a short and readable place."""
    home = Path(tempfile.mkdtemp(prefix="sbm-localpg-", dir=localpg.PERSISTENT_TEMPORARY))
    home.chmod(0o755)
    cluster = replace(localpg.find_cluster("test"), name="main", home=home)
    yield cluster
    localpg.stop_server(cluster)
    shutil.rmtree(home)
    shutil.rmtree(cluster.sockets, ignore_errors=True)


@pytest.fixture
def cluster(made, monkeypatch):
    monkeypatch.setattr(localpg, "find_cluster", lambda name: made)
    monkeypatch.setattr(localpg, "_leases", {})
    yield made
    localpg.stop("main")


def ask(cluster: localpg.Cluster, sql: str) -> str:
    with closing(psycopg2.connect(cluster.url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(sql)
        return str(cursor.fetchone()[0])


def test_ensure_running_starts_once_and_says_where(cluster):
    first = localpg.ensure_running("main")
    pid = localpg.read_pid(cluster)

    assert localpg.ensure_running("main") == first == cluster.url
    assert localpg.read_pid(cluster) == pid


def test_server_listens_on_one_private_socket_only(cluster):
    localpg.ensure_running("main")

    assert ask(cluster, "SELECT current_setting('listen_addresses')") == ""
    assert cluster.sockets.stat().st_mode & 0o777 == 0o700
    assert cluster.data.stat().st_mode & 0o777 == 0o700


def test_server_does_not_run_as_root(cluster):
    localpg.ensure_running("main")

    assert os.stat(f"/proc/{localpg.read_pid(cluster)}").st_uid != 0  # noqa: PTH116 - a process, not a file


def test_server_sorts_and_folds_the_same_everywhere(cluster):
    localpg.ensure_running("main")

    assert (
        ask(cluster, "SELECT upper('é') || (SELECT datlocale FROM pg_database WHERE datname = 'collective')")
        == "ÉC.UTF-8"
    )


def test_data_survives_a_kill(cluster):
    localpg.ensure_running("main")
    ask(cluster, "CREATE TABLE IF NOT EXISTS kept (n int); INSERT INTO kept VALUES (7); CHECKPOINT; SELECT 1")

    alive = localpg.is_alive("main")
    os.kill(localpg.read_pid(cluster), signal.SIGKILL)
    os.waitid(os.P_PID, localpg.read_pid(cluster), os.WEXITED | os.WNOWAIT)
    localpg._leases.clear()
    killed = localpg.is_alive("main")
    localpg.ensure_running("main")

    assert (alive, killed) == (True, False)

    assert ask(cluster, "SELECT max(n) FROM kept") == "7"


def test_start_passes_over_the_pid_of_another_program(cluster):
    localpg.ensure_running("main")
    text = (cluster.data / "postmaster.pid").read_text()
    localpg.stop("main")
    (cluster.data / "postmaster.pid").write_text(text.replace(text.split()[0], str(os.getpid()), 1))

    localpg.ensure_running("main")

    assert localpg.is_ready(cluster)


def test_release_stops_the_server_of_the_last_user(cluster):
    localpg.ensure_running("main")

    localpg.release(cluster, os.getpid())

    assert not localpg.is_ready(cluster)


def test_release_leaves_the_server_to_another_user(cluster):
    localpg.ensure_running("main")
    with localpg.take_lease(cluster):
        localpg.release(cluster, os.getpid())

        assert localpg.is_ready(cluster)


def test_release_leaves_a_server_that_was_started_by_hand(cluster):
    localpg.ensure_running("main", keep=True)
    localpg.ensure_running("main")

    localpg.release(cluster, os.getpid())

    assert localpg.is_ready(cluster)


def test_release_in_a_forked_process_does_nothing(cluster):
    localpg.ensure_running("main")

    localpg.release(cluster, os.getpid() + 1)

    assert localpg.is_ready(cluster)


def test_interrupted_start_leaves_no_server(cluster, monkeypatch):
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(localpg, "create_database", interrupt)
    with pytest.raises(KeyboardInterrupt):
        localpg.ensure_running("main")

    localpg.release(cluster, os.getpid())

    assert not localpg.is_ready(cluster)


def test_stop_says_whether_it_ran(cluster):
    localpg.ensure_running("main", keep=True)

    assert [localpg.stop("main"), localpg.stop("main")] == [True, False]


def test_folder_of_somebody_else_is_refused(tmp_path):
    link = tmp_path / "sockets"
    link.symlink_to(tmp_path)

    with pytest.raises(localpg.LocalPostgresError, match="belongs to somebody else"):
        localpg.open_private_folder(link, None)


def test_describe_process_says_nothing_of_the_dead(dead_pid):
    assert localpg.describe_process(dead_pid) == ""
    assert "python" in localpg.describe_process(os.getpid())


def test_programs_of_an_empty_folder_are_refused(tmp_path):
    with pytest.raises(localpg.LocalPostgresError, match="holds no working PostgreSQL"):
        localpg.ask_major(tmp_path)


def test_command_line_status_and_url():
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "config.localpg", *arguments, "--cluster", "test"]
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd=localpg.RUN.parent)

    localpg.ensure_running("test")

    assert (run("status").stdout, run("status").returncode) == ("running\n", 0)
    assert run("url").stdout.strip() == localpg.url("test")
    assert run("nonsense").returncode == 2
