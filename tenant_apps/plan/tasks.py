"""Emails about the plan, and the daily review of every network's."""

from uuid import UUID

from shared_apps.jobs.tasks import job
from tenant_apps.plan import services


@job("plan.owners.tell", platform=True)
def tell_owners(*, notice_id: str) -> None:
    """Tell a network's owners one thing by email."""
    services.tell_owners(UUID(notice_id))
