"""Reads over publications; each is called, and what it returns evaluated, inside `in_collective()`."""

from uuid import UUID

from django.db.models import Avg, Count, Exists, Max, OuterRef, Q, QuerySet

from collective.publications.enums import PublicationKind
from collective.publications.models import Origin, Publication, PublicationReply, ReturnedReply


def visible_publications(network_id: UUID) -> QuerySet[Publication]:
    """Return what someone acting for a network may see, newest first; to be evaluated in the collective schema."""
    hidden = blocked_origin_ids(network_id)
    shown = Publication.objects.select_related("origin").filter(origin__is_visible=True)
    return shown.exclude(origin_id__in=hidden) if hidden else shown


def blocked_origin_ids(network_id: UUID) -> list[UUID]:
    """Return the origins this network does not see, because either side blocks the other."""
    own = Origin.objects.filter(id=network_id).values_list("blocks", flat=True).first() or []
    others = Origin.objects.filter(blocks__contains=[network_id]).values_list("id", flat=True)
    return sorted({*own, *others})


def hidden_origin_ids(network_id: UUID) -> list[UUID]:
    """Return every origin whose publications this network must not find: blocked, or not visible to anyone."""
    hidden = Origin.objects.filter(is_visible=False).values_list("id", flat=True)
    return sorted({*blocked_origin_ids(network_id), *hidden})


def get_visible_publication(publication_id: UUID, *, network_id: UUID) -> Publication | None:
    """Return a publication this network may see, or None, the same for withdrawn, hidden, blocked and never there."""
    return visible_publications(network_id).filter(id=publication_id).first()


def publications_by_ids(publication_ids: list[UUID], *, network_id: UUID) -> dict[UUID, Publication]:
    """Return the visible ones among the given, by id."""
    return {each.id: each for each in visible_publications(network_id).filter(id__in=publication_ids)}


def waiting_questions(network_id: UUID) -> QuerySet[Publication]:
    """Return questions of other networks that have no answer yet, oldest first."""
    waiting = visible_publications(network_id).filter(kind=PublicationKind.QUESTION, is_answered=False)
    return waiting.exclude(origin_id=network_id).order_by("shown_at", "id")


def replies_to(publication_ids: list[UUID]) -> dict[UUID, list[PublicationReply]]:
    """Return the replies to each publication, oldest first, answers before the others."""
    found: dict[UUID, list[PublicationReply]] = {each: [] for each in publication_ids}
    for reply in PublicationReply.objects.filter(publication_id__in=publication_ids).order_by(
        "-is_answer", "created_at", "id"
    ):
        found[reply.publication_id].append(reply)
    return found


def replies_by_account(account_id: UUID) -> list[PublicationReply]:
    """Return what one person answered in the Collective, newest first."""
    written = PublicationReply.objects.filter(account_id=account_id).select_related("publication__origin")
    return list(written.order_by("-created_at")[:200])


def returned_replies(account_id: UUID) -> list[ReturnedReply]:
    """Return one person's answers that went home with a withdrawn publication, newest first."""
    return list(ReturnedReply.objects.filter(account_id=account_id).order_by("-returned_at")[:200])


def get_reply(reply_id: UUID, *, account_id: UUID) -> PublicationReply | None:
    """Return a reply its own author wrote, or None."""
    written = PublicationReply.objects.select_related("publication__origin")
    return written.filter(id=reply_id, account_id=account_id).first()


def get_returned_reply(reply_id: UUID) -> ReturnedReply | None:
    """Return the note of an answer that went home, or None."""
    return ReturnedReply.objects.filter(id=reply_id).first()


def publications_of(origin_id: UUID) -> list[Publication]:
    """Return everything that came from one network, for rebuilding and checking."""
    return list(Publication.objects.filter(origin_id=origin_id).order_by("id"))


def stray_reply_ids() -> list[UUID]:
    """Return replies whose publication is not there."""
    there = Publication.objects.filter(id=OuterRef("publication_id"))
    return list(PublicationReply.objects.filter(~Exists(there)).values_list("id", flat=True))


def supplier_summaries(
    network_id: UUID, *, category: str = "", name: str = "", keys: list[str] | None = None
) -> list[dict]:
    """Return suppliers with how many schools recommend them and the means of their ratings (1 to 5), most first."""
    found = visible_publications(network_id).filter(kind=PublicationKind.RECOMMENDATION)
    if keys is not None:
        found = found.filter(supplier_key__in=keys)
    if category:
        found = found.filter(category=category)
    if name:
        found = found.filter(supplier_name__icontains=name)
    rows = found.order_by().values("supplier_key").annotate(**_SUPPLIER_FIGURES)
    return sorted(rows, key=lambda row: (-row["recommendations"], row["supplier_key"]))


def supplier_figures(supplier_key: str, *, network_id: UUID) -> dict:
    """Return the figures of one supplier over every network this one may see."""
    found = visible_publications(network_id).filter(supplier_key=supplier_key)
    return found.order_by().aggregate(**_SUPPLIER_FIGURES)


def recommendations_of(supplier_key: str, *, network_id: UUID) -> list[Publication]:
    """Return the shared recommendations of one supplier, newest first."""
    return list(visible_publications(network_id).filter(supplier_key=supplier_key).order_by("-shown_at", "id")[:200])


def get_origin(network_id: UUID) -> Origin | None:
    """Return how a network is shown, or None before it has been seeded."""
    return Origin.objects.filter(id=network_id).first()


def origins() -> list[Origin]:
    """Return every visible network, by name."""
    return list(Origin.objects.filter(is_visible=True).order_by("name"))


def count_origins_in_region(region: str) -> int:
    """Return how many visible networks a region has; a region is shown only where that hides who is meant."""
    return Origin.objects.filter(is_visible=True, region=region).count() if region else 0


_SUPPLIER_FIGURES = {
    "supplier": Max("supplier_name"),
    "website": Max("supplier_website"),
    "subject": Max("category"),
    "recommendations": Count("id"),
    "networks": Count("origin_id", distinct=True),
    "response_mean": Avg("response"),
    "quality_mean": Avg("quality"),
    "value_mean": Avg("value"),
    "would_use_again_count": Count("id", filter=Q(would_use_again=True)),
}
