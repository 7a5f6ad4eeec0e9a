"""Reads about members; every list takes a fixed number of queries."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Min, Q, QuerySet
from django.db.models.functions import Lower

from shared_apps.accounts.selectors import get_account, has_authenticator
from tenant_apps.members.enums import MemberState, Role
from tenant_apps.members.models import Branding, Invitation, Member, Posting
from tenants.models import Network
from tenants.selectors import live_networks_by_id
from tenants.statements import Statement


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as all their networks know them: what a message to them about several networks needs."""

    email: str
    networks: tuple[Network, ...]


_ROLE_NAMES = (
    {"name": "organisers", "detail": "Everybody who organises this network"},
    {"name": "moderators", "detail": "Everybody who moderates here"},
)
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
    return _ACTIVE.first(account_id=account_id)


_ACTIVE = Statement(
    lambda account_id: Member.objects.filter(account_id=account_id, state=MemberState.ACTIVE).order_by(),
    account_id=UUID(int=0),
)


def person_of_account(account_id: UUID) -> Person | None:
    """Return an active account's address and the live networks it may enter, by name, or None."""
    account = get_account(account_id)
    if account is None:
        return None
    found = live_networks_by_id([each.id for each in account.networks])
    return Person(account.email, tuple(found[each.id] for each in account.networks if each.id in found))


def members_by_ids(member_ids: Iterable[UUID]) -> dict[UUID, Member]:
    """Return members in any state, by id, in one query."""
    return {member.id: member for member in Member.objects.filter(id__in=set(member_ids))}


def members_by_account_ids(account_ids: Iterable[UUID]) -> dict[UUID, Member]:
    """Return members in any state, by account id, in one query."""
    return {member.account_id: member for member in Member.objects.filter(account_id__in=set(account_ids))}


def organisers() -> list[Member]:
    """Return the active owners and organisers, owners first."""
    return sorted(organising(), key=lambda member: (member.role != Role.OWNER, member.name))


def organising() -> QuerySet[Member]:
    """Return the active owners and organisers."""
    return Member.objects.filter(state=MemberState.ACTIVE, role__in=(Role.OWNER, Role.ORGANISER))


def has_second_step(member: Member) -> bool:
    """Whether a member's account has an app or a passkey."""
    return has_authenticator(member.account_id)


def owners() -> list[Member]:
    """Return the active owners, by name."""
    return list(Member.objects.filter(state=MemberState.ACTIVE, role=Role.OWNER).order_by("name", "id"))


def moderators() -> list[Member]:
    """Return the active members who moderate: organisers and owners do too."""
    wanted = (Role.OWNER, Role.ORGANISER, Role.MODERATOR)
    return list(Member.objects.filter(state=MemberState.ACTIVE, role__in=wanted).order_by("name", "id"))


def count_members() -> int:
    """Return the number of active members."""
    return Member.objects.filter(state=MemberState.ACTIVE).count()


def first_joined_at() -> datetime | None:
    """Return when the first member joined, or None where nobody has."""
    return Member.objects.exclude(state=MemberState.LISTED).aggregate(first=Min("joined_at"))["first"]


def former_members() -> list[Member]:
    """Return those who left or are suspended, by name."""
    return list(Member.objects.exclude(state__in=(MemberState.ACTIVE, MemberState.LISTED)))


def members_by_email(emails: Iterable[str]) -> dict[str, Member]:
    """Return members in any state, by address in lower case, in one query; who is active comes before who is not."""
    found = Member.objects.annotate(address=Lower("email")).filter(address__in={email.lower() for email in emails})
    return {member.email.lower(): member for member in sorted(found, key=_standing, reverse=True)}


def phases() -> list[str]:
    """Return the phases of the schools that active members work at."""
    found = Member.objects.filter(state=MemberState.ACTIVE).exclude(headline_phase="")
    return list(found.order_by("headline_phase").values_list("headline_phase", flat=True).distinct())


def postings_of(member: Member) -> list[Posting]:
    """Return a member's postings: those still held first, then the latest."""
    return list(member.postings.order_by(F("active_to").desc(nulls_first=True), "-active_from", "-id"))


def current_posting(member: Member) -> Posting | None:
    """Return the posting that a member's headline shows, or None."""
    return member.postings.filter(is_primary=True, active_to=None).first()


def get_posting(member: Member, posting_id: UUID) -> Posting | None:
    """Return one of this member's own postings, or None."""
    return member.postings.filter(id=posting_id).select_related("member").first()


def open_invitations() -> list[Invitation]:
    """Return invitations that were neither used nor revoked, newest first; some may have run out."""
    return list(Invitation.objects.filter(accepted_at=None, revoked_at=None).select_related("invited_by"))


def get_invitation(invitation_id: UUID) -> Invitation | None:
    """Return an invitation that was neither used nor revoked, or None."""
    return Invitation.objects.filter(id=invitation_id, accepted_at=None, revoked_at=None).first()


def invitation_of(token: str) -> Invitation | None:
    """Return the invitation that a link belongs to, in any state, or None."""
    return Invitation.objects.filter(token_hash=token_hash(token)).select_related("invited_by").first()


def token_hash(token: str) -> str:
    """Return what is kept of a link's token; it has 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_open(invitation: Invitation, now: datetime) -> bool:
    """Whether an invitation can still be accepted."""
    return is_pending(invitation) and now < invitation.expires_at


def is_pending(invitation: Invitation) -> bool:
    """Whether an invitation was neither used nor revoked; it may have run out."""
    return invitation.accepted_at is None and invitation.revoked_at is None


def branding_of(network: Network) -> Branding:
    """Return the network's branding; before it was ever saved, one with the network's colour."""
    return Branding.objects.first() or Branding(colour=network.colour)


def is_branded() -> bool:
    """Whether somebody has chosen the network's colour and words."""
    return Branding.objects.exists()


def _occurs(word: str) -> Q:
    wanted = Q()
    for field in _SEARCHED:
        wanted |= Q(**{f"{field}__icontains": word})
    return wanted


def _standing(member: Member) -> int:
    return (MemberState.ACTIVE, MemberState.SUSPENDED, MemberState.LEFT, MemberState.LISTED).index(
        MemberState(member.state)
    )


def names_like(wanted: str) -> list[dict[str, str]]:
    """Return up to eight roles, people and schools to complete a name with, as `name` and `detail`, in one query.

    A name that two people have is left out: writing it would name nobody.
    """
    wanted = " ".join(wanted.split())
    if not wanted:
        return []
    roles = [each for each in _ROLE_NAMES if each["name"].startswith(wanted.casefold())]
    like = Q(name__istartswith=wanted) | Q(name__icontains=f" {wanted}") | Q(headline_school__istartswith=wanted)
    found = list(Member.objects.filter(like, state=MemberState.ACTIVE).order_by("name")[:50])
    names = Counter(each.name.casefold() for each in found)
    people = [
        {"name": each.name, "detail": ", ".join(filter(None, (each.headline_job, each.headline_school)))}
        for each in found
        if names[each.name.casefold()] == 1 and any(_begins(word, wanted) for word in _endings(each.name))
    ]
    schools = sorted({each.headline_school for each in found if _begins(each.headline_school, wanted)})
    return [*roles, *people, *({"name": each, "detail": "Everybody there"} for each in schools)][:8]


def _begins(text: str, wanted: str) -> bool:
    return text.casefold().startswith(wanted.casefold())


def _endings(name: str) -> list[str]:
    """Return a name from each of its words on."""
    words = name.split()
    return [" ".join(words[start:]) for start in range(len(words))]
