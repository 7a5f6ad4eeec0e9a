"""Listens to the Collective: an author takes back an answer that has come home to a network."""

from typing import Any

from collective.publications.models import ReturnedReply
from tenant_apps.sharing import tasks


def on_returned_reply_withdrawn(*, returned: ReturnedReply, **_: Any) -> None:
    """Enqueue, in the same transaction, the removal of the text in the network that kept it."""
    tasks.remove_received_reply.enqueue_for(returned.origin_id, reply_id=str(returned.id))
