"""What the pages of sharing draw: the copy that others see, the ledger's rows, and the panel beside one's own thing."""

from django.utils import timezone

from collective.publications.drafts import Draft
from collective.publications.enums import Identity
from collective.publications.selectors import shown_name
from shared_apps.core.markdown import render_markdown
from tenant_apps.members.models import Member
from tenant_apps.members.selectors import members_by_ids
from tenant_apps.sharing.adapters import adapter_for
from tenant_apps.sharing.enums import LedgerAction, ShareState
from tenant_apps.sharing.models import LedgerEntry, SharedItem
from tenants.models import Network

OUT = (ShareState.SHARED, ShareState.AWAITING_APPROVAL)
_BADGES = {
    LedgerAction.SHARED: "shared",
    LedgerAction.WITHDRAWN: "withdrawn",
    LedgerAction.REQUESTED: "waiting",
    LedgerAction.REFUSED: "bad",
    LedgerAction.UPDATED: "note",
    LedgerAction.REPLIES_CAME_HOME: "local",
    LedgerAction.POLICY_CHANGED: "plain",
}


def copy_of(draft: Draft, network: Network) -> dict:
    """What components/shared_copy.html draws, and the rest of what leaves, so that nothing is left out."""
    return {
        "origin": draft.shown_network or draft.shown_region,
        "colour": network.colour if draft.shown_network else "",
        "title": draft.title,
        "body": render_markdown(draft.body),
        "author": ", ".join(filter(None, (draft.shown_name, draft.shown_role))) or shown_name("", draft.shown_network),
        "facts": _facts(draft),
        "at": timezone.localdate(draft.shown_at) if draft.identity == Identity.ANONYMOUS else draft.shown_at,
    }


def ledger_rows(entries: list[LedgerEntry]) -> list[dict]:
    """What components/ledger_table.html draws."""
    people = members_by_ids(entry.member_id for entry in entries if entry.member_id)
    return [_ledger_row(entry, people) for entry in entries]


def waiting_rows(items: list[SharedItem]) -> list[dict]:
    """What waits for an organiser, by whom and how shown."""
    people = members_by_ids(item.member_id for item in items)
    return [
        {
            "id": item.id,
            "title": item.title,
            "why": f"{_name(people.get(item.member_id))} asks to share it, {shown_as(item.identity)}.",
        }
        for item in items
    ]


def shown_as(identity: str) -> str:
    """Return how much of the author leaves, in the middle of a sentence."""
    return {
        Identity.NAMED: "with their name",
        Identity.ROLE: "with their role and area",
        Identity.ANONYMOUS: "without saying who or where",
    }[Identity(identity)]


def _name(member: Member | None) -> str:
    return member.shown_name if member else "A former member"


def _facts(draft: Draft) -> list[tuple[str, str]]:
    again = {True: "Yes", False: "No", None: ""}[draft.would_use_again]
    facts = [
        ("Category", draft.category),
        ("Phase", draft.phase),
        ("Size", draft.size),
        ("Supplier", draft.supplier_name),
        ("Website", draft.supplier_website),
        ("Response", _mark(draft.response)),
        ("Quality", _mark(draft.quality)),
        ("Value", _mark(draft.value)),
        ("Would use again", again),
    ]
    return [(label, value) for label, value in facts if value]


def _mark(mark: int | None) -> str:
    return f"{mark} of 5" if mark else ""


def _ledger_row(entry: LedgerEntry, people: dict) -> dict:
    label = entry.get_action_display()
    return {
        "title": entry.title or label,
        "url": adapter_for(entry.item.source_kind).path(entry.item.source_id) if entry.item else "",
        "shown_as": dict(Identity.choices).get(entry.identity, ""),
        "at": entry.at,
        "who": _name(people.get(entry.member_id)) if entry.member_id else "",
        "state": _BADGES[LedgerAction(entry.action)],
        "state_text": _came_home(entry.count) if entry.count else label,
    }


def _came_home(count: int) -> str:
    return "1 answer came home" if count == 1 else f"{count} answers came home"
