"""Telling people of a closing, and taking back what is shared."""

from uuid import UUID

from shared_apps.closing.enums import Event
from shared_apps.jobs.tasks import job
from tenant_apps.farewell import services


@job("farewell.people.tell", platform=True)
def tell(*, closing_id: str, event: str) -> None:
    """Tell the people of a network what happens; it may not answer by then, so the job is the platform's."""
    services.tell(UUID(closing_id), Event(event))


@job("farewell.shared.withdraw")
def withdraw_shared() -> None:
    """Take back what this network shares, if its owners chose so."""
    services.withdraw_shared()
