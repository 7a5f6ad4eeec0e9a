"""Something that another connection does at the same time, and that waits for what is held here."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

_WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"


def begin(act: Callable[[], object]) -> Callable[[], None]:
    """Begin `act` in another connection, and return when it waits; what is returned sees it end well."""
    errors: list[Exception] = []

    def guarded() -> None:
        try:
            act()
        except Exception as error:  # noqa: BLE001 - raised again at the end
            errors.append(error)
        finally:
            connection.close()

    def end() -> None:
        other.join(timeout=20)
        if errors:
            raise errors[0]
        assert not other.is_alive(), "It still waits."

    other = threading.Thread(target=guarded)
    other.start()
    for _ in range(2000):
        if _does_one_wait():
            return end
        other.join(0.01)
    pytest.fail(f"It does not wait for what is held here: {errors}")


def _does_one_wait() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_WAITING)
        return bool(cursor.fetchone()[0])
