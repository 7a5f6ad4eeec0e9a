"""Everything `make run` starts, kept running and stopped together: web server, job worker and, last, the database.

Each is started again by itself when it was killed, and the others are left alone: they find it again.
"""

import contextlib
import ctypes
import fcntl
import http.client
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

from config import localpg
from config.env import ENV, RUN

ROOT = RUN.parent
OWNER_URL = "DATABASE_OWNER_URL"
STATE = RUN / "state.json"
STOP_SECONDS = 10
READY_SECONDS = 120
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
STEADY_SECONDS = 60  # a child that lived so long starts again without a pause
LOOK_SECONDS = 1.0  # between two looks at a database that another process may have started
LINUX_PDEATHSIG = 1


class CannotRunError(Exception):
    """Nothing was started; the message is one line for a person."""


@dataclass
class Child:
    """One program that is started again whenever it ends."""

    name: str
    command: list[str]
    waits: bool = False  # until the others serve, so that it does not take their time
    is_owner: bool = False  # whether it may make and remove tables
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    pause: float = FIRST_PAUSE
    next_start: float = 0.0

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command,
            cwd=ROOT,
            env={name: value for name, value in os.environ.items() if self.is_owner or name != OWNER_URL},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=end_with_parent,  # noqa: PLW1509 - the supervisor has one thread
        )
        self.started_at = time.monotonic()

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def look_after(self) -> bool:
        """Start it when its time has come; True when it was started."""
        if self.is_alive():
            return False
        now = time.monotonic()
        if self.process is not None:
            self.plan_restart(now)
        if now < self.next_start:
            return False
        self.start()
        return True

    def plan_restart(self, now: float) -> None:
        assert self.process is not None  # noqa: S101 - for the type checker
        if now - self.started_at >= STEADY_SECONDS:
            self.pause = FIRST_PAUSE
        say(f"{self.name} ended with {self.process.returncode}; starting it again in {self.pause:g} s")
        self.signal(signal.SIGKILL)  # its own children, which would keep its port
        self.process, self.next_start = None, now + self.pause
        self.pause = min(self.pause * 2, LONGEST_PAUSE)

    def signal(self, number: int) -> None:
        """To the whole process group, also after its leader is gone."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)


@dataclass
class Database:
    """The embedded server, which runs before the children and is started again when it was killed."""

    pause: float = FIRST_PAUSE
    started_at: float = float("-inf")
    next_start: float = 0.0

    def look_after(self) -> None:
        now = time.monotonic()
        if now < self.next_start or localpg.is_alive():
            return
        say("The database ended; starting it again")
        self.pause = FIRST_PAUSE if now - self.started_at >= STEADY_SECONDS else min(self.pause * 2, LONGEST_PAUSE)
        try:
            localpg.ensure_running()
        except localpg.LocalPostgresError as error:  # such as when something of the old one has not ended yet
            say(str(error))
        self.started_at = time.monotonic()
        self.next_start = self.started_at + self.pause


@dataclass
class Supervisor:
    """Runs the children until it is asked to stop."""

    port: int
    children: list[Child]
    addresses: dict[str, str] = field(default_factory=dict)
    database: Database | None = None
    asked_to_stop: int = 0
    is_interruptible: bool = False
    is_serving: bool = False

    def run(self, banner: str, afterwards: Callable[[], None] | None = None) -> None:
        """Keep them running; returns when everything has stopped. `afterwards` is done once they serve."""
        with self.woken_by_signals() as waker:
            try:
                self.loop(waker, banner, afterwards)
            finally:
                self.stop(waker)

    def loop(self, waker: socket.socket, banner: str, afterwards: Callable[[], None] | None) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not self.asked_to_stop:
            if self.database:
                self.do(self.database.look_after)
            self.look_after_children()
            if not self.is_serving:
                is_late = time.monotonic() > deadline
                self.is_serving = is_late or self.is_ready()
                if self.is_serving:
                    self.go_on(f"Not ready after {READY_SECONDS} s: see above." if is_late else banner, afterwards)
            self.wait(waker, self.seconds_to_next_look() if self.is_serving else 0.1)

    def go_on(self, banner: str, afterwards: Callable[[], None] | None) -> None:
        """Start what waited, do what comes afterwards, and only then call the person."""
        self.look_after_children()
        if afterwards:
            self.do(afterwards)
        if not self.asked_to_stop:
            say(banner)

    def look_after_children(self) -> None:
        started = [child.look_after() for child in self.children if self.is_serving or not child.waits]
        if any(started):
            self.write_state()

    def do(self, work: Callable[[], None]) -> None:
        """Do something that Ctrl-C may interrupt."""
        self.is_interruptible = True
        try:
            work()
        except KeyboardInterrupt:
            pass
        finally:
            self.is_interruptible = False

    def seconds_to_next_look(self) -> float | None:
        now = time.monotonic()
        times = [max(child.next_start - now, 0.05) for child in self.children if not child.is_alive()]
        return min(times + [LOOK_SECONDS] * bool(self.database), default=None)

    def wait(self, waker: socket.socket, seconds: float | None) -> None:
        """Sleep until a signal comes (a child's end is one) or the time is over."""
        if select.select([waker], [], [], seconds)[0]:
            waker.recv(4096)

    def is_ready(self) -> bool:
        return ask_readiness(self.port)

    def write_state(self) -> None:
        state = {
            "port": self.port,
            "pid": os.getpid(),
            "processes": {child.name: child.process.pid for child in self.children if child.process},
            "addresses": self.addresses,
        }
        write_state(state)

    def stop(self, waker: socket.socket) -> None:
        """Ask every child to end, and end by force what has not after a while or a second Ctrl-C."""
        say("Stopping.")
        already, deadline = self.asked_to_stop, time.monotonic() + STOP_SECONDS
        for child in self.children:
            child.signal(signal.SIGTERM)
        while any(child.is_alive() for child in self.children):
            if time.monotonic() > deadline or self.asked_to_stop > max(already, 1):
                break
            self.wait(waker, 0.2)
        for child in self.children:
            child.signal(signal.SIGKILL)
            if child.process is not None:
                child.process.wait()

    @contextlib.contextmanager
    def woken_by_signals(self) -> Iterator[socket.socket]:
        waker, write_end = socket.socketpair()
        write_end.setblocking(False)
        numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD)
        before = {number: signal.signal(number, self.on_signal) for number in numbers}
        old = signal.set_wakeup_fd(write_end.fileno(), warn_on_full_buffer=False)
        try:
            yield waker
        finally:
            signal.set_wakeup_fd(old)
            for number, handler in before.items():
                signal.signal(number, handler)
            waker.close()
            write_end.close()

    def on_signal(self, number: int, frame: FrameType | None) -> None:
        if number != signal.SIGCHLD:
            self.asked_to_stop += 1
            if self.is_interruptible:
                raise KeyboardInterrupt


