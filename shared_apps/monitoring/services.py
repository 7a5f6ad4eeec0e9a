"""Counts what happened in a network today, in the transaction of what it counts, and notes how much room it takes."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, Q
from django.utils import timezone

from shared_apps.monitoring.enums import MailOutcome
from shared_apps.monitoring.models import NetworkDay, NetworkSize
from tenants.context import current_network, this_network

KEPT = timedelta(days=400)
_TABLE_BYTES = """
SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::bigint FROM pg_class
WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'
"""


def count_mail(outcome: MailOutcome) -> None:
    """Count a message of the current network, or of the platform; last in its transaction, because it locks the day."""
    network = current_network()
    _change_today(network.id if network is not None else None, {outcome.value: F(outcome.value) + 1})


def note_use() -> None:
    """Note that somebody used the current network today."""
    _change_today(this_network().id, {"was_used": True})


def measure(*, file_bytes: int, now: datetime) -> None:
    """Keep how much room the current network takes: its files, which the caller knows, and its tables."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLE_BYTES)
        (table_bytes,) = cursor.fetchone()
    NetworkSize.objects.update_or_create(
        network_id=this_network().id,
        defaults={"file_bytes": file_bytes, "table_bytes": table_bytes, "measured_at": now},
    )


def prune_days(today: date) -> int:
    """Forget the days of more than a year ago, and return how many."""
    return NetworkDay.objects.filter(day__lt=today - KEPT).delete()[0]


def _change_today(network_id: UUID | None, changes: dict[str, Any]) -> None:
    today = timezone.localdate()
    whose = Q(network_id=network_id) if network_id is not None else Q(network__isnull=True)
    row = NetworkDay.objects.filter(whose, day=today)
    if not row.update(**changes):
        NetworkDay.objects.bulk_create([NetworkDay(network_id=network_id, day=today)], ignore_conflicts=True)
        row.update(**changes)
