"""Work of sharing that crosses from one network to another, through jobs that carry their network."""

from uuid import UUID

from shared_apps.audit.services import Actor
from shared_apps.jobs.tasks import job
from tenant_apps.sharing import services


@job("sharing.received_reply.remove")
def remove_received_reply(*, reply_id: str) -> None:
    """Blank an answer that came home, at its author's wish."""
    services.remove_received_reply(UUID(reply_id), by=Actor.system("job"))


@job("sharing.returned_reply.tell")
def tell_author_of_return(*, reply_id: str) -> None:
    """Email the author that what they answered was withdrawn, in their own network."""
    services.tell_author_of_return(UUID(reply_id))


@job("sharing.report.take_in")
def take_in_report(*, report_id: str) -> None:
    """Open a case about something of this network that was reported in the Collective."""
    services.take_in_report(UUID(report_id))


@job("sharing.report.tell_reporter")
def tell_reporter(*, report_id: str, decided_by: str) -> None:
    """Email a member of this network how what they reported elsewhere ended."""
    services.tell_reporter(UUID(report_id), UUID(decided_by))
