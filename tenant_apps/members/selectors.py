"""Reads about members; every list takes a fixed number of queries."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from tenant_apps.members.enums import MemberState, Role
from tenant_apps.members.models import Member

_SEARCHED = ("name", "headline_school", "headline_town", "headline_job", "ask_me_about")


def directory(*, search: str = "", phase: str = "") -> QuerySet[Member]:
    """Return active members by name; every word of `search` must occur in a name, job, school, town or topic."""
    found = Member.objects.filter(state=MemberState.ACTIVE)
    for word in search.split()[:10]:
        found = found.filter(_occurs(word))
    return found.filter(headline_phase=phase) if phase else found


def get_member(member_id: UUID) -> Member | None:
    """Return a member in any state, or None."""
    return Member.objects.filter(id=member_id).first()


def member_of_account(account_id: UUID) -> Member | None:
    """Return the active member of this account, or None."""
    return Member.objects.filter(account_id=account_id, state=MemberState.ACTIVE).first()


def members_by_ids(member_ids: Iterable[UUID]) -> dict[UUID, Member]:
    """Return members in any state, by id, in one query."""
    return {member.id: member for member in Member.objects.filter(id__in=set(member_ids))}


def members_by_account_ids(account_ids: Iterable[UUID]) -> dict[UUID, Member]:
    """Return members in any state, by account id, in one query."""
    return {member.account_id: member for member in Member.objects.filter(account_id__in=set(account_ids))}


def organisers() -> list[Member]:
    """Return the active owners and organisers, owners first."""
    wanted = Member.objects.filter(state=MemberState.ACTIVE, role__in=(Role.OWNER, Role.ORGANISER))
    return sorted(wanted, key=lambda member: (member.role != Role.OWNER, member.name))


def count_members() -> int:
    """Return the number of active members."""
    return Member.objects.filter(state=MemberState.ACTIVE).count()


def _occurs(word: str) -> Q:
    wanted = Q()
    for field in _SEARCHED:
        wanted |= Q(**{f"{field}__icontains": word})
    return wanted
