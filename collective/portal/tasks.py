"""Emails of the platform about what networks left that have closed."""

from uuid import UUID

from collective.portal import services
from shared_apps.jobs.tasks import job


@job("portal.returned_reply.tell", platform=True)
def tell_of_return(*, reply_id: str) -> None:
    """Tell somebody of a network that has closed that a question was withdrawn that they answered."""
    services.tell_of_return(UUID(reply_id))


@job("portal.report.tell_operators", platform=True)
def tell_operators(*, report_id: str, after: str) -> None:
    """Email operators of something that only they decide about, again `after` they had decided (a time, or nothing)."""
    services.tell_operators(UUID(report_id), after=after)


@job("portal.taken_down.tell", platform=True)
def tell_of_taking_down(*, account_id: str, report_id: str) -> None:
    """Email somebody that what they shared, in a network that has closed, was taken down."""
    services.tell_of_taking_down(UUID(account_id), UUID(report_id))
