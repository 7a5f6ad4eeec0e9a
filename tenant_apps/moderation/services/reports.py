"""A report opens a case, or joins the one that is open."""

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from shared_apps.audit.services import Actor, record
from tenant_apps.members.models import Member
from tenant_apps.moderation import tasks
from tenant_apps.moderation.adapters import Reportable
from tenant_apps.moderation.enums import CaseState, Reason
from tenant_apps.moderation.limits import LimitError, check_limits
from tenant_apps.moderation.models import Case, Report
from tenant_apps.moderation.permissions import can_report
from tenant_apps.moderation.selectors import forget_count, reportable
from tenant_apps.moderation.services.errors import MAX_WORDS, ModerationError, NotAllowedError, clean_words
from tenant_apps.moderation.signals import reported
from tenants.context import on_commit_here

__all__ = ["MAX_WORDS", "LimitError", "report", "take_in_report"]


@transaction.atomic
def report(kind: str, object_id: UUID, *, reason: str, words: str = "", by: Member) -> Report:
    """Tell the moderators of something; who has reported it already and reports it again says it better.

    Raises ModerationError, NotAllowedError for what one wrote oneself, or LimitError.
    """
    thing = reportable(kind, object_id)
    if thing is None or not can_report(by, thing):
        raise NotAllowedError("You cannot report this. You can change or remove what you wrote yourself.")
    said = {"words": _words(reason, words), "reason": Reason(reason)}
    check_limits("report", by=by)
    case = _open_case(thing)
    made, _ = Report.objects.update_or_create(case=case, member=by, defaults=said)
    reported.send(Report, report=made, by=by)
    record("moderation.report.made", by=by.actor, target=made, case=case.id, reason=reason)
    return made


@transaction.atomic
def take_in_report(
    kind: str,
    object_id: UUID,
    *,
    reason: str,
    words: str,
    collective_id: UUID,
    network_name: str,
    member: Member | None = None,
) -> Report | None:
    """Take in a report that somebody made in the Collective; once, and None where the thing is gone or theirs.

    `member` is who made it where they are of this very network: they are told as if they had reported it here.
    """
    existing = Report.objects.filter(collective_id=collective_id).first()
    thing = None if existing else reportable(kind, object_id)
    if thing is None or (member is not None and thing.author_id == member.id):
        return existing
    said = {"reason": Reason(reason), "words": clean_words(words), "collective_id": collective_id}
    case = _open_case(thing)
    if member is None:
        made = Report.objects.create(case=case, network_name=network_name, **said)
    else:
        made, _ = Report.objects.update_or_create(case=case, member=member, defaults=said)
    record("moderation.report.taken_in", by=Actor.system("job"), target=made, case=made.case_id, reason=reason)
    return made


def case_about(thing: Reportable) -> Case:
    """Return the case that waits about a thing, or the last that was decided, or a new one that waits for nobody."""
    now = timezone.now()
    return (
        _open_one(thing)
        or Case.objects.filter(kind=thing.kind, object_id=thing.object_id).order_by("-opened_at").first()
        or Case.objects.create(
            kind=thing.kind, object_id=thing.object_id, opened_at=now, told_at=now, **_snapshot(thing)
        )
    )


def _words(reason: str, words: str) -> str:
    if reason not in Reason.values:
        raise ModerationError("Choose what is wrong with it.")
    return clean_words(words, missing="Say what is wrong with it." if reason == Reason.OTHER else "")


def _open_case(thing: Reportable) -> Case:
    """Return the open case about a thing, locked, making it where there is none; the database keeps it to one."""
    case = _open_one(thing)
    if case is None:
        try:
            with transaction.atomic():
                case = Case.objects.create(kind=thing.kind, object_id=thing.object_id, **_snapshot(thing))
        except IntegrityError:
            case = Case.objects.get(kind=thing.kind, object_id=thing.object_id, state=CaseState.OPEN)
        else:
            tasks.tell_moderators.enqueue()
            on_commit_here(forget_count)
    return case


def _open_one(thing: Reportable) -> Case | None:
    found = Case.objects.select_for_update()
    return found.filter(kind=thing.kind, object_id=thing.object_id, state=CaseState.OPEN).first()


def _snapshot(thing: Reportable) -> dict[str, Any]:
    return {
        "title": thing.title[:200],
        "text": thing.text,
        "author_id": thing.author_id,
        "is_anonymous": thing.is_anonymous,
    }
