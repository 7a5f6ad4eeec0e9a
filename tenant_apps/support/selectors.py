"""What a network's owners see of support access, from the network's own log."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import NoReverseMatch, reverse

from shared_apps.audit.models import Event
from shared_apps.grants.models import SupportGrant
from tenant_apps.members.enums import MemberState, Role
from tenant_apps.members.models import Member

SHOWN = 200
_WORDS = {
    "support.access.asked": "Asked to look in",
    "support.access.allowed": "Allowed",
    "support.access.refused": "Refused",
    "support.access.opened": "Came in",
    "support.access.ended": "Ended",
    "support.access.expired": "Ran out",
    "support.page.opened": "Opened",
    "support.thing.compared": "Compared it with a copy of this network",
    "support.thing.merged": "Brought it back from a copy of this network",
    "support.act.refused": "Wanted to change something here, and was stopped",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log: what happened, when, by whom, and the page it was about."""

    at: datetime
    words: str
    who: str
    path: str = ""


def visitor_of(grant: SupportGrant, account: Any) -> Member:
    """Return who looks in for support as the pages know people: an organiser without a row, who only reads."""
    visitor = Member(
        id=grant.id,
        account_id=account.pk,
        name=f"{account.display_name[:100]} (support)",
        email=account.email,
        role=Role.ORGANISER,
        state=MemberState.ACTIVE,
    )
    visitor.is_visiting = True
    return visitor


def log_of(grant: SupportGrant) -> list[Entry]:
    """Return what happened with a grant, the latest first, in two queries."""
    events = list(Event.objects.filter(target_kind=grant._meta.label_lower, target_id=grant.id)[:SHOWN])
    people = Member.objects.filter(account_id__in={event.actor_id for event in events if event.actor_id})
    names = {person.account_id: person.shown_name for person in people} | {grant.account_id: grant.account.display_name}
    return [_entry(event, names) for event in events]


def _entry(event: Event, names: dict[UUID, str]) -> Entry:
    who = names.get(event.actor_id, "Somebody of the platform") if event.actor_id else "By itself"
    return Entry(event.at, _WORDS.get(event.name, event.name), who, _path_of(event.details))


def _path_of(details: dict[str, Any]) -> str:
    """Return the address of the page an event names, or nothing where it had words in it, which the log has not."""
    ids = {name: value for name, value in details.items() if name not in ("view", "operator", "minutes")}
    try:
        return reverse(details["view"], kwargs=ids) if "view" in details else ""
    except NoReverseMatch:
        return ""
