"""The supervisor starts its children again, stops them all, and never runs twice."""

import json
import os
import signal
import socket
import subprocess
import sys
from dataclasses import replace

import pytest

from config import localpg, supervisor
from config.localpg import LocalPostgresError
from config.supervisor import CannotRunError, Child, Database, Supervisor

ASK_TO_STOP = f"import os, signal; os.kill({os.getpid()}, signal.SIGINT); signal.pause()"
NEVER_GIVE_IN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {ASK_TO_STOP}"


@pytest.fixture(autouse=True)
def _own_place(tmp_path, monkeypatch):
    monkeypatch.setattr(supervisor, "RUN", tmp_path)
    monkeypatch.setattr(supervisor, "STATE", tmp_path / "state.json")
    monkeypatch.setattr(supervisor, "ask_readiness", lambda port: True)
    monkeypatch.setattr(supervisor, "STOP_SECONDS", 0.5)


def python(code: str) -> Child:
    return Child("child", [sys.executable, "-c", code])


def ended(child: Child) -> Child:
    child.process.wait()
    return child


def test_child_that_ends_waits_before_it_starts_again(capsys):
    child = python("raise SystemExit(3)")
    child.look_after()

    started = ended(child).look_after()

    assert not started
    assert child.next_start > child.started_at
    assert capsys.readouterr().out == "child ended with 3; starting it again in 0.5 s\n"


def test_only_the_worker_is_told_who_owns_the_tables(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://owner@/x")
    told = {}
    for child in supervisor.children():
        answer = tmp_path / child.name
        child.command = [sys.executable, "-c", f"import os; open({str(answer)!r}, 'w').write(str(dict(os.environ)))"]
        child.start()
        ended(child)
        told[child.name] = "postgresql://owner@/x" in answer.read_text()

    assert told == {"web": False, "jobs": True, "stripe": False, "sign-in": False, "mail": False}


def test_child_starts_again_when_its_time_has_come():
    child = python("")
    child.look_after()
    ended(child).look_after()
    child.next_start = 0.0

    assert child.look_after()
    assert ended(child).process.returncode == 0


def test_child_that_keeps_ending_waits_longer_each_time_up_to_a_limit(capsys):
    child = python("")
    pauses = []
    for _ in range(9):
        child.next_start = 0.0
        child.look_after()
        pauses.append(child.pause)
        ended(child).look_after()

    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]


def test_child_that_was_steady_starts_again_soon():
    child = python("")
    child.pause = 16
    child.look_after()
    child.started_at -= supervisor.STEADY_SECONDS

    ended(child).look_after()

    assert child.pause == 1.0


def test_run_stops_every_child_when_asked(capsys):
    children = [python(ASK_TO_STOP), python("import signal; signal.pause()")]

    Supervisor(8000, children).run("ready")

    assert [child.process.returncode for child in children] == [-signal.SIGTERM, -signal.SIGTERM]


def test_run_ends_by_force_what_does_not_stop():
    child = python(NEVER_GIVE_IN)

    Supervisor(8000, [child]).run("ready")

    assert child.process.returncode == -signal.SIGKILL


def test_run_leaves_nothing_of_a_childs_own_children(tmp_path):
    fifo = tmp_path / "open-while-the-grandchild-lives"
    os.mkfifo(fifo)
    grandchild = f"held = open({str(fifo)!r}, 'w'); {ASK_TO_STOP}"
    child = f"import signal, subprocess, sys; subprocess.Popen([sys.executable, '-c', {grandchild!r}]); signal.pause()"
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)

    Supervisor(8000, [python(child)]).run("ready")

    os.set_blocking(reader, True)
    with os.fdopen(reader, "rb") as end:
        assert end.read() == b""  # it returns only when nobody holds the other end


def test_run_writes_the_port_and_processes_for_other_commands(tmp_path):
    code = f"import shutil; shutil.copy({str(tmp_path / 'state.json')!r}, {str(tmp_path / 'seen')!r}); {ASK_TO_STOP}"
    later = python(code)
    sitting = python("import signal; signal.pause()")
    sitting.name = "sitting"
    running = Supervisor(8123, [sitting], {"Platform": "http://localhost:8123/"})
    running.children[0].look_after()
    running.write_state()
    running.children.append(later)

    running.run("ready")

    seen = json.loads((tmp_path / "seen").read_text())
    assert (seen["port"], seen["pid"], seen["addresses"]) == (8123, os.getpid(), {"Platform": "http://localhost:8123/"})
    assert seen["processes"]["sitting"] == sitting.process.pid


def test_run_does_what_comes_afterwards_once_they_serve_and_starts_what_waited(monkeypatch):
    answers, seen = [False, True], []
    first, second = python("import signal; signal.pause()"), python(ASK_TO_STOP)
    second.waits = True

    def is_serving(port: int) -> bool:
        seen.append((first.is_alive(), second.is_alive()))
        return answers.pop(0)

    monkeypatch.setattr(supervisor, "ask_readiness", is_serving)

    Supervisor(8000, [first, second]).run("ready", afterwards=lambda: seen.append("afterwards"))

    assert seen == [(True, False), (True, False), "afterwards"]
    assert second.process.returncode == -signal.SIGTERM


