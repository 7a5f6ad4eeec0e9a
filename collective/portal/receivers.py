"""Has the platform tell people what no network is left to tell them, in the transaction of what happened."""

from typing import Any

from collective.portal import tasks
from collective.publications import services as publications
from collective.publications.models import PublicationReport, ReturnedReply
from collective.publications.selectors import closed_among


def on_replies_returned(*, returned: list[ReturnedReply], **_: Any) -> None:
    """Tell authors whose own network has closed; the others' networks tell theirs."""
    closed = closed_among(each.network_id for each in returned)
    for each in returned:
        if each.network_id in closed:
            tasks.tell_of_return.enqueue(reply_id=str(each.id))


def on_publication_reported(*, report: PublicationReport, **_: Any) -> None:
    """Have operators told of a report about what a closed network left, also when its reporter says more later."""
    if not closed_among([report.origin_id]):
        return
    decided_at = report.origin_decided_at
    if report.origin_outcome:
        publications.reopen_report(report)
    tasks.tell_operators.enqueue(report_id=str(report.id), after=decided_at.isoformat() if decided_at else "")
