"""What the pages draw, as plain values; who wrote anonymously is named nowhere."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils import timezone

from collective.publications.models import PublicationReport
from shared_apps.core.markdown import excerpt, render_markdown
from tenant_apps.members.models import Member
from tenant_apps.moderation import messages, selectors
from tenant_apps.moderation.adapters import Reportable
from tenant_apps.moderation.enums import TAKES_BACK, ActKind
from tenant_apps.moderation.models import Act, Appeal, Case, Report
from tenant_apps.moderation.permissions import can_decide_appeal, can_take_back
from tenants.selectors import collective_url

_BADGES = {
    ActKind.LEFT: "plain",
    ActKind.HIDDEN: "bad",
    ActKind.EDIT_ASKED: "warn",
    ActKind.WARNED: "warn",
    ActKind.SUSPENDED: "bad",
    ActKind.SHOWN: "good",
    ActKind.LIFTED: "good",
    ActKind.TAKEN_BACK: "plain",
}


def author_of(case: Case) -> str:
    """Return whose it is, for moderators."""
    if case.is_anonymous:
        return "A member, anonymously"
    return case.author.shown_name if case.author else "Somebody of another network"


def case_row(case: Any) -> dict[str, Any]:
    """Return one line of the queue."""
    return {
        "id": case.id,
        "title": case.title,
        "text": excerpt(case.text, 160),
        "noun": selectors.noun_of(case.kind).capitalize(),
        "author": author_of(case),
        "reports": case.report_count,
        "opened_at": case.opened_at,
        "outcome": case.get_outcome_display() if case.closed_at else "",
        "badge": _BADGES.get(case.outcome, "plain"),
        "is_old": case.closed_at is None and (timezone.now() - case.opened_at).days >= 2,
    }


def report_row(report: Report) -> dict[str, Any]:
    """Return one report as moderators read it: of another network only its name is known."""
    who = report.member.shown_name if report.member else f"A member of {report.network_name or 'another network'}"
    return {"who": who, "reason": report.get_reason_display(), "words": report.words, "at": report.created_at}


def act_rows(acts: Iterable[Act], reader: Member) -> list[dict[str, Any]]:
    """Return lines of the log; who moderates is asked once, where an appeal waits."""
    found = list(acts)
    waits = any(getattr(act, "appeal", None) and act.appeal.decided_at is None for act in found)
    waits = waits or any(act.about_id == reader.id for act in found)
    deciders = {member.id for member in selectors.moderators()} if waits else set()
    return [_act_row(act, reader, deciders) for act in found]


def act_row(act: Act, reader: Member) -> dict[str, Any]:
    """Return one line of the log."""
    return act_rows([act], reader)[0]


def _act_row(act: Act, reader: Member, deciders: set[UUID]) -> dict[str, Any]:
    undone, appeal = getattr(act, "undone_by", None), getattr(act, "appeal", None)
    return {
        "id": act.id,
        "case_id": act.case_id,
        "title": act.case.title,
        "what": act.get_kind_display(),
        "badge": _BADGES[ActKind(act.kind)],
        "about": _about(act),
        "by": "you" if act.by_id == reader.id else act.by.shown_name,
        "at": act.at,
        "until": act.until,
        "is_open_ended": act.kind == ActKind.SUSPENDED and act.until is None,
        "reason": act.reason,
        "is_undone": undone is not None,
        "can_take_back": undone is None
        and act.kind in TAKES_BACK
        and can_take_back(reader, act, has_others=bool(deciders - {reader.id})),
        "appeal": _appeal_row(appeal, act, reader, deciders) if appeal else None,
    }


def _appeal_row(appeal: Appeal, act: Act, reader: Member, deciders: set[UUID]) -> dict[str, Any]:
    ended = "" if appeal.decided_at is None else ("Granted" if appeal.is_granted else "Refused")
    others = bool(deciders - {act.by_id, act.about_id})
    return {
        "id": appeal.id,
        "words": appeal.words,
        "at": appeal.created_at,
        "ended": ended,
        "decided_by": appeal.decided_by.shown_name if appeal.decided_by else "",
        "reason": appeal.reason,
        "can_decide": appeal.decided_at is None and can_decide_appeal(reader, appeal, has_others=others),
    }


def own_report_row(report: Report) -> dict[str, Any]:
    """Return what its reporter reads of a report."""
    ended = messages.ended(report.case.outcome) if report.case.closed_at else ""
    return {
        "title": report.case.title,
        "reason": report.get_reason_display(),
        "at": report.created_at,
        "ended": ended or "The moderators have not decided yet.",
        "is_open": not ended,
    }


def thing_of(case: Case, thing: Reportable | None) -> dict[str, Any]:
    """Return what was said when it was reported, and how it is now where that differs."""
    return {
        "body": render_markdown(case.text),
        "now": render_markdown(thing.text) if thing and thing.text != case.text else "",
        "is_gone": thing is None,
        "is_hidden": bool(thing and thing.is_hidden),
        "path": thing.path if thing else "",
        "origin": thing.origin if thing else "",
        "written_at": thing.written_at if thing else None,
    }


def _about(act: Act) -> str:
    if act.case.is_anonymous:
        return "A member, anonymously"
    return act.about.shown_name if act.about else "Somebody of another network"


def elsewhere_row(report: PublicationReport, member: Member | None) -> dict[str, Any]:
    """Return a report of a member about something of another network, and how each side ended it."""
    return {
        "title": report.title,
        "path": collective_url(f"/publications/{report.publication_id}/"),
        "is_reply": report.reply_id is not None,
        "who": member.shown_name if member else "",
        "reason": report.get_reason_display(),
        "words": report.words,
        "at": report.created_at,
        "sides": _sides(report),
    }


def other_side(reports: list[PublicationReport], network_id: UUID) -> str:
    """Return how the other network ended what this one has a case about too; nothing where it has no part in it."""
    for report in reports:
        if report.origin_id != network_id:
            return f"The network that received it: {_ended(report.origin_outcome)}"
        if report.author_network_id not in (None, network_id):
            return f"The network it came from: {_ended(report.author_outcome)}"
    return ""


def _sides(report: PublicationReport) -> list[str]:
    if report.author_network_id is None:
        return [f"Its network: {_ended(report.origin_outcome)}"]
    return [
        f"The network that received it: {_ended(report.origin_outcome)}",
        f"The network it came from: {_ended(report.author_outcome)}",
    ]


def _ended(outcome: str) -> str:
    return messages.ended(outcome) or "The moderators have not decided yet."