def test_run_does_not_say_that_all_is_ready_to_who_has_stopped_it(capsys):
    def interrupted() -> None:
        os.kill(os.getpid(), signal.SIGINT)

    Supervisor(8000, [python("import signal; signal.pause()")]).run("it is ready", afterwards=interrupted)

    assert "it is ready" not in capsys.readouterr().out


def test_run_stops_also_in_the_middle_of_something_else():
    child, seen = python("import signal; signal.pause()"), []

    def interrupted() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        seen.append("went on")

    Supervisor(8000, [child]).run("ready", afterwards=interrupted)

    assert (child.process.returncode, seen) == (-signal.SIGTERM, [])


def test_child_that_was_killed_leaves_no_child_of_its_own_on_its_port(tmp_path):
    fifo = tmp_path / "open-while-the-grandchild-lives"
    os.mkfifo(fifo)
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    grandchild = f"import signal; held = open({str(fifo)!r}, 'w'); print('here', flush=True); signal.pause()"
    child = python(
        "import os, signal, subprocess, sys\n"
        f"subprocess.Popen([sys.executable, '-c', {grandchild!r}], stdout=subprocess.PIPE).stdout.readline()\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    child.look_after()

    ended(child).look_after()

    os.set_blocking(reader, True)
    with os.fdopen(reader, "rb") as end:
        assert end.read() == b""


def test_database_that_was_killed_starts_again_and_one_that_keeps_ending_waits(monkeypatch, capsys):
    database, tries = Database(), iter([None, LocalPostgresError("still there"), None])
    monkeypatch.setattr(localpg, "is_alive", lambda: False)
    monkeypatch.setattr(localpg, "ensure_running", lambda: raise_if(next(tries)))

    pauses = []
    for _ in range(3):
        database.look_after()
        database.look_after()  # too soon
        pauses.append(database.pause)
        database.next_start = 0.0

    assert (pauses, next(tries, "done")) == ([0.5, 1.0, 2.0], "done")
    said = "The database ended; starting it again\n"
    assert capsys.readouterr().out == f"{said}{said}still there\n{said}"


def raise_if(error: Exception | None) -> None:
    if error:
        raise error


def test_database_that_lives_is_left_alone(monkeypatch):
    monkeypatch.setattr(localpg, "is_alive", lambda: True)
    monkeypatch.setattr(localpg, "ensure_running", lambda: pytest.fail("started"))

    Supervisor(8000, [python(ASK_TO_STOP)], database=Database()).run("ready")


def test_run_prints_the_banner_once_when_ready(capsys):
    Supervisor(8000, [python(ASK_TO_STOP)]).run("it is ready")

    assert capsys.readouterr().out.count("it is ready") == 1


def test_run_gives_signals_back_to_whoever_had_them():
    before = signal.getsignal(signal.SIGINT)

    Supervisor(8000, [python(ASK_TO_STOP)]).run("ready")

    assert signal.getsignal(signal.SIGINT) is before


def test_only_one_refuses_a_second_and_names_the_port():
    with supervisor.only_one():
        supervisor.write_state({"port": 8123, "pid": os.getpid()})

        with pytest.raises(CannotRunError) as refusal, supervisor.only_one():
            pass

    assert str(refusal.value) == "Already running with PORT=8123: stop that one first, with Ctrl-C."


def test_only_one_leaves_no_state_behind():
    with supervisor.only_one():
        supervisor.write_state({"port": 8123, "pid": os.getpid()})

    assert supervisor.read_state() == {}


def test_check_port_refuses_a_taken_one():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(CannotRunError, match=f"^Port {port} is taken: name another one, PORT={port + 1} make run$"):
            supervisor.check_port(port)


@pytest.mark.parametrize(("argument", "code"), [(str(supervisor.ROOT), -signal.SIGKILL), ("/elsewhere", None)])
def test_only_one_ends_what_a_killed_run_left_and_nothing_else(argument, code):
    command = ["/bin/sh", "-c", "echo; read line", argument]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, start_new_session=True, cwd="/", **pipes) as process:
        process.stdout.readline()
        supervisor.write_state({"port": 8000, "pid": 1, "processes": {"web": process.pid}})

        with supervisor.only_one():
            found = process.poll()

        process.kill()

    assert found == code


def test_children_receive_mail_where_a_port_is_set(monkeypatch):
    alone = replace(supervisor.ENV, mail_port=0, lmtp_port=0, stripe_port=0, sign_in_port=0)
    monkeypatch.setattr(supervisor, "ENV", alone)
    without = [child.name for child in supervisor.children()]
    monkeypatch.setattr(supervisor, "ENV", replace(supervisor.ENV, mail_port=2525))

    assert (without, [child.name for child in supervisor.children()]) == (["web", "jobs"], ["web", "jobs", "mail"])


@pytest.mark.parametrize(("port", "name"), [("stripe_port", "stripe"), ("sign_in_port", "sign-in")])
def test_children_stand_in_for_others_where_they_have_a_port(port, name, monkeypatch):
    alone = {"mail_port": 0, "lmtp_port": 0, "stripe_port": 0, "sign_in_port": 0}
    monkeypatch.setattr(supervisor, "ENV", replace(supervisor.ENV, **alone | {port: 8030}))

    standing_in = supervisor.children()[-1]

    assert standing_in.name == name
    assert str(supervisor.ROOT) in " ".join(standing_in.command[1:])  # so that the next start can tell it is ours
