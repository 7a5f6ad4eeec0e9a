"""Letting the people of a network in that comes from an archive: a few statements for however many."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from shared_apps.accounts.enums import AccessState
from shared_apps.accounts.models import NetworkAccess, User
from shared_apps.accounts.services.people import checked_email
from tenants.models import Network

_WRITTEN = (
    *("display_name", "display_job", "display_school", "display_phase", "reads_only_until", "needs_second_step"),
    *("state", "changed_at"),
)


def take_in_people(network: Network, people: Sequence[Mapping[str, Any]]) -> dict[UUID, UUID]:
    """Let people in as `people_of` wrote them, and return their accounts here by the ids they had; for `members`.

    An account with the same id or the same address is theirs; whoever has none gets one without a password. Raises
    EmailError.
    """
    ids = [each["account_id"] for each in people]
    known = set(User.objects.filter(pk__in=ids, anonymised_at=None).values_list("pk", flat=True))
    strangers = {checked_email(each["email"]): each for each in people if UUID(each["account_id"]) not in known}
    by_address = _accounts_of(strangers)
    found: dict[UUID, UUID] = {}
    for each in people:
        had = UUID(each["account_id"])
        found[had] = had if had in known else by_address[checked_email(each["email"])]
    access = {found[UUID(each["account_id"])]: each["access"] for each in people if each["access"] is not None}
    NetworkAccess.objects.bulk_create(
        [_access(account_id, network, said) for account_id, said in access.items()],
        update_conflicts=True,
        unique_fields=["account", "network"],
        update_fields=_WRITTEN,
    )
    return found


def _accounts_of(strangers: Mapping[str, Mapping[str, Any]]) -> dict[str, UUID]:
    """Return the accounts with these addresses, making those that are missing."""
    made = [
        User(email=address, name=said["name"].strip()[:120], password=make_password(None))
        for address, said in strangers.items()
    ]
    User.objects.bulk_create(made, ignore_conflicts=True)
    found = dict(User.objects.filter(email__in=strangers).values_list("email", "pk"))
    fresh = [user for user in made if found[user.email] == user.pk]
    EmailAddress.objects.bulk_create(
        [EmailAddress(user_id=user.pk, email=user.email, primary=True, verified=False) for user in fresh]
    )
    return found


def _access(account_id: UUID, network: Network, said: Mapping[str, Any]) -> NetworkAccess:
    until = said["reads_only_until"]
    return NetworkAccess(
        account_id=account_id,
        network=network,
        display_name=said["display_name"].strip()[:120],
        display_job=said["display_job"][:120],
        display_school=said["display_school"][:200],
        display_phase=said["display_phase"][:100],
        reads_only_until=datetime.fromisoformat(until) if until else None,
        needs_second_step=said.get("needs_second_step", False),  # archives of an earlier release say nothing of it
        state=AccessState.ACTIVE if said["is_active"] else AccessState.ENDED,
        changed_at=timezone.now(),
    )
