"""Reads about the closing of this network, and what its certificate says of what only the network knows."""

from typing import Any

from shared_apps.closing.models import Closing
from tenant_apps.farewell.models import Farewell
from tenant_apps.members.models import Member
from tenant_apps.members.selectors import members_by_account_ids, owners
from tenant_apps.portability.selectors import last_written
from tenant_apps.sharing.selectors import shared_now


def words_of(closing: Closing) -> str:
    """Return what was said to the members, or nothing."""
    found = Farewell.objects.filter(closing_id=closing.id).values_list("words", flat=True)
    return found.first() or ""


def asker_of(closing: Closing) -> str:
    """Return who announced it as the members know them."""
    if closing.asked_by_id is None:
        return closing.get_asked_by_display()
    asker: Member | None = members_by_account_ids([closing.asked_by_id]).get(closing.asked_by_id)
    return asker.shown_name if asker else closing.get_asked_by_display()


def look() -> dict[str, Any]:
    """Return what is asked of a network before it is deleted: its owners' accounts, its archive, what it shares."""
    archive = last_written()
    return {
        "owner_ids": [str(owner.account_id) for owner in owners()],
        "archive_sha256": archive.sha256 if archive else "",
        "shared": shared_now().count(),
    }
