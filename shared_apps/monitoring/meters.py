"""What each process of the web server counts for Prometheus; labels are bounded, and no network is one.

config/gunicorn.py names the folder in which the processes put their figures together, before this is loaded.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram
from prometheus_client.multiprocess import MultiProcessCollector

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

REQUESTS = Counter("sbm_requests", "Requests answered.", ["host", "route", "status"])
ROUTE_SECONDS = Counter("sbm_route_seconds", "Seconds that the requests of a route took together.", ["host", "route"])
REQUEST_SECONDS = Histogram("sbm_request_seconds", "Seconds a request took.", ["host"], buckets=BUCKETS)
SEARCH_SECONDS = Histogram("sbm_search_seconds", "Seconds a search took.", ["index"], buckets=BUCKETS)


def note_request(*, host: str, route: str, status: int, seconds: float) -> None:
    """Count a request; `host` is a kind of host and `route` a name of ours."""
    REQUESTS.labels(host, route, f"{status // 100}xx").inc()
    ROUTE_SECONDS.labels(host, route).inc(seconds)
    REQUEST_SECONDS.labels(host).observe(seconds)


@contextmanager
def timed_search(index: str) -> Iterator[None]:
    """Time a search of "network" or "collective"."""
    began = perf_counter()
    try:
        yield
    finally:
        SEARCH_SECONDS.labels(index).observe(perf_counter() - began)


def figures_of_processes() -> CollectorRegistry:
    """Return what all processes of this web server counted, or this one alone where it has no others."""
    if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return registry
