"""Who wrote to a mailing list that was brought here and is no member: shown by name, never written to.

Their account id belongs to nobody, so that nobody signs in as them. Whoever joins with the same address takes over
what they wrote.
"""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from shared_apps.accounts.models import User
from tenant_apps.members.enums import MemberState, Role
from tenant_apps.members.models import Member
from tenants.ids import random_id

LONGEST_NAME = 120


@transaction.atomic
def list_writers(names: Mapping[str, str]) -> dict[str, Member]:
    """Add somebody for each key, with this name, and return them by key; a key that is an address can be taken over."""
    added = {key: _listed(key, name) for key, name in names.items()}
    Member.objects.bulk_create(added.values(), batch_size=500)
    return added


@transaction.atomic
def forget_listed(member_ids: Iterable[UUID]) -> int:
    """Remove these where they are still only listed, and return how many; the caller knows that they wrote nothing.

    Of whom something else is known, such as what a moderator decided, the row stays, and shows nowhere.
    """
    found = Member.objects.filter(id__in=list(member_ids), state=MemberState.LISTED)
    try:
        return found.delete()[0]
    except ProtectedError:
        return sum(_forget(each) for each in found)


def listed_writer(account: User) -> Member | None:
    """Return who wrote to the list from this account's address, given to the account, or None; it is not saved."""
    found = Member.objects.select_for_update().filter(email__iexact=account.email, state=MemberState.LISTED)
    member = found.order_by("joined_at", "id").first()
    if member is not None:
        member.account_id, member.joined_at = account.id, timezone.now()
    return member


def _forget(member: Member) -> int:
    try:
        return member.delete()[0]
    except ProtectedError:
        return 0


def _listed(key: str, name: str) -> Member:
    return Member(
        account_id=random_id(),
        name=name[:LONGEST_NAME],
        email=key if "@" in key else "",
        role=Role.MEMBER,
        state=MemberState.LISTED,
    )
