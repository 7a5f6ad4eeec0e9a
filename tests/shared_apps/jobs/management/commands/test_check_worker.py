"""check_worker says how old the last sign of life is, and fails when it is too old or of another machine."""

import socket
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from shared_apps.jobs.models import Worker


def beat(host: str, *, seconds: int) -> None:
    at = timezone.now() - timedelta(seconds=seconds)
    Worker.objects.create(host=host, pid=1, started_at=at, heartbeat_at=at)


def check(*options: str) -> str:
    out = StringIO()
    call_command("check_worker", *options, stdout=out)
    return out.getvalue()


def test_check_worker_says_the_age(db):
    beat(socket.gethostname(), seconds=400)
    beat(socket.gethostname(), seconds=7)

    assert check() == "The last sign of life was 7 s ago.\n"


def test_check_worker_fails_when_it_is_too_old(db):
    beat(socket.gethostname(), seconds=31)

    with pytest.raises(CommandError, match="was 31 s ago"):
        check()


def test_check_worker_looks_at_this_machine_unless_asked_for_any(db):
    beat("elsewhere", seconds=2)

    with pytest.raises(CommandError, match="No worker has started here"):
        check()
    assert check("--anywhere") == "The last sign of life was 2 s ago.\n"
