"""What becomes of the answers of other networks, in the Collective and once they have come home."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from collective.publications import selectors as published
from collective.publications import services as publications
from collective.publications.services import PublicationGoneError
from shared_apps.audit.services import Actor, record
from tenant_apps.members.models import Member
from tenant_apps.members.selectors import get_member, member_of_account
from tenant_apps.notifications import services as notifications
from tenant_apps.notifications.enums import Kind
from tenant_apps.sharing.adapters import adapter_for
from tenant_apps.sharing.enums import ShareState
from tenant_apps.sharing.models import ReceivedReply, SharedItem
from tenant_apps.sharing.selectors import shared_item
from tenant_apps.sharing.services.items import follow_edit, hold
from tenants.context import in_collective, this_network
from tenants.selectors import collective_url


@transaction.atomic
def mark_away_reply(kind: str, source_id: UUID, reply_id: UUID, *, is_answer: bool, by: Member) -> None:
    """Mark or unmark another network's reply as an answer, wherever it lives; the caller has checked permission."""
    home = ReceivedReply.objects.filter(source_kind=kind, source_id=source_id, id=reply_id, removed_at=None)
    if not home.update(is_answer=is_answer):
        _mark_in_collective(shared_item(kind, source_id), reply_id, is_answer)
    record("sharing.reply.marked", by=by.actor, target_kind="reply", target_id=reply_id, is_answer=is_answer)


@transaction.atomic
def remove_received_reply(reply_id: UUID, *, by: Actor) -> None:
    """Blank an answer that came home, because its author takes it back; where it stood stays visible."""
    found = ReceivedReply.objects.filter(id=reply_id, removed_at=None).first()
    if found is None:
        return
    hold(found.source_id)
    blanked = {"body": "", "shown_name": "", "shown_role": "", "is_answer": False, "removed_at": timezone.now()}
    if ReceivedReply.objects.filter(id=reply_id, removed_at=None).update(**blanked):
        record("sharing.reply.removed", by=by, target=found)
        _settle(found.source_kind, found.source_id)


def tell_author_of_return(reply_id: UUID) -> None:
    """Tell an author of this network that a publication they answered was withdrawn; called by a job."""
    with in_collective():
        returned = published.get_returned_reply(reply_id)
    member = member_of_account(returned.account_id) if returned else None
    if returned is None or member is None:
        return
    notifications.notify_members(
        [member],
        kind=Kind.SHARING,
        key=f"sharing.returned_reply.{returned.id}",
        title=_RETURNED,
        words=_words_of_return(timezone.localtime(returned.replied_at)),
        path="/sharing/",
        mail_kind="sharing.returned_reply",
    )


_RETURNED = "A question you answered has been withdrawn"


def _words_of_return(replied_at: datetime) -> dict[str, Any]:
    return {
        "heading": _RETURNED,
        "paragraphs": [
            "The person who asked took their question back from the Collective.",
            f"Your answer of {replied_at:%-d %B %Y} stays with their network, shown as you chose then.",
            "You can have it removed there too.",
        ],
        "action_label": "See your answers",
        "action_url": collective_url("/answers/"),
        "reason": "You get this because you answered it.",
    }


def _mark_in_collective(item: SharedItem | None, reply_id: UUID, is_answer: bool) -> None:
    if item is None:
        raise PublicationGoneError("That reply is not here.")
    origin_id = this_network().id
    with in_collective(joining_transaction=True):
        publications.mark_reply_as_answer(
            reply_id, publication_id=item.publication_id, origin_id=origin_id, is_answer=is_answer
        )


def _settle(kind: str, source_id: UUID) -> None:
    """Let a feature count again after an answer that came home was taken back, and the publication follow."""
    item = shared_item(kind, source_id)
    publication_id = item.publication_id if item and item.state == ShareState.SHARED else None
    adapter_for(kind).set_publication(source_id, publication_id)
    member = get_member(item.member_id) if item else None
    if member is not None:
        follow_edit(kind, source_id, by=member)
