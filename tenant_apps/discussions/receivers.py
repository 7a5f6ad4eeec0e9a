"""Listens to the Collective: a reply from another network is work for the network that asked."""

from typing import Any
from uuid import UUID

from collective.publications.enums import PublicationKind
from collective.publications.models import Publication, PublicationReply
from tenant_apps.discussions import tasks


def on_publication_replied(*, publication: Publication, reply: PublicationReply, **_: Any) -> None:
    """Enqueue, in the transaction of the reply, the job that counts it and tells the followers at home."""
    _take_in(publication, reply.id)


def on_reply_withdrawn(*, publication: Publication, reply_id: UUID, **_: Any) -> None:
    """Enqueue the job that counts again at home; it finds no such reply, and so tells nobody."""
    _take_in(publication, reply_id)


def _take_in(publication: Publication, reply_id: UUID) -> None:
    if publication.kind in (PublicationKind.QUESTION, PublicationKind.DISCUSSION):
        tasks.take_in_away_reply.enqueue_for(
            publication.origin_id, publication_id=str(publication.id), reply_id=str(reply_id)
        )
