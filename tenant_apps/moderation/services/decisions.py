"""What moderators do about a case, and taking it back."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from shared_apps.audit.services import record
from tenant_apps.members import services as members
from tenant_apps.members.models import Member
from tenant_apps.moderation.adapters import adapter_for
from tenant_apps.moderation.enums import DECISIONS, TAKES_BACK, ActKind, CaseState
from tenant_apps.moderation.models import Act, Case
from tenant_apps.moderation.permissions import can_decide, can_suspend, can_take_back
from tenant_apps.moderation.selectors import forget_count, has_other_moderators, reportable
from tenant_apps.moderation.services.errors import ModerationError, NotAllowedError, clean_words
from tenant_apps.moderation.services.reports import case_about
from tenant_apps.moderation.services.telling import tell_author, tell_reporters
from tenant_apps.moderation.signals import case_decided
from tenants.context import on_commit_here


@transaction.atomic
def decide(
    case: Case, *, kind: str, reason: str, days: int | None = None, acts_seen: int | None = None, by: Member
) -> Act:
    """Act on a case and close it; `days` is how long a suspension lasts, None until it is lifted.

    `acts_seen` is how many acts the moderator saw on it: who decides again has seen what was decided before. The author
    and those who reported it are told. Raises NotAllowedError or ModerationError.
    """
    locked = Case.objects.select_for_update(of=("self",)).select_related("author").get(id=case.id)
    _check_not_stale(locked, acts_seen)
    act = _checked(locked, kind, reason, days, by)
    _carry_out(act)
    act.save(force_insert=True)
    locked.state, locked.outcome = CaseState.CLOSED, act.kind
    locked.closed_at = locked.closed_at or act.at
    locked.save(update_fields=["state", "outcome", "closed_at"])
    _tell(act)
    tell_reporters(locked)
    return act


@transaction.atomic
def take_back(act: Act, *, reason: str, by: Member) -> Act:
    """Undo an act: show what was hidden, lift a suspension, take back a warning; what was left as it is waits again."""
    case = Case.objects.select_for_update(of=("self",)).select_related("author").get(id=act.case_id)
    if not can_take_back(by, act, has_others=has_other_moderators(by.id)):
        raise NotAllowedError("Another moderator takes this back. You can appeal against it.")
    if act.kind not in TAKES_BACK or Act.objects.filter(undoes=act).exists():
        raise ModerationError("This has been taken back already.")
    words = clean_words(reason, missing="Write why, for the author and the log.")
    undone = Act(case=case, kind=TAKES_BACK[ActKind(act.kind)], about=act.about, by=by, reason=words, undoes=act)
    _carry_out(undone)
    undone.save(force_insert=True)
    case.outcome = undone.kind
    if act.kind == ActKind.LEFT and not _has_open_case(case):
        case.state, case.outcome, case.closed_at = CaseState.OPEN, "", None
    case.save(update_fields=["state", "outcome", "closed_at"])
    _tell(undone)
    return undone


@transaction.atomic
def enter_act(kind: str, object_id: UUID, *, act: ActKind, reason: str, by: Member) -> Act | None:
    """Enter in the log that a moderator has just hidden or shown something where it stands; who is concerned is told.

    It decides the case that waits, where there is one, unless they wrote the thing and another moderator can decide;
    None where moderation does not know the thing.
    """
    thing = reportable(kind, object_id)
    if thing is None:
        return None
    case = case_about(thing)
    undone = _undone(case, act)
    if undone is not None and not can_take_back(by, undone, has_others=has_other_moderators(by.id)):
        raise NotAllowedError("Another moderator hid this, and one who did not write it shows it again.")
    done = Act(case=case, kind=act, about=case.author, by=by, reason=reason, undoes=undone)
    done.save(force_insert=True)
    if case.state == CaseState.CLOSED or can_decide(by, case, has_others=has_other_moderators(by.id, case.author_id)):
        case.state, case.outcome, case.closed_at = CaseState.CLOSED, done.kind, case.closed_at or done.at
        case.save(update_fields=["state", "outcome", "closed_at"])
        tell_reporters(case)
    _tell(done)
    return done


def _check_not_stale(case: Case, acts_seen: int | None) -> None:
    """Refuse to decide what has been decided since it was looked at, such as by sending a form twice."""
    if case.state == CaseState.CLOSED if acts_seen is None else case.acts.count() != acts_seen:
        raise ModerationError("This has been decided meanwhile. Look at what was done, then decide again if you must.")


def _undone(case: Case, act: ActKind) -> Act | None:
    """Return the hiding that showing again takes back."""
    if act != ActKind.SHOWN:
        return None
    return Act.objects.filter(case=case, kind=ActKind.HIDDEN, undone_by=None).order_by("-at").first()


def _checked(case: Case, kind: str, reason: str, days: int | None, by: Member) -> Act:
    if not can_decide(by, case, has_others=has_other_moderators(by.id, case.author_id)):
        raise NotAllowedError("Another moderator decides about what you wrote.")
    if kind not in DECISIONS:
        raise ModerationError("Choose what to do.")
    if kind not in (ActKind.LEFT, ActKind.HIDDEN) and case.author is None:
        raise ModerationError("Somebody of another network wrote this. Hide it or leave it; their network looks too.")
    if kind == ActKind.SUSPENDED and not can_suspend(by, case.author):
        raise NotAllowedError(
            "Only a member without a role can be suspended. An organiser can change their role first."
        )
    words = clean_words(reason, missing="Write why, for the author and the log.")
    return Act(case=case, kind=kind, about=case.author, by=by, reason=words, until=_until(kind, days))


def _until(kind: str, days: int | None) -> datetime | None:
    return timezone.now() + timedelta(days=days) if kind == ActKind.SUSPENDED and days else None


def _carry_out(act: Act) -> None:
    if act.kind in (ActKind.HIDDEN, ActKind.SHOWN):
        _hide_or_show(act)
    elif act.kind == ActKind.SUSPENDED and act.about:
        members.suspend_member(act.about, until=act.until, by=act.by)
    elif act.kind == ActKind.LIFTED and act.about:
        members.lift_suspension(act.about, by=act.by)


def _hide_or_show(act: Act) -> None:
    case = act.case
    if reportable(case.kind, case.object_id) is None:
        raise ModerationError("It is gone already, so there is nothing to hide or to show.")
    adapter = adapter_for(case.kind)
    if act.kind == ActKind.HIDDEN:
        adapter.hide(case.object_id, reason=act.reason, by=act.by)
    else:
        adapter.show(case.object_id, by=act.by)


def _tell(act: Act) -> None:
    record(f"moderation.case.{act.kind}", by=act.by.actor, target=act.case, act=act.id)
    if act.about_id != act.by_id:
        tell_author(act)
    case_decided.send(Case, case=act.case, act=act)
    on_commit_here(forget_count)


def _has_open_case(case: Case) -> bool:
    others = Case.objects.filter(kind=case.kind, object_id=case.object_id, state=CaseState.OPEN)
    return others.exclude(id=case.id).exists()
