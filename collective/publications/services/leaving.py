"""What becomes of a network's publications and answers when it is deleted: taken back, or kept without its name."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from collective.publications.models import (
    KeptPublication,
    Origin,
    Publication,
    PublicationReply,
    PublicationReport,
    ReturnedReply,
)
from collective.publications.services.publishing import follow_name, settle
from collective.publications.signals import (
    origin_changed,
    publication_reported,
    publication_withdrawn,
    reply_withdrawn,
    returned_reply_withdrawn,
)

CLOSED_NAME, CLOSED_COLOUR = "A network that has closed", "#46607a"


@transaction.atomic
def note_authors(authors: Mapping[UUID, UUID]) -> None:
    """Remember whose a publication is, by account, so that its author can still have it removed."""
    there = Publication.objects.filter(id__in=authors).values_list("id", flat=True)
    rows = [KeptPublication(publication_id=each, account_id=authors[each]) for each in there]
    KeptPublication.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def keep_after_closing(network_id: UUID) -> None:
    """Let what a network shared stay, from a network that has closed, which takes no more replies."""
    origin = Origin.objects.select_for_update().filter(id=network_id).first()
    if origin is None:
        return
    for publication in Publication.objects.filter(origin=origin, is_closed=False):
        publication.is_closed = True
        settle(publication)
    origin.name, origin.colour, origin.subdomain, origin.is_visible = CLOSED_NAME, CLOSED_COLOUR, "", True
    origin.closed_at = origin.closed_at or timezone.now()  # whom it blocked sees as little of it as before
    origin.save()
    follow_name(origin)
    origin_changed.send(Origin, origin=origin)
    _forget_the_rest(network_id)
    for report in PublicationReport.objects.filter(origin_id=network_id, origin_outcome=""):
        publication_reported.send(PublicationReport, report=report)  # for the platform to decide from now on


@transaction.atomic
def take_all_back(network_id: UUID) -> None:
    """Remove what a network shared, with the replies to it, and what its people answered elsewhere."""
    for publication in Publication.objects.filter(origin_id=network_id):
        publication_withdrawn.send(Publication, publication_id=publication.id)
        publication.replies.all().delete()
        publication.delete()
    for reply in PublicationReply.objects.filter(network_id=network_id).select_related("publication"):
        reply_id = reply.id
        reply.delete()
        settle(reply.publication)
        reply_withdrawn.send(PublicationReply, publication=reply.publication, reply_id=reply_id)
    PublicationReply.objects.filter(network_id=network_id).delete()  # to what is not there any more
    for returned in ReturnedReply.objects.filter(network_id=network_id, withdrawn_at=None):
        returned_reply_withdrawn.send(ReturnedReply, returned=returned)
    ReturnedReply.objects.filter(network_id=network_id).delete()
    _forget_the_rest(network_id)
    PublicationReport.objects.filter(origin_id=network_id).delete()
    Origin.objects.filter(id=network_id).delete()


@transaction.atomic
def remove_kept(kept: KeptPublication) -> None:
    """Remove a publication of a network that has closed, with the replies to it, at its author's wish."""
    take_down(kept.publication)


@transaction.atomic
def take_down(publication: Publication) -> None:
    """Remove a publication of a network that has closed, with the replies to it and its author's handle on it."""
    publication_withdrawn.send(Publication, publication_id=publication.id)
    KeptPublication.objects.filter(publication=publication).delete()
    publication.replies.all().delete()
    publication.delete()


@transaction.atomic
def reopen_report(report: PublicationReport) -> None:
    """Let a report be decided again, because who made it said more."""
    report.origin_outcome, report.origin_decided_at = "", None
    report.save(update_fields=["origin_outcome", "origin_decided_at"])


def _forget_the_rest(network_id: UUID) -> None:
    """Forget the answers that it took home, which are gone, and what its people reported."""
    ReturnedReply.objects.filter(origin_id=network_id).delete()
    PublicationReport.objects.filter(network_id=network_id).delete()
    PublicationReport.objects.filter(author_network_id=network_id).update(author_network_id=None)