# Before anything is started


@contextlib.contextmanager
def only_one() -> Iterator[None]:
    """Hold this clone's place; raises CannotRunError when another process has it."""
    RUN.mkdir(exist_ok=True)
    with (RUN / "run.lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            port = read_state().get("port", "…")
            raise CannotRunError(f"Already running with PORT={port}: stop that one first, with Ctrl-C.") from None
        end_what_a_killed_run_left()
        try:
            yield
        finally:
            STATE.unlink(missing_ok=True)


def check_port(port: int, variable: str = "PORT") -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise CannotRunError(f"Port {port} is taken: name another one, {variable}={port + 1} make run") from None


def end_what_a_killed_run_left() -> None:
    """After kill -9 of the supervisor its children may live on; their commands name this clone's path."""
    for pid in read_state().get("processes", {}).values():
        if str(ROOT) in localpg.describe_process(pid):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
                time.sleep(0.2)
    STATE.unlink(missing_ok=True)


def write_state(state: dict[str, Any]) -> None:
    draft = STATE.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps(state, indent=2) + "\n")
    draft.rename(STATE)


def read_state() -> dict[str, Any]:
    try:
        return json.loads(STATE.read_text())
    except (OSError, ValueError):
        return {}


# What the children are


def children() -> list[Child]:
    python, manage = sys.executable, str(ROOT / "manage.py")
    return [
        Child("web", [python, "-m", "gunicorn", "-c", str(ROOT / "config/gunicorn.py"), "config.wsgi"]),
        Child("jobs", [python, manage, "work"], is_owner=True),
        *(
            [Child("stripe", [python, "-m", "config.fakestripe", str(ROOT / ".run/stripe.json")], waits=True)]
            if ENV.stripe_port
            else []
        ),
        *([Child("sign-in", [python, "-m", "config.fakeoidc", str(ROOT)], waits=True)] if ENV.sign_in_port else []),
        *([Child("mail", [python, manage, "receive_mail"], waits=True)] if ENV.mail_port or ENV.lmtp_port else []),
    ]


def end_with_parent() -> None:
    """On Linux the kernel ends a child whose supervisor was killed; elsewhere the next start does."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(LINUX_PDEATHSIG, signal.SIGTERM)


def ask_readiness(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": "localhost"})
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def say(text: str) -> None:
    with contextlib.suppress(BrokenPipeError):
        print(text, flush=True)
