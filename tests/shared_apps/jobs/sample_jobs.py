"""Jobs that only tests declare; rows name them by this module's path, as they do any other job."""

import os
import sys
import threading
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from shared_apps.jobs import services
from shared_apps.jobs.tasks import job
from tenants.context import current_schema
from tests import cluster

RAN: list[tuple[str, str]] = []
"""The schema and mark of every run in this process."""


def no_wait(attempt: int) -> timedelta:
    """Try again at once."""
    return timedelta()


@job("tests.sample.note")
def note(*, mark: str = "") -> None:
    """Note where it ran."""
    RAN.append((current_schema(), mark))


@job("tests.sample.note_platform", platform=True)
def note_platform(*, mark: str = "") -> None:
    """Note where it ran."""
    RAN.append((current_schema(), mark))


@job("tests.sample.note_collective", collective=True)
def note_collective(*, mark: str = "") -> None:
    """Note where it ran."""
    RAN.append((current_schema(), mark))


@job("tests.sample.fail", max_attempts=3, backoff=no_wait)
def fail(*, mark: str = "") -> None:
    """Fail with a message, a cause and a variable that no row and no log may hold."""
    RAN.append((current_schema(), mark))
    secret = "canary-priya-7731"
    try:
        raise KeyError(secret)
    except KeyError as error:
        raise ValueError(f"{secret} wrote about {mark}") from error


@job("tests.sample.fail_in_sql", max_attempts=1)
def fail_in_sql(*, mark: str = "") -> None:
    """Leave the connection as a database error leaves it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT canary_7731 FROM nowhere")


@job("tests.sample.fail_slowly", max_attempts=2)
def fail_slowly(*, mark: str = "") -> None:
    """Fail with the usual wait between attempts."""
    raise ValueError


@job("tests.sample.hang", max_attempts=1, timeout=timedelta(milliseconds=20))
def hang(*, mark: str = "") -> None:
    """Never end by itself."""
    threading.Event().wait()


@job("tests.sample.linger", max_attempts=3)
def linger(*, mark: str) -> None:
    """Note where it ran; with LINGER in the environment say so first and never end."""
    if os.environ.get("LINGER"):
        print("begun", flush=True)
        threading.Event().wait()
    RAN.append((current_schema(), mark))


@job("tests.sample.await_word")
def await_word(*, mark: str) -> None:
    """Say that it has begun, and end when somebody writes a line."""
    print("begun", flush=True)
    sys.stdin.readline()


@job("tests.sample.look_for_lost")
def look_for_lost(*, mark: str) -> None:
    """Note how many rows another worker would take for lost meanwhile."""
    RAN.append((mark, str(services.give_back_lost_rows(timezone.now()))))


@job("tests.sample.lose_database", max_attempts=2)
def lose_database(*, mark: str) -> None:
    """Note where it ran; the first time the server ends the connection before the work is done."""
    RAN.append((current_schema(), mark))
    if len(RAN) == 1:
        cluster.lose_connection()
