"""The people that examples are written by: listed by a name that says so, nobody's account, in no list of members."""

from collections.abc import Collection
from uuid import UUID

from tenant_apps.members.enums import EXAMPLE_ACCOUNTS, MemberState, Role
from tenant_apps.members.models import Member
from tenant_apps.members.services.listed import forget_listed

_PEOPLE = (
    ("Asha Example", "School business manager", "Example Primary School"),
    ("Ben Example", "Finance manager", "Example Secondary School"),
    ("Carys Example", "Bursar", "Example Special School"),
)


def example_people() -> list[Member]:
    """Return them, adding those who are not there; always the same in the same order."""
    found = {each.account_id: each for each in Member.objects.filter(account_id__in=EXAMPLE_ACCOUNTS)}
    missing = [
        Member(
            account_id=account_id,
            name=name,
            role=Role.MEMBER,
            state=MemberState.LISTED,
            headline_job=job,
            headline_school=school,
        )
        for account_id, (name, job, school) in zip(EXAMPLE_ACCOUNTS, _PEOPLE, strict=True)
        if account_id not in found
    ]
    found |= {each.account_id: each for each in Member.objects.bulk_create(missing)}
    return [found[account_id] for account_id in EXAMPLE_ACCOUNTS]


def forget_example_people(*, but: Collection[UUID]) -> None:
    """Remove them, except these members, of whom something is still there."""
    found = Member.objects.filter(account_id__in=EXAMPLE_ACCOUNTS).exclude(id__in=but)
    forget_listed(found.values_list("id", flat=True))
