"""Reads about owners' archives."""

from uuid import UUID

from django.db.models import QuerySet

from tenant_apps.portability import keeping
from tenant_apps.portability.archive import Progress
from tenant_apps.portability.enums import ExportState
from tenant_apps.portability.models import Export
from tenants.enums import NetworkState
from tenants.models import Network

UNDER_WAY = (ExportState.WAITING, ExportState.RUNNING)


def exports() -> QuerySet[Export]:
    """Return the archives that owners asked for, newest first."""
    return Export.objects.select_related("asked_by").order_by("-asked_at", "-id")


def get_export(export_id: UUID) -> Export | None:
    """Return an archive, or None."""
    return exports().filter(id=export_id).first()


def last_written() -> Export | None:
    """Return the last archive that was written, also when its bytes are gone by now."""
    return exports().exclude(sha256="").first()


def export_under_way() -> Export | None:
    """Return the archive that is being written or waits to be."""
    return exports().filter(state__in=UNDER_WAY).first()


def copies_of(network: Network) -> list[Network]:
    """Return the copies of a network that were restored here, the latest first."""
    return list(Network.objects.filter(restored_from=network.id, state=NetworkState.LIVE).order_by("-created_at"))


def wanted_ids() -> set[UUID]:
    """Return the archives that are there, or will be."""
    return set(Export.objects.filter(state__in=(*UNDER_WAY, ExportState.READY)).values_list("id", flat=True))


def progress_of(export: Export) -> Progress | None:
    """Return how far an archive is, or None when it is not being written."""
    return keeping.progress_of(export.id) if export.state == ExportState.RUNNING else None
