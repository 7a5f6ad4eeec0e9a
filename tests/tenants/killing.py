"""Processes that bring a network on line and are killed on the way, as by `kill -9`.

`python -m tests.tenants.killing STEP MOMENT create_network …` is `manage.py create_network …` with a bullet in a step.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, NoReturn, Self

from config import localpg

ROOT = Path(__file__).resolve().parents[2]
MOMENTS = ("before", "inside", "after")  # after: the step has committed, the network's state has not
ENDING = "ending:"  # before the name of a step of deletion
WRITES = ("INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "ALTER")


class Killer:
    """A process with the product loaded that runs each command in a forked child, with a bullet.

    The tests' own process has threads, and a fork of those may hang.
    """

    def __enter__(self) -> Self:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.tenants.killing", "serve"],
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        with self.process:
            assert self.process.stdin is not None
            self.process.stdin.close()

    def shoot(self, *command: str, step: str = "", moment: str = "", after: float | None = None) -> bool:
        """Run a command that is killed in a step, or some seconds after it began; return whether it was killed."""
        return self._answer(command=command, step=step, moment=moment, after=after) == "killed"

    def run(self, *command: str) -> tuple[int, str]:
        """Run a command as manage.py does; return how it ended and what it printed."""
        with NamedTemporaryFile(mode="r") as printed:
            ended = self._answer(command=command, printed=printed.name)
            return int(ended), printed.read()

    def _answer(self, **order: Any) -> str:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(json.dumps(order), file=self.process.stdin, flush=True)
        return self.process.stdout.readline().strip()


def die() -> NoReturn:
    """End at once: no handler runs, no buffer is flushed, nothing is rolled back by us."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("still alive")


def arm(step_name: str, moment: str) -> None:
    """Replace a step of onboarding, or one of deletion, by one that kills its process before, inside or after it."""
    from tenants import ending, lifecycle

    is_ending, name = step_name.startswith(ENDING), step_name.removeprefix(ENDING)
    step: Any = next(each for each in (ending.endings() if is_ending else lifecycle.steps()) if each.name == name)

    def run(subject: Any) -> NoReturn:
        if moment == "before":
            die()
        if moment == "inside":
            run_to_first_write(step.run, subject)
        step.run(subject)
        die()

    (ending.register_ending if is_ending else lifecycle.register_step)(replace(step, run=run))


def restore_later(archive: str, subdomain: str) -> None:
    """Restore an archive in a release that has one migration more, and die in the upgrade to it."""
    from django.core.management import call_command

    from tenant_apps.portability.services import restoring
    from tests.builders.releases import ONE_COLUMN, release_with

    restoring.upgrade_here = partial(run_to_first_write, restoring.upgrade_here)
    with release_with(ONE_COLUMN):
        call_command("restore_network", archive, "--subdomain", subdomain)


def run_to_first_write(run: Callable[[Any], Any], network: Any) -> NoReturn:
    """Die when the first statement that writes has been carried out, and its transaction is still open."""
    from django.db import connection

    def execute(call: Callable, sql: str, *rest: Any) -> Any:
        result = call(sql, *rest)
        if str(sql).lstrip().upper().startswith(WRITES):
            die()
        return result

    with connection.execute_wrapper(execute):
        run(network)
    die()


def run_python(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a Python program against this test's database, with the product's own settings."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def environment() -> dict[str, str]:
    """Return what a process needs to use this test's database."""
    from django.db import connection

    name = connection.settings_dict["NAME"]
    urls = {
        "DATABASE_URL": database_url(name, localpg.APP_ROLE),
        "DATABASE_OWNER_URL": database_url(name, localpg.OWNER_ROLE),
    }
    return os.environ | urls | {"DJANGO_SETTINGS_MODULE": "config.settings"}


def database_url(name: str, role: str) -> str:
    """Return the address of one of the tests' databases, as a role."""
    return localpg.find_cluster("test").url_of(role).replace(f"/{localpg.DATABASE}?", f"/{name}?")


def serve() -> None:
    """Carry out the orders of a Killer, one a line, each in a child."""
    from django.db import connection

    connection.close()
    for line in sys.stdin:
        child = os.fork()
        if not child:
            obey(**json.loads(line))
        _, status = os.waitpid(child, 0)
        code = os.waitstatus_to_exitcode(status)
        print("killed" if code == -signal.SIGKILL else code, flush=True)


def obey(
    command: list[str], step: str = "", moment: str = "", after: float | None = None, printed: str = os.devnull
) -> NoReturn:
    """Run one command, with its bullet if it has one, and end without a word to the process that forked us."""
    from django.core.management import call_command, execute_from_command_line

    code = 1
    try:
        os.dup2(os.open(printed, os.O_WRONLY), sys.stdout.fileno())
        if after is not None:
            threading.Timer(after, die).start()
        if step:
            arm(step, moment)
        if command[0] in _OTHERS:
            _OTHERS[command[0]](*command[1:])
        if printed == os.devnull:
            call_command(*command)
        else:
            execute_from_command_line(["manage.py", *command])
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    finally:
        sys.stdout.flush()
        os._exit(code)


def remove(subdomain: str) -> None:
    """Remove a network as an operator does."""
    from shared_apps.audit.services import Actor
    from shared_apps.operator.services import remove_unfinished
    from tenants.models import Network

    remove_unfinished(Network.objects.get(subdomain=subdomain), by=Actor.system("command"))


def end_network(subdomain: str) -> None:
    """Delete a network that has closed, as the schedule does a minute later."""
    from datetime import timedelta

    from django.utils import timezone

    from shared_apps.closing import selectors, services
    from tenants.models import Network

    closing = selectors.open_closing(Network.objects.get(subdomain=subdomain))
    assert closing is not None
    services.advance(closing, now=timezone.now() + timedelta(minutes=1))


_OTHERS = {  # what is ordered beside commands of manage.py
    "remove": lambda subdomain: run_to_first_write(remove, subdomain),
    "end": end_network,
    "restore_later": restore_later,
}


def main() -> None:
    """Serve, or run the command of the arguments with the bullet of the first two."""
    import django
    from django.core.management import call_command

    django.setup()
    if sys.argv[1] == "serve":
        serve()
    else:
        arm(sys.argv[1], sys.argv[2])
        call_command(*sys.argv[3:])


if __name__ == "__main__":
    main()
