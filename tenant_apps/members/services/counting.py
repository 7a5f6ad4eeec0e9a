"""How much in a member's inbox they have not seen: a number beside their access, so that every network can show it."""

from collections.abc import Mapping
from uuid import UUID

from shared_apps.accounts.services import count_unseen as count_beside_access
from tenants.context import this_network


def count_unseen(changes: Mapping[UUID, int]) -> None:
    """Add to the numbers of these accounts for the current network, in the caller's transaction."""
    if changes:
        count_beside_access(this_network(), changes)
