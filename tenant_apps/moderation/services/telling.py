"""Emails about reports, to moderators, authors and reporters; they are queued in the transaction of what they tell."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from shared_apps.mail.services import queue_message
from tenant_apps.members.models import Member
from tenant_apps.members.permissions import is_active
from tenant_apps.moderation import messages, tasks
from tenant_apps.moderation.enums import CaseState
from tenant_apps.moderation.models import Act, Appeal, Case, Report
from tenant_apps.moderation.permissions import CAN_BE_APPEALED
from tenant_apps.moderation.selectors import moderators
from tenant_apps.notifications import services as notifications
from tenant_apps.notifications.enums import Kind
from tenants.context import this_network
from tenants.selectors import network_url

AT_MOST_EVERY = timedelta(hours=1)


@transaction.atomic
def tell_moderators() -> None:
    """Email the moderators about every case they have not heard of, in one message; called by a job.

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
    link = _url("moderation:case", new[0].id) if len(new) == 1 else _url("moderation:queue")
    for member in moderators():
        _send(member, messages.to_moderators(new, link), "moderation.cases", new[0].id)


def tell_author(act: Act) -> None:
    """Tell an author what was done about what they wrote."""
    if is_active(act.about):
        subject = messages.to_author(
            act, can_appeal=act.kind in CAN_BE_APPEALED, link=_url("moderation:own_act", act.id)
        )
        _send(act.about, subject, "moderation.act", act.id)


def tell_reporters(case: Case) -> None:
    """Tell those members who reported something how it ended, once; of another network, its own moderators do."""
    waiting = list(case.reports.filter(told_at=None, member__isnull=False).select_related("member"))
    for each in waiting:
        if is_active(each.member):
            words = messages.to_reporter(case.title, case.outcome, _url("moderation:mine"))
            _send(each.member, words, "moderation.report", each.id)
    Report.objects.filter(id__in=[each.id for each in waiting]).update(told_at=timezone.now())


def tell_of_appeal(appeal: Appeal, *, deciders: list[Member]) -> None:
    """Tell the moderators who may decide an appeal."""
    words = messages.appeal_to_moderators(appeal, _url("moderation:case", appeal.act.case_id))
    for member in deciders:
        _send(member, words, "moderation.appeal", appeal.id)


def tell_appeal_decided(appeal: Appeal) -> None:
    """Tell both, the author and the moderator who acted, how an appeal ended."""
    act = appeal.act
    if is_active(act.about):
        words = messages.appeal_decided(appeal, _url("moderation:own_act", act.id), for_author=True)
        _send(act.about, words, "moderation.appeal_decided", appeal.id)
    if is_active(act.by) and act.by_id != appeal.decided_by_id:
        words = messages.appeal_decided(appeal, _url("moderation:case", act.case_id), for_author=False)
        _send(act.by, words, "moderation.appeal_decided", appeal.id)


def _send(member: Member, words: tuple[str, dict[str, Any]], kind: str, about: UUID) -> None:
    subject, context = words
    path = urlsplit(context.get("action_url", "")).path or "/"
    if not notifications.put_in_inbox(member, kind=Kind.MODERATION, key=f"{kind}.{about}", title=subject, path=path):
        return
    queue_message(
        to=member.email,
        to_account_id=member.account_id,
        subject=subject,
        template="notice",
        context=context,
        kind=kind,
        dedupe_key=f"{kind}.{about}:{member.id}",
    )


def _url(name: str, *ids: UUID) -> str:
    return network_url(this_network(), reverse(name, args=ids, urlconf="config.urls.network"))
