"""Work that waits: telling the moderators, at most once an hour."""

from shared_apps.jobs.tasks import job
from tenant_apps.moderation import services


@job("moderation.cases.tell")
def tell_moderators() -> None:
    """Email the moderators about the cases they have not heard of, or later when they had an email a moment ago."""
    services.tell_moderators()
