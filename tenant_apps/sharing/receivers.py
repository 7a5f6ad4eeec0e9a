"""Listens to the Collective and to members: answers taken back that have come home, and authors who change."""

from typing import Any
from uuid import UUID

from collective.publications.models import PublicationReport, ReturnedReply
from collective.publications.selectors import closed_among
from tenant_apps.members.models import Member
from tenant_apps.moderation.models import Act, Case, Report
from tenant_apps.sharing import services, tasks
from tenant_apps.sharing.enums import AWAY_REPLY


def on_returned_reply_withdrawn(*, returned: ReturnedReply, **_: Any) -> None:
    """Enqueue, in the same transaction, the removal of the text in the network that kept it."""
    tasks.remove_received_reply.enqueue_for(returned.origin_id, reply_id=str(returned.id))


def on_member_changed(*, member: Member, **_: Any) -> None:
    """Let what they have shared say who they are now, in the transaction that changes them."""
    services.follow_person(member)


def on_publication_reported(*, report: PublicationReport, **_: Any) -> None:
    """Enqueue, in the same transaction, a case in each network that decides; of a closed one's the platform does."""
    for network_id in {report.origin_id, report.author_network_id} - {None} - closed_among([report.origin_id]):
        tasks.take_in_report.enqueue_for(network_id, report_id=str(report.id))


def on_report_decided(*, report: PublicationReport, network_id: UUID, **_: Any) -> None:
    """Let the reporter's network tell them how another network ended it; their own has told them."""
    if report.network_id != network_id:
        tasks.tell_reporter.enqueue_for(report.network_id, report_id=str(report.id), decided_by=str(network_id))


def on_reported(*, report: Report, by: Member, **_: Any) -> None:
    """Pass a member's report of another network's reply on to that network."""
    if report.case.kind == AWAY_REPLY and report.collective_id is None:
        services.pass_on_report(report, by=by)


def on_case_decided(*, case: Case, act: Act, **_: Any) -> None:
    """Let the Collective know how this network ended what was reported there, in the transaction that ended it."""
    passed = [each for each in case.reports.values_list("collective_id", flat=True) if each]
    if passed:
        services.pass_on_decision(passed, outcome=act.kind)
