"""Telling moderators, authors and reporters of what concerns them, in the transaction of what they are told."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from tenant_apps.members.models import Member
from tenant_apps.members.permissions import is_active
from tenant_apps.moderation import messages, tasks
from tenant_apps.moderation.enums import ActKind, CaseState
from tenant_apps.moderation.models import Act, Appeal, Case, Report
from tenant_apps.moderation.permissions import CAN_BE_APPEALED
from tenant_apps.moderation.selectors import moderators
from tenant_apps.notifications import services as notifications
from tenant_apps.notifications.enums import Kind

AT_MOST_EVERY = timedelta(hours=1)


@transaction.atomic
def tell_moderators() -> None:
    """Tell the moderators of every case they have not heard of, in one message; called by a job.

    Who had such an email within the hour gets the next when the hour is over, and it holds what came meanwhile.
    """
    new = list(Case.objects.select_for_update().filter(told_at=None, state=CaseState.OPEN).order_by("opened_at", "id"))
    if not new:
        return
    now, last = timezone.now(), Case.objects.exclude(told_at=None).order_by("-told_at").first()
    if last is not None and last.told_at is not None and last.told_at > now - AT_MOST_EVERY:
        tasks.tell_moderators.using(run_after=last.told_at + AT_MOST_EVERY).enqueue()
        return
    Case.objects.filter(id__in=[case.id for case in new]).update(told_at=now)
    path = _path("moderation:case", new[0].id) if len(new) == 1 else _path("moderation:queue")
    _tell(moderators(), messages.to_moderators(new), "moderation.cases", new[0].id, path=path)


def tell_author(act: Act) -> None:
    """Tell an author what was done about what they wrote, and always unless it was left as it is."""
    if is_active(act.about):
        words = messages.to_author(act, can_appeal=act.kind in CAN_BE_APPEALED)
        path, always = _path("moderation:own_act", act.id), act.kind != ActKind.LEFT
        _tell([act.about], words, "moderation.act", act.id, path=path, always=always)


def tell_reporters(case: Case) -> None:
    """Tell those members who reported something how it ended, once; of another network, its own moderators do."""
    waiting = list(case.reports.filter(told_at=None, member__isnull=False).select_related("member"))
    for each in waiting:
        if is_active(each.member):
            words = messages.to_reporter(case.title, case.outcome)
            _tell([each.member], words, "moderation.report", each.id, path=_path("moderation:mine"))
    Report.objects.filter(id__in=[each.id for each in waiting]).update(told_at=timezone.now())


def tell_of_appeal(appeal: Appeal, *, deciders: list[Member]) -> None:
    """Tell the moderators who may decide an appeal."""
    path = _path("moderation:case", appeal.act.case_id)
    _tell(deciders, messages.appeal_to_moderators(appeal), "moderation.appeal", appeal.id, path=path)


def tell_appeal_decided(appeal: Appeal) -> None:
    """Tell both, the author and the moderator who acted, how an appeal ended."""
    act = appeal.act
    if is_active(act.about):
        words, path = messages.appeal_decided(appeal, for_author=True), _path("moderation:own_act", act.id)
        _tell([act.about], words, "moderation.appeal_decided", appeal.id, path=path, always=True)
    if is_active(act.by) and act.by_id != appeal.decided_by_id:
        words, path = messages.appeal_decided(appeal, for_author=False), _path("moderation:case", act.case_id)
        _tell([act.by], words, "moderation.appeal_against", appeal.id, path=path)


def _tell(
    members: list[Member],
    words: tuple[str, dict[str, Any]],
    mail_kind: str,
    about: UUID,
    *,
    path: str,
    always: bool = False,
) -> None:
    subject, values = words
    notifications.notify_members(
        members,
        kind=Kind.MODERATION,
        key=f"{mail_kind}.{about}",
        title=subject,
        words=values,
        path=path,
        mail_kind=mail_kind,
        always=always,
    )


def _path(name: str, *ids: UUID) -> str:
    return reverse(name, args=ids, urlconf="config.urls.network")
