"""Reports about what lies between networks: each side gets its case, and everybody concerned sees how it ended."""

from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from collective.publications import selectors as published
from collective.publications import services as publications
from collective.publications.models import PublicationReport
from shared_apps.audit.services import record
from tenant_apps.members.models import Member
from tenant_apps.members.selectors import member_of_account
from tenant_apps.moderation import messages as words
from tenant_apps.moderation import services as moderation
from tenant_apps.moderation.models import Report
from tenant_apps.notifications import services as notifications
from tenant_apps.notifications.enums import Kind
from tenant_apps.sharing.adapters import adapter_for
from tenant_apps.sharing.enums import AWAY_REPLY, SENT_REPLY, ShareState
from tenant_apps.sharing.models import ReceivedReply
from tenant_apps.sharing.selectors import item_of_publication, shared_item
from tenant_apps.sharing.services.items import hold
from tenants.context import in_collective, this_network


def take_in_report(report_id: UUID) -> None:
    """Open a case for a report of the Collective that this network decides; called by a job, nothing twice."""
    network_id = this_network().id
    with in_collective():
        found = published.reports_by_ids([report_id], network_id=network_id)
        origin = published.get_origin(found[0].network_id) if found else None
    thing = _thing_of(found[0], network_id) if found else None
    if thing is not None:
        moderation.take_in_report(
            *thing,
            reason=found[0].reason,
            words=found[0].words,
            collective_id=report_id,
            network_name=origin.name if origin else "",
            member=member_of_account(found[0].account_id) if found[0].network_id == network_id else None,
        )


def pass_on_report(report: Report, *, by: Member) -> None:
    """Let the network of a reply's author know that somebody reported it where it was received."""
    network_id = this_network().id
    with in_collective(joining_transaction=True):
        reply = published.reply_of_networks(report.case.object_id, network_id=network_id)
        if reply is None or reply.publication.origin_id != network_id:
            return
        passed = publications.report_publication(
            reply.publication,
            reply=reply,
            account_id=by.account_id,
            network_id=network_id,
            reason=report.reason,
            words=report.words,
        )
    Report.objects.filter(id=report.id).update(collective_id=passed.id)


def pass_on_decision(report_ids: list[UUID], *, outcome: str) -> None:
    """Write how this network ended reports of the Collective, in the transaction that ended them."""
    network_id = this_network().id
    with in_collective(joining_transaction=True):
        publications.decide_reports(report_ids, network_id=network_id, outcome=outcome)


def tell_reporter(report_id: UUID, decided_by: UUID) -> None:
    """Tell a member of this network how another network ended what they reported; called by a job."""
    with in_collective():
        report = published.get_report(report_id)
    if report is None or report.network_id != this_network().id:
        return
    member = member_of_account(report.account_id)
    outcome = report.origin_outcome if report.origin_id == decided_by else report.author_outcome
    if member is not None and outcome:
        subject, values = words.to_reporter(report.title, outcome)
        notifications.notify_members(
            [member],
            kind=Kind.MODERATION,
            key=f"sharing.report.{report.id}:{decided_by}:{outcome}",
            title=subject,
            words=values,
            path=reverse("moderation:mine", urlconf="config.urls.network"),
            mail_kind="moderation.report",
        )


@transaction.atomic
def hide_away_reply(reply_id: UUID, *, is_hidden: bool, by: Member) -> None:
    """Hide another network's reply beneath what this one shared, wherever it lives, or show it; the caller checks."""
    network_id = this_network().id
    home = ReceivedReply.objects.filter(id=reply_id).first()
    if home is None:
        with in_collective(joining_transaction=True):
            publications.hide_reply(reply_id, network_id=network_id, is_hidden=is_hidden)
    else:
        _hide_at_home(home, is_hidden=is_hidden)
    record("sharing.reply.hidden", by=by.actor, target_kind="reply", target_id=reply_id, is_hidden=is_hidden)


@transaction.atomic
def hide_sent_reply(reply_id: UUID, *, is_hidden: bool, by: Member) -> None:
    """Take what a member answered in the Collective out of it, or put it back; the caller checks."""
    network_id = this_network().id
    with in_collective(joining_transaction=True):
        publications.hide_reply(reply_id, network_id=network_id, is_hidden=is_hidden)
    record("sharing.sent_reply.hidden", by=by.actor, target_kind="reply", target_id=reply_id, is_hidden=is_hidden)


def _thing_of(report: PublicationReport, network_id: UUID) -> tuple[str, UUID] | None:
    """Return what a report is about, as this network's adapters know it."""
    if report.reply_id is not None:
        return (AWAY_REPLY if report.origin_id == network_id else SENT_REPLY), report.reply_id
    item = item_of_publication(report.publication_id)
    return (item.source_kind, item.source_id) if item else None


def _hide_at_home(reply: ReceivedReply, *, is_hidden: bool) -> None:
    hold(reply.source_id)
    ReceivedReply.objects.filter(id=reply.id).update(hidden_at=timezone.now() if is_hidden else None)
    item = shared_item(reply.source_kind, reply.source_id)
    is_out = item is not None and item.state == ShareState.SHARED
    adapter_for(reply.source_kind).set_publication(reply.source_id, item.publication_id if is_out and item else None)


__all__ = [
    "hide_away_reply",
    "hide_sent_reply",
    "pass_on_decision",
    "pass_on_report",
    "take_in_report",
    "tell_reporter",
]
