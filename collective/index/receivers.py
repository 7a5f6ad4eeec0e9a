"""Keeps the index in step with publications, in the transaction that changes them."""

from typing import Any
from uuid import UUID

from django.dispatch import receiver

from collective.index import services
from collective.index.models import PublicationEntry
from collective.publications.models import Origin, Publication
from collective.publications.signals import origin_changed, publication_saved, publication_withdrawn


@receiver(publication_saved)
def index_publication(publication: Publication, **_: Any) -> None:
    """Make the publication found as it is now."""
    services.index_publication(publication)


@receiver(publication_withdrawn)
def forget_publication(publication_id: UUID, **_: Any) -> None:
    """Make the publication found no more."""
    services.remove_document(publication_id, model=PublicationEntry)


@receiver(origin_changed)
def show_or_hide_publications(origin: Origin, **_: Any) -> None:
    """Hide what comes from a suspended network, or show it again."""
    services.set_visibility(origin.id, visible=origin.is_visible)
