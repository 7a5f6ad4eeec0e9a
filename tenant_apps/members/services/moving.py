"""The accounts behind the members of a network that leaves, and of one that is restored.

Passwords do not travel: whoever has none here signs in by an emailed code.
"""

from collections.abc import Iterable, Iterator, Mapping
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
    """Let people into the current network, and return their accounts here by the ids they had."""
    network, found = this_network(), {}
    for some in batched(people, _AT_ONCE):
        found.update(accounts.take_in_people(network, some))
    return found
