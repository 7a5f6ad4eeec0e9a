"""The accounts behind the members of a network that leaves, and of one that is restored.

Passwords do not travel: whoever has none here signs in by an emailed code.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import batched
from typing import Any
from uuid import UUID

from shared_apps.accounts import selectors as account_selectors
from shared_apps.accounts import services as accounts
from tenant_apps.members.models import Member
from tenants.context import this_network

_AT_ONCE = 500


def accounts_of_members() -> Iterator[dict[str, Any]]:
    """Yield each member's account: its id, address and name, and what it may show to other networks from here."""
    network = this_network()
    ids = Member.objects.order_by("id").values_list("account_id", flat=True)
    for some in batched(ids.iterator(chunk_size=_AT_ONCE), _AT_ONCE):
        yield from account_selectors.people_of(network, some)


def take_in_accounts(people: Iterable[Mapping[str, Any]]) -> dict[UUID, UUID]:
    """Let people into the current network, and return their accounts here by the ids they had.

    An account with the same id or the same address is theirs; whoever has none gets one without a password.
    """
    network = this_network()
    return {UUID(person["account_id"]): _take_in(person, network) for person in people}


def _take_in(person: Mapping[str, Any], network: Any) -> UUID:
    account_id = account_selectors.known_account_id(UUID(person["account_id"]))
    if account_id is None:
        account_id = accounts.get_or_create_account(person["email"], person["name"]).id
    access = person["access"]
    if access is not None:
        accounts.grant_access(account_id=account_id, network=network, display_name=access["display_name"])
        accounts.describe_access(
            account_id=account_id,
            network=network,
            job=access["display_job"],
            school=access["display_school"],
            phase=access["display_phase"],
        )
        until = access["reads_only_until"]
        accounts.restrict_access(
            account_id=account_id, network=network, until=datetime.fromisoformat(until) if until else None
        )
        is_needed = access["needs_second_step"]
        accounts.require_second_step(account_id=account_id, network=network, is_needed=is_needed)
        if not access["is_active"]:
            accounts.revoke_access(account_id=account_id, network=network)
    return account_id
