"""Jobs about members."""

from shared_apps.jobs.tasks import job
from tenant_apps.members import services


@job("members.posting.refresh_schools")
def refresh_schools() -> None:
    """Copy what the register now says of schools to this network's postings."""
    services.refresh_schools()
