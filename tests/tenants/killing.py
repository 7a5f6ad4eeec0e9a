"""Processes that bring a network on line and are killed on the way, as by `kill -9`.

`python -m tests.tenants.killing STEP MOMENT create_network …` is `manage.py create_network …` with a bullet in a step.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).resolve().parents[2]
MOMENTS = ("before", "inside", "after")  # after: the step has committed, the network's state has not
WRITES = ("INSERT", "UPDATE", "DELETE", "CREATE", "DROP")


def die() -> NoReturn:
    """End at once: no handler runs, no buffer is flushed, nothing is rolled back by us."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("still alive")


def arm(step_name: str, moment: str) -> None:
    """Replace a step of onboarding by one that kills its process before, inside or after its work."""
    from tenants import lifecycle

    step = next(step for step in lifecycle.steps() if step.name == step_name)

    def run(network: Any) -> NoReturn:
        if moment == "before":
            die()
        if moment == "inside":
            run_to_first_write(step.run, network)
        step.run(network)
        die()

    lifecycle.register_step(replace(step, run=run))


def run_to_first_write(run: Callable[[Any], Any], network: Any) -> NoReturn:
    """Die when the first statement that writes has been carried out, and its transaction is still open."""
    from django.db import connection

    def execute(call: Callable, sql: str, *rest: Any) -> Any:
        result = call(sql, *rest)
        if sql.lstrip().upper().startswith(WRITES):
            die()
        return result

    with connection.execute_wrapper(execute):
        run(network)
    die()


def killed_child(work: Callable[[], Any], *, after: float | None = None) -> bool:
    """Do the work in a forked process, which dies by itself or `after` seconds; return whether it was killed."""
    from django.db import connection

    connection.close()
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    try:
        if after is not None:
            threading.Timer(after, die).start()
        work()
    finally:
        os._exit(0)


def run_python(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a Python program against this test's database, with the product's own settings."""
    from django.db import connection

    database = connection.settings_dict
    url = f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}"
    environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"}
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


def main() -> None:
    """Run the command of the arguments with the bullet of the first two."""
    import django
    from django.core.management import call_command

    django.setup()
    arm(sys.argv[1], sys.argv[2])
    call_command(*sys.argv[3:])


if __name__ == "__main__":
    main()
