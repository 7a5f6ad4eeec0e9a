"""Reads about what is shared: items, the ledger, and answers from other networks."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from collective.publications import selectors as publications
from collective.publications.models import Origin, PublicationReply
from tenant_apps.sharing.enums import ShareState
from tenant_apps.sharing.models import LedgerEntry, Policy, ReceivedReply, SharedItem
from tenants.context import in_collective, this_network


@dataclass(frozen=True, slots=True)
class AwayReply:
    """An answer from another network, whether it still lives in the Collective or has come home."""

    id: UUID
    body: str
    shown_name: str
    shown_role: str
    shown_network: str
    shown_colour: str
    is_answer: bool
    created_at: datetime
    """Orders it, and is not shown."""
    shown_at: datetime | date
    came_home: bool
    is_removed: bool = False


def get_policy() -> Policy:
    """Return this network's policy; an unsaved default before it has been seeded."""
    return Policy.objects.first() or Policy()


def shared_item(kind: str, source_id: UUID) -> SharedItem | None:
    """Return how a thing stands with the Collective, or None when it was never shared."""
    return SharedItem.objects.filter(source_kind=kind, source_id=source_id).first()


def shared_items_by_source(kind: str, source_ids: list[UUID]) -> dict[UUID, SharedItem]:
    """Return how several things stand, by their ids, in one query."""
    found = SharedItem.objects.filter(source_kind=kind, source_id__in=source_ids)
    return {item.source_id: item for item in found}


def get_item(item_id: UUID) -> SharedItem | None:
    """Return one shared item, or None."""
    return SharedItem.objects.filter(id=item_id).first()


def item_of_publication(publication_id: UUID) -> SharedItem | None:
    """Return the item that a publication is the copy of, or None."""
    return SharedItem.objects.filter(publication_id=publication_id, state=ShareState.SHARED).first()


def source_of_reply(publication_id: UUID, reply_id: UUID) -> tuple[str, UUID] | None:
    """Return the kind and id of what a reply of another network is about, also when it has come home since."""
    item = SharedItem.objects.filter(publication_id=publication_id).first()
    home = item or ReceivedReply.objects.filter(id=reply_id).first()
    return (home.source_kind, home.source_id) if home else None


def get_received_reply(reply_id: UUID) -> ReceivedReply | None:
    """Return an answer that came home, hidden or not, unless its author had it removed."""
    return ReceivedReply.objects.filter(id=reply_id, removed_at=None).first()


def reply_in_collective(reply_id: UUID) -> PublicationReply | None:
    """Return a reply that this network got, or that one of its members gave, while it is in the Collective."""
    network_id = this_network().id
    with in_collective(joining_transaction=True):
        return publications.reply_of_networks(reply_id, network_id=network_id)


def items_awaiting_approval() -> list[SharedItem]:
    """Return what waits for an organiser, oldest first."""
    return list(SharedItem.objects.filter(state=ShareState.AWAITING_APPROVAL).order_by("requested_at", "id"))


def shared_now() -> QuerySet[SharedItem]:
    """Return everything of this network that others can see, newest first."""
    return SharedItem.objects.filter(state=ShareState.SHARED).order_by("-shared_at", "id")


def ledger() -> QuerySet[LedgerEntry]:
    """Return the sharing ledger, newest first."""
    return LedgerEntry.objects.select_related("item").order_by("-at", "-id")


def away_replies(kind: str, source_id: UUID, publication_id: UUID | None, *, received: bool = True) -> list[AwayReply]:
    """Return the answers of other networks to one thing.

    While it is shared they live in the Collective; after a withdrawal they are rows of this network. `received` says
    whether there can be such rows, which saves the query where there cannot.
    """
    replies = received_replies(kind, source_id) if received else []
    if publication_id is None:
        return replies
    with in_collective(joining_transaction=True):
        live = publications.replies_to([publication_id])[publication_id]
        return [*replies, *(_away(reply, came_home=False) for reply in live)]


def received_replies(kind: str, source_id: UUID) -> list[AwayReply]:
    """Return the answers that came home with a withdrawal."""
    found = ReceivedReply.objects.filter(source_kind=kind, source_id=source_id, hidden_at=None)
    return [_away(reply, came_home=True) for reply in found.order_by("created_at", "id")]


def networks_to_block(own_id: UUID) -> list[Origin]:
    """Return the other networks of the Collective, for the policy's form; a blocked one also while it is suspended."""
    blocked = set(get_policy().blocked_networks)
    with in_collective():
        known = publications.known_origins()
    return [origin for origin in known if origin.id != own_id and (origin.is_visible or origin.id in blocked)]


def _away(reply: PublicationReply | ReceivedReply, *, came_home: bool) -> AwayReply:
    return AwayReply(
        id=reply.id,
        body=reply.body,
        shown_name=reply.shown_name,
        shown_role=reply.shown_role,
        shown_network=reply.shown_network,
        shown_colour=reply.shown_colour,
        is_answer=reply.is_answer,
        created_at=reply.created_at,
        shown_at=reply.shown_when,
        came_home=came_home,
        is_removed=bool(getattr(reply, "removed_at", None)),
    )
