"""What members keep about themselves: their details and their postings."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self
from uuid import UUID

from django.db import transaction

from shared_apps.accounts import services as accounts
from shared_apps.audit import services as audit
from shared_apps.audit.services import Actor
from shared_apps.schools.models import School
from tenant_apps.members import permissions
from tenant_apps.members.enums import MemberState
from tenant_apps.members.models import Member, Posting
from tenant_apps.members.services.people import UNTIL_LIFTED, NotAllowedError, note_role
from tenant_apps.members.signals import member_changed
from tenants.context import this_network


class PostingDatesError(ValueError):
    """A posting would end before it begins; the message can be shown."""


@dataclass(frozen=True, slots=True)
class SchoolFacts:
    """What a posting copies from the register; without `school_id`, what the person wrote themselves."""

    name: str
    school_id: UUID | None = None
    town: str = ""
    authority: str = ""
    phase: str = ""
    pupils: int | None = None

    @classmethod
    def of(cls, school: School) -> Self:
        """Return the facts of a school in the register."""
        return cls(
            name=school.name,
            school_id=school.id,
            town=school.town,
            authority=school.authority_name,
            phase=school.phase,
            pupils=school.pupils,
        )


@transaction.atomic
def update_profile(
    member: Member, *, name: str, phone: str = "", about: str = "", ask_me_about: str = "", by: Member
) -> Member:
    """Save a member's own details, and the name that other networks see; raises NotAllowedError."""
    _refuse_others(by, member)
    values = {"name": " ".join(name.split()), "phone": phone, "about": about, "ask_me_about": ask_me_about}
    changed = [field for field, value in values.items() if getattr(member, field) != value]
    if {"about", "ask_me_about"} & set(changed) and not permissions.can_introduce(by, member):
        raise NotAllowedError("While you are suspended you cannot write about yourself.")
    for field in changed:
        setattr(member, field, values[field])
    member.save(update_fields=changed)
    if "name" in changed:
        accounts.grant_access(account_id=member.account_id, network=this_network(), display_name=member.name)
    if changed:
        member_changed.send(Member, member=member)
        audit.record("members.member.updated", by=by.actor, target=member, fields=changed)
    return member


@transaction.atomic
def add_posting(
    member: Member,
    *,
    school: SchoolFacts,
    job_title: str,
    active_from: date,
    replaces: Posting | None = None,
    is_primary: bool = True,
    by: Member,
) -> Posting:
    """Add a job; the one it `replaces` ends the day before. Raises NotAllowedError or PostingDatesError."""
    _refuse_others(by, member)
    if replaces is not None:
        _end(replaces, active_from)
    return record_posting(
        member, school=school, job_title=job_title, active_from=active_from, is_primary=is_primary, actor=by.actor
    )


def record_posting(
    member: Member, *, school: SchoolFacts, job_title: str, active_from: date, is_primary: bool, actor: Actor
) -> Posting:
    """Write a posting and the member's headline, in the caller's transaction and without asking who may."""
    if is_primary:
        member.postings.filter(is_primary=True).update(is_primary=False)
    posting = Posting(
        member=member, job_title=" ".join(job_title.split()), active_from=active_from, is_primary=is_primary
    )
    _copy(school, posting)
    posting.save()
    _show_headline(member)
    audit.record("members.posting.added", by=actor, target=posting, member=member.id)
    return posting


@transaction.atomic
def end_posting(posting: Posting, *, last_day: date, by: Member) -> Posting:
    """End a job; what is left of the others becomes the headline. Raises NotAllowedError or PostingDatesError."""
    _refuse_others(by, posting.member)
    _end(posting, last_day + timedelta(days=1))
    _show_headline(posting.member)
    audit.record("members.posting.ended", by=by.actor, target=posting, member=posting.member_id)
    return posting


@transaction.atomic
def refresh_schools() -> int:
    """Copy the register's facts to the postings still held, and return how many had changed; for the job."""
    postings = list(Posting.objects.filter(active_to=None, school_id__isnull=False).select_related("member"))
    schools = School.objects.select_related("local_authority").in_bulk({each.school_id for each in postings})
    changed = [each for each in postings if each.school_id in schools and _refresh(each, schools[each.school_id])]
    for posting in changed:
        posting.save(update_fields=["school_name", "town", "authority", "phase", "pupils"])
        _show_headline(posting.member)
    return len(changed)


@transaction.atomic
def settle_returned(member_id: UUID) -> None:
    """Write what follows where a member, or one of their jobs, came back from a restored copy; nobody is told of it.

    Whoever is active may enter; a role that asks for more is given by an owner.
    """
    member = Member.objects.select_for_update().get(id=member_id)
    if member.state == MemberState.ACTIVE:
        network = this_network()
        accounts.grant_access(account_id=member.account_id, network=network, display_name=member.name)
        note_role(member)
        until = (member.suspended_until or UNTIL_LIFTED) if member.is_suspended else None
        accounts.restrict_access(account_id=member.account_id, network=network, until=until)
    _show_headline(member)


def _refuse_others(by: Member, member: Member) -> None:
    if not permissions.can_edit_profile(by, member):
        raise NotAllowedError(f"Only {member.name} can change this.")


def _copy(school: SchoolFacts, posting: Posting) -> None:
    posting.school_id, posting.school_name = school.school_id, school.name
    posting.town, posting.authority = school.town, school.authority
    posting.phase, posting.pupils = school.phase, school.pupils


def _refresh(posting: Posting, school: School) -> bool:
    before = (posting.school_name, posting.town, posting.authority, posting.phase, posting.pupils)
    _copy(SchoolFacts.of(school), posting)
    return before != (posting.school_name, posting.town, posting.authority, posting.phase, posting.pupils)


def _end(posting: Posting, active_to: date) -> None:
    if active_to <= posting.active_from:
        raise PostingDatesError(f"The last day must not be before {posting.active_from:%-d %B %Y}, the first.")
    posting.active_to, posting.is_primary = active_to, False
    posting.save(update_fields=["active_to", "is_primary"])


def _show_headline(member: Member) -> None:
    """Copy the primary posting to the member, and to what other networks may see of them.

    Where none is primary, the latest one still held becomes it.
    """
    held = list(member.postings.filter(active_to=None).order_by("-is_primary", "-active_from", "-id")[:1])
    posting = held[0] if held else Posting()
    if held and not posting.is_primary:
        posting.is_primary = True
        posting.save(update_fields=["is_primary"])
    member.headline_job, member.headline_school = posting.job_title, posting.school_name
    member.headline_town, member.headline_phase = posting.town, posting.phase
    member.save(update_fields=["headline_job", "headline_school", "headline_town", "headline_phase"])
    member_changed.send(Member, member=member)
    accounts.describe_access(
        account_id=member.account_id,
        network=this_network(),
        job=member.headline_job,
        school=member.headline_school,
        phase=member.headline_phase,
    )
