"""Work that waits until the response has gone: telling the people who follow a discussion."""

from uuid import UUID

from shared_apps.jobs.tasks import job
from tenant_apps.discussions import services


@job("discussions.reply.tell")
def tell_of_reply(*, reply_id: str) -> None:
    """Email the followers of a member's reply."""
    services.tell_of_reply(UUID(reply_id))


@job("discussions.away_reply.take_in")
def take_in_away_reply(*, publication_id: str, reply_id: str) -> None:
    """Count, and email, a reply that somebody of another network wrote."""
    services.take_in_away_reply(UUID(publication_id), UUID(reply_id))
