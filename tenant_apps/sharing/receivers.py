"""Listens to the Collective and to members: answers taken back that have come home, and authors who change."""

from typing import Any

from collective.publications.models import ReturnedReply
from tenant_apps.members.models import Member
from tenant_apps.sharing import services, tasks


def on_returned_reply_withdrawn(*, returned: ReturnedReply, **_: Any) -> None:
    """Enqueue, in the same transaction, the removal of the text in the network that kept it."""
    tasks.remove_received_reply.enqueue_for(returned.origin_id, reply_id=str(returned.id))


def on_member_changed(*, member: Member, **_: Any) -> None:
    """Let what they have shared say who they are now, in the transaction that changes them."""
    services.follow_person(member)
