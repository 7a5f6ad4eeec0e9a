"""Who may see and answer what in the Collective."""

from uuid import UUID

from collective.publications.enums import PublicationKind
from collective.publications.models import Publication, PublicationReply


def can_reply(network_id: UUID, publication: Publication) -> bool:
    """Return whether someone acting for a network may answer; at home one answers in the discussion itself."""
    return is_answerable(publication) and network_id != publication.origin_id and not publication.is_closed


def is_answerable(publication: Publication) -> bool:
    """Return whether it is something one answers; a recommendation stands for itself."""
    return publication.kind != PublicationKind.RECOMMENDATION


def can_edit_reply(account_id: UUID, reply: PublicationReply) -> bool:
    """Return whether this account wrote the reply."""
    return reply.account_id == account_id
