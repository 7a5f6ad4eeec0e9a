"""What /metrics says beside what each process counted: figures of the whole platform, read when it is asked.

About ten short queries whatever the number of networks, and no label that grows with it.
"""

from collections import Counter
from collections.abc import Iterator

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from shared_apps.jobs import selectors as jobs
from shared_apps.monitoring import selectors as monitoring
from shared_apps.monitoring.meters import figures_of_processes
from shared_apps.operator import selectors
from tenants.schema import current_release

CONTENT_TYPE = CONTENT_TYPE_LATEST
_SCHEME = "Bearer "


def may_scrape(header: str) -> bool:
    """Whether an Authorization header holds the token of settings.METRICS_TOKEN, if there is one."""
    token = settings.METRICS_TOKEN
    return bool(token) and header.startswith(_SCHEME) and constant_time_compare(header[len(_SCHEME) :], token)


def exposition() -> bytes:
    """Return all figures as Prometheus reads them."""
    registry = CollectorRegistry()
    registry.register(PlatformCollector())
    return generate_latest(figures_of_processes()) + generate_latest(registry)


class PlatformCollector:
    """Reads the figures when they are collected."""

    def describe(self) -> list[Metric]:
        """Return nothing, so that registering costs no query."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield every figure."""
        yield from _networks()
        yield from _jobs()
        yield _gauge(
            "sbm_mail_today",
            "Messages of today by what became of them.",
            {
                outcome.value.removeprefix("mail_"): n
                for outcome, n in monitoring.mail_of_day(timezone.localdate()).items()
            },
            "outcome",
        )
        states, most = monitoring.connections()
        yield _gauge("sbm_database_connections", "Connections to the database.", states, "state")
        yield GaugeMetricFamily("sbm_database_connections_max", "Connections the server allows.", value=most)


def _networks() -> Iterator[Metric]:
    rows = selectors.networks_by_release()
    by_state: Counter[str] = Counter()
    by_release: Counter[str] = Counter()
    for state, release, count in rows:
        by_state[state] += count
        by_release["current" if release == current_release() else "other"] += count
    yield _gauge("sbm_networks", "Networks by state.", dict(by_state), "state")
    yield _gauge("sbm_networks_release", "Networks by the release their tables are of.", dict(by_release), "release")


def _jobs() -> Iterator[Metric]:
    now, queues = timezone.now(), jobs.queues()
    yield _gauge("sbm_jobs_waiting", "Jobs not yet run.", {each.job: each.waiting for each in queues}, "job")
    yield _gauge("sbm_jobs_running", "Jobs being run.", {each.job: each.running for each in queues}, "job")
    yield _gauge("sbm_jobs_failed", "Jobs that failed for good.", {each.job: each.failed for each in queues}, "job")
    ages = {q.job: (now - q.oldest_waiting_at).total_seconds() for q in queues if q.oldest_waiting_at}
    yield _gauge("sbm_jobs_oldest_seconds", "How long the oldest job that is due has waited.", ages, "job")
    beat = jobs.last_heartbeat()
    yield GaugeMetricFamily("sbm_workers", "Workers alive.", value=len(jobs.workers()))
    if beat is not None:
        age = (now - beat).total_seconds()
        yield GaugeMetricFamily("sbm_worker_heartbeat_seconds", "Since a worker gave a sign of life.", value=age)


def _gauge(name: str, words: str, values: dict[str, float], label: str) -> Metric:
    family = GaugeMetricFamily(name, words, labels=[label])
    for key, value in sorted(values.items()):
        family.add_metric([key], value)
    return family
