"""Reads of the figures: a fixed number of queries for any number of networks."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.db.models import Count, F, Q, Sum

from shared_apps.monitoring.enums import MailOutcome
from shared_apps.monitoring.models import NetworkDay, NetworkSize

_CONNECTIONS = """
SELECT coalesce(state, 'other'), count(*), current_setting('max_connections')::int
FROM pg_stat_activity WHERE datname = current_database() GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Reputation:
    """How a network's email was received; `bounced` and `complained` are counts, as `sent` is."""

    network_id: object
    name: str
    sent: int
    bounced: int
    complained: int

    @property
    def share_bounced(self) -> float:
        """How many of a hundred came back."""
        return 100 * self.bounced / max(self.sent, self.bounced, 1)


@dataclass(frozen=True, slots=True)
class Size:
    """How much room a network takes, in bytes."""

    network_id: object
    name: str
    file_bytes: int
    table_bytes: int

    @property
    def total(self) -> int:
        """Files and tables together."""
        return self.file_bytes + self.table_bytes


def mail_of_day(day: date) -> dict[MailOutcome, int]:
    """Return how many messages of all networks and the platform came to what on a day."""
    sums = NetworkDay.objects.filter(day=day).aggregate(**{each.value: Sum(each.value) for each in MailOutcome})
    return {each: sums[each.value] or 0 for each in MailOutcome}


def used_networks(today: date, *, days: int) -> list[tuple[date, int]]:
    """Return for each of the last days, the oldest first, how many networks somebody used."""
    since = today - timedelta(days=days - 1)
    used = NetworkDay.objects.filter(day__range=(since, today), was_used=True)
    counts = dict(used.values_list("day").annotate(n=Count("id")).order_by())
    return [(day, counts.get(day, 0)) for day in (since + timedelta(days=n) for n in range(days))]


def worst_reputations(today: date, *, days: int, limit: int) -> list[Reputation]:
    """Return the networks whose email came back or was complained of, complaints first, then the most bounces."""
    recent = NetworkDay.objects.filter(day__gt=today - timedelta(days=days), network__isnull=False)
    sums = (
        recent.order_by()
        .values_list("network_id", "network__name")
        .annotate(sent=Sum("mail_sent"), bounced=Sum("mail_bounced"), complained=Sum("mail_complained"))
    )
    bad = sums.filter(Q(bounced__gt=0) | Q(complained__gt=0))
    return [Reputation(*row) for row in bad.order_by("-complained", "-bounced", "network__name")[:limit]]


def largest_networks(limit: int) -> list[Size]:
    """Return the networks that take the most room."""
    sizes = NetworkSize.objects.annotate(total=F("file_bytes") + F("table_bytes")).order_by("-total", "network_id")
    return [Size(*row) for row in sizes.values_list("network_id", "network__name", "file_bytes", "table_bytes")[:limit]]


def total_size() -> tuple[int, int]:
    """Return how many bytes the files and the tables of all networks take."""
    sums = NetworkSize.objects.aggregate(files=Sum("file_bytes"), tables=Sum("table_bytes"))
    return sums["files"] or 0, sums["tables"] or 0


def connections() -> tuple[dict[str, int], int]:
    """Return how many connections to this database are in what state, and how many the server allows."""
    with connection.cursor() as cursor:
        cursor.execute(_CONNECTIONS)
        rows = cursor.fetchall()
    return {state: count for state, count, _ in rows}, rows[0][2]
