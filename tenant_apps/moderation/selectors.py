"""Reads about cases, reports, the log and appeals; every list takes a fixed number of queries."""

from uuid import UUID

from django.core.cache import caches
from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet
from django.http import HttpRequest

from collective.publications import selectors as publications
from collective.publications.models import PublicationReport
from tenant_apps.members.enums import MemberState, Role
from tenant_apps.members.models import Member
from tenant_apps.moderation.adapters import Reportable, UnknownKindError, adapter_for, adapters
from tenant_apps.moderation.enums import CaseState, QueueView
from tenant_apps.moderation.models import Act, Appeal, Case, Report
from tenants.context import in_collective, this_network

_WAITING = "moderation.waiting"
_MODERATES = (Role.OWNER, Role.ORGANISER, Role.MODERATOR)


def reportable(kind: str, object_id: UUID) -> Reportable | None:
    """Return a thing as it is now, or None where it is gone or nothing of that kind can be reported."""
    try:
        return adapter_for(kind).load(object_id)
    except UnknownKindError:
        return None


def noun_of(kind: str) -> str:
    """Return what a kind of thing is called."""
    try:
        return adapter_for(kind).noun
    except UnknownKindError:
        return "post"


def cases(show: str = QueueView.OPEN) -> QuerySet[Case]:
    """Return cases with their authors and how many reports each has; those that wait are in order of age."""
    found = Case.objects.select_related("author").annotate(report_count=Count("reports"))
    if show == QueueView.CLOSED:
        return found.filter(state=CaseState.CLOSED).order_by("-closed_at", "-id")
    if show == QueueView.APPEALS:
        waiting = Appeal.objects.filter(act__case=OuterRef("id"), decided_at=None)
        return found.filter(Exists(waiting)).order_by("opened_at", "id")
    return found.filter(state=CaseState.OPEN).order_by("opened_at", "id")


def get_case(case_id: UUID) -> Case | None:
    """Return a case with its author, or None."""
    return Case.objects.select_related("author").filter(id=case_id).first()


def reports_of(case: Case) -> list[Report]:
    """Return what was reported, oldest first, with who reported it."""
    return list(case.reports.select_related("member").order_by("created_at", "id"))


def acts_of(case: Case) -> list[Act]:
    """Return what was done about a case, newest first, with appeals and what was taken back."""
    return list(_acts().filter(case=case))


def log() -> QuerySet[Act]:
    """Return the moderators' log, newest first."""
    return _acts()


def acts_about(member: Member) -> QuerySet[Act]:
    """Return what was done about what one member wrote, newest first."""
    return _acts().filter(about=member)


def get_act(act_id: UUID) -> Act | None:
    """Return one entry of the log, or None."""
    return _acts().filter(id=act_id).first()


def get_appeal(appeal_id: UUID) -> Appeal | None:
    """Return one appeal with its act and case, or None."""
    found = Appeal.objects.select_related("act__case__author", "act__by", "act__about", "decided_by")
    return found.filter(id=appeal_id).first()


def appeal_against(act: Act) -> Appeal | None:
    """Return the one appeal against an act, or None."""
    return Appeal.objects.filter(act=act).first()


def appeals(*, decided: bool = False) -> QuerySet[Appeal]:
    """Return the appeals that wait, or those that are decided, with what they are against; the oldest first."""
    found = Appeal.objects.select_related("act__case__author", "act__by", "act__about", "decided_by")
    return found.filter(decided_at__isnull=not decided).order_by("created_at", "id")


def own_reports(member: Member) -> QuerySet[Report]:
    """Return what one member reported, newest first."""
    return Report.objects.filter(member=member).select_related("case").order_by("-created_at", "-id")


def reports_elsewhere() -> list[PublicationReport]:
    """Return what members of this network reported in the Collective, newest first."""
    network_id = this_network().id
    with in_collective():
        return publications.reports_by_network(network_id)


def own_reports_elsewhere(member: Member) -> list[PublicationReport]:
    """Return what one member reported in the Collective, newest first; what they reported here is not repeated."""
    network_id = this_network().id
    here = set(Report.objects.filter(member=member).values_list("collective_id", flat=True))
    with in_collective():
        found = publications.reports_by_account(member.account_id, network_id=network_id)
    return [each for each in found if each.id not in here]


def shared_reports_of(case: Case) -> list[PublicationReport]:
    """Return those reports of a case that other networks see too."""
    passed = [each for each in case.reports.values_list("collective_id", flat=True) if each]
    if not passed:
        return []
    network_id = this_network().id
    with in_collective():
        return publications.reports_by_ids(passed, network_id=network_id)


def recent_of(author_id: UUID) -> list[Reportable]:
    """Return the newest few things a member wrote, of every kind."""
    found = [each for adapter in adapters() for each in adapter.recent_of(author_id)]
    return sorted(found, key=lambda each: str(each.written_at), reverse=True)[:5]


def moderators() -> list[Member]:
    """Return who moderates here: active, and not suspended."""
    found = Member.objects.filter(state=MemberState.ACTIVE, role__in=_MODERATES).order_by("id")
    return [member for member in found if not member.is_suspended]


def has_other_moderators(*concerned: UUID | None) -> bool:
    """Return whether somebody moderates here who is none of these members."""
    return any(member.id not in concerned for member in moderators())


def count_waiting() -> int:
    """Return how many cases and appeals wait; remembered for a minute, because the rail shows it on every page."""
    cache = caches["network"]
    found = cache.get(_WAITING)
    if found is None:
        found = Case.objects.filter(state=CaseState.OPEN).count() + Appeal.objects.filter(decided_at=None).count()
        cache.set(_WAITING, found)
    return found


def count_for_request(request: HttpRequest) -> int:
    """Return the same for the navigation."""
    return count_waiting()


def forget_count() -> None:
    """Forget the remembered count of the current network, after something changed."""
    caches["network"].delete(_WAITING)


def _acts() -> QuerySet[Act]:
    with_people = Act.objects.select_related("case", "by", "about", "undoes", "undone_by__by")
    return with_people.prefetch_related(
        Prefetch("appeal", queryset=Appeal.objects.select_related("decided_by"))
    ).order_by("-at", "-id")
