"""Emails about support access."""

from uuid import UUID

from shared_apps.jobs.tasks import job
from tenant_apps.support import services


@job("support.owners.tell")
def tell_owners(*, grant_id: str, state: str) -> None:
    """Tell this network's owners how a request stands, unless it stands otherwise by now."""
    services.tell_owners(UUID(str(grant_id)), state)
