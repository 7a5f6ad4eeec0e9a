"""Writing an owner's archive, and removing those that have expired."""

from datetime import time, timedelta
from uuid import UUID

from shared_apps.jobs.tasks import job, periodic
from tenant_apps.portability import services


@job("portability.export.write", timeout=timedelta(hours=2))
def write_export(*, export_id: str) -> None:
    """Write an archive; killed half-way, it goes on."""
    services.write_export(UUID(export_id))


@periodic("portability.exports.sweep", at=time(3, 50), per_network=True)
def sweep_exports() -> None:
    """Remove archives that have expired."""
    services.sweep_exports()
