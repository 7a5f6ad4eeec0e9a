"""Reads about closing, and what there is of a network before it is deleted."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from shared_apps.accounts.enums import AccessState
from shared_apps.accounts.models import NetworkAccess
from shared_apps.billing.models import Invoice
from shared_apps.closing.enums import OPEN, ClosingState
from shared_apps.closing.models import Closing
from shared_apps.core.when import long_day
from tenants import ending
from tenants.models import Network

NOTICE, READ_ONLY = timedelta(days=30), timedelta(days=30)
LONGEST_NOTICE = timedelta(days=366)
REMINDED = (7, 1)  # days before deletion


class DayError(ValueError):
    """Not a day on which a network can close; the message says why in one line."""


def network_of(closing: Closing) -> Network:
    """Return the network that leaves."""
    return Network.objects.get(id=closing.network_id)


def open_closing(network: Network) -> Closing | None:
    """Return how a network leaves, if it does."""
    return Closing.objects.filter(network_id=network.id, state__in=OPEN).first()


def closings_of(network: Network) -> QuerySet[Closing]:
    """Return every time it was announced that a network closes, the latest first."""
    return Closing.objects.filter(network_id=network.id)


def get_closing(closing_id: UUID) -> Closing | None:
    """Return a closing, or None."""
    return Closing.objects.filter(id=closing_id).first()


def certified(closing_id: UUID) -> Closing | None:
    """Return a closing that ended with a certificate, or None."""
    return Closing.objects.filter(id=closing_id, state=ClosingState.DELETED).first()


def closings_due(now: datetime) -> list[Closing]:
    """Return what may have to be moved on, the first to close first."""
    soonest = now + timedelta(days=max(REMINDED))
    found = Closing.objects.filter(state__in=OPEN, closes_at__lte=soonest)
    return list(found.order_by("closes_at", "id"))


def day_begins(day: date) -> datetime:
    """Return the moment a day begins, here."""
    return timezone.make_aware(datetime.combine(day, time.min))


def check_day(day: date, now: datetime) -> None:
    """Raise DayError for a closing day without enough notice, or too far away."""
    today = timezone.localdate(now)
    if day < today + NOTICE:
        soonest = today + NOTICE
        raise DayError(f"Members need {NOTICE.days} days’ notice. Choose {long_day(soonest, today)} or later.")
    if day > today + LONGEST_NOTICE:
        raise DayError("Choose a day within a year.")


def inventory_of(network: Network) -> dict[str, Any]:
    """Return what there is of a network: counts, and whatever apps above say of it."""
    folder = Path(settings.MEDIA_ROOT) / "networks" / str(network.id)
    sizes = [each.stat().st_size for each in folder.rglob("*") if each.is_file()]
    access = NetworkAccess.objects.filter(network=network, state=AccessState.ACTIVE)
    invoices = Invoice.objects.filter(subscription__network=network)
    return {
        "people": access.count(),
        "files": len(sizes),
        "file_bytes": sum(sizes),
        "invoices": invoices.count(),
    } | ending.look_at(network)


def preview_of(network: Network) -> dict[str, Any]:
    """Return what deletion would take, for somebody who looks before it: without whose the network is."""
    empty = {"shared": 0, "archive_sha256": ""}
    return {name: value for name, value in (empty | inventory_of(network)).items() if name != "owner_ids"}


def preview_in_words(network: Network) -> list[tuple[str, str]]:
    """Return the same for people: what is counted, and how much of it."""
    found = preview_of(network)
    return [
        ("People who lose access", f"{found['people']:,}"),
        ("Tables and rows", f"{found['tables']:,} and {found['rows']:,} ({filesizeformat(found['table_bytes'])})"),
        ("Files", f"{found['files']:,} ({filesizeformat(found['file_bytes'])})"),
        ("Shared with other networks", f"{found['shared']:,}"),
        ("Invoices, which stay", f"{found['invoices']:,}"),
        ("Last archive of its owners", found["archive_sha256"][:16] or "None"),
    ]
