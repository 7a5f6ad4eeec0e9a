"""What the panel beside a shareable thing says; the pages of sharing say the same at more length."""

from typing import Any
from uuid import UUID

from django.utils import timezone

from shared_apps.core.when import short_day
from tenant_apps.members.models import Member
from tenant_apps.sharing import selectors, services
from tenant_apps.sharing.adapters import Source, adapter_for
from tenant_apps.sharing.enums import ShareState
from tenant_apps.sharing.forms import ShareForm, identity_cards
from tenant_apps.sharing.models import SharedItem
from tenant_apps.sharing.permissions import can_share, can_withdraw, may_leave, needs_approval
from tenant_apps.sharing.views.drawing import OUT, copy_of, shown_as
from tenants.models import Network

_WORDS = {
    "": "Members of every network could find this and answer. Your network’s replies stay here.",
    ShareState.SHARED: "Members of every network can find this and answer. Your network’s replies stay here.",
    ShareState.AWAITING_APPROVAL: "An organiser checks it before it leaves. Usually within a day.",
    ShareState.REFUSED: "An organiser kept this in the network. Ask them why, or change it and try again.",
    ShareState.WITHDRAWN: "Withdrawn. No other network can see it now. You can share it again.",
}


def panel_of(member: Member, network: Network, kind: str, source_id: UUID) -> dict[str, Any]:
    """Return the panel of who wrote it or, of what is out, of an organiser; else an empty one."""
    adapter, item = adapter_for(kind), selectors.shared_item(kind, source_id)
    source = adapter.load(source_id)
    if source is None:
        return {}
    standing = standing_of(member, source, item) | {"plural": adapter.plural, "source_id": source_id}
    if can_share(member, source):
        return standing | {"is_mine": True} | _choices(member, network, source, item)
    if item is not None and item.state in OUT and can_withdraw(member, item):
        return standing | {"shown_as": shown_as(item.identity)}
    return {}


def standing_of(member: Member, source: Source, item: SharedItem | None) -> dict[str, Any]:
    """Return how a thing stands now, and what the policy says of it."""
    policy, state = selectors.get_policy(), item.state if item else ""
    return {
        "is_shared": state == ShareState.SHARED,
        "is_out": state in OUT,
        "is_waiting": state == ShareState.AWAITING_APPROVAL,
        "asks_first": needs_approval(policy, member),
        "kept_category": "" if may_leave(policy, source.category) else source.category,
        "words": _WORDS[state],
        "since": _since(item) if item and state == ShareState.SHARED else "",
    }


def _choices(member: Member, network: Network, source: Source, item: SharedItem | None) -> dict[str, Any]:
    preview = services.preview_of(source, services.standing_choice(item))
    return {
        "form": ShareForm.for_item(item).with_preview(preview.mark),
        "cards": identity_cards(services.author_of(member.id), network.name),
        "copy": copy_of(preview.draft, network),
        "stays": preview.stays,
        "telling": preview.telling,
    }


def _since(item: SharedItem) -> str:
    day = timezone.localdate(item.shared_at) if item.shared_at else timezone.localdate()
    return f"since {short_day(day, timezone.localdate())}"
