"""Listens to the Collective: a reply from another network is work for the network that asked."""

from typing import Any

from collective.publications.enums import PublicationKind
from collective.publications.models import Publication, PublicationReply
from tenant_apps.discussions import tasks


def on_publication_replied(*, publication: Publication, reply: PublicationReply, **_: Any) -> None:
    """Enqueue, in the transaction of the reply, the job that counts it and tells the followers at home."""
    if publication.kind in (PublicationKind.QUESTION, PublicationKind.DISCUSSION):
        tasks.take_in_away_reply.enqueue_for(
            publication.origin_id, publication_id=str(publication.id), reply_id=str(reply.id)
        )
