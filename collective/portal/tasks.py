"""Emails of the platform about what networks left that have closed."""

from uuid import UUID

from collective.portal import services
from shared_apps.jobs.tasks import job


@job("portal.returned_reply.tell", platform=True)
def tell_of_return(*, reply_id: str) -> None:
    """Tell somebody of a network that has closed that a question was withdrawn that they answered."""
    services.tell_of_return(UUID(reply_id))
