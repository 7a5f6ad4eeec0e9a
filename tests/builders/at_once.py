"""Several threads that do something at the same moment, each with a connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connections

from tenants.context import in_network
from tenants.models import Network

LONGEST = 30.0  # seconds until all have begun


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Start every act at the same moment; return what each returned or raised."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            barrier.wait(LONGEST)
            return act()
        except Exception as error:  # noqa: BLE001 - the test looks at whatever it was
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def within(network: Network, act: Callable[..., Any], *args: Any, **kwargs: Any) -> Callable[[], Any]:
    """Return the act as it is done in a network."""

    def entered() -> Any:
        with in_network(network):
            return act(*args, **kwargs)

    return entered
