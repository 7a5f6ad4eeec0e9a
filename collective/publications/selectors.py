"""Reads over publications; each is called, and what it returns evaluated, inside `in_collective()`."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Avg, Count, Exists, IntegerField, Max, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from collective.publications.drafts import REGION_NEEDS_NETWORKS, Draft
from collective.publications.enums import Identity, PublicationKind
from collective.publications.models import (
    KeptPublication,
    Origin,
    Publication,
    PublicationReply,
    PublicationReport,
    ReturnedReply,
)

SEEN = Q(hidden_here_at=None, hidden_there_at=None)
"""Replies that the moderators of neither network have hidden."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What someone acting for a network does not see: `blocked` by either side, `hidden` for whatever reason."""

    blocked: list[UUID]
    hidden: list[UUID]


def shown_name(name: str, network: str) -> str:
    """Return what stands where a name would: their name, or what is known of somebody who did not give it."""
    return name or ("A member" if network else "A member of another network")


def visible_publications(network_id: UUID, *, sight: Sight | None = None) -> QuerySet[Publication]:
    """Return what someone acting for a network may see, newest first, with how many replies a block hides from it."""
    blocked = (sight or sight_of(network_id)).blocked
    shown = _visible(blocked).select_related("origin")
    return shown.annotate(hidden_replies=_hidden_replies(blocked)) if blocked else shown


def sight_of(network_id: UUID) -> Sight:
    """Return what a network does not see, in one query; to be passed on where several reads follow."""
    wanted = Q(id=network_id) | Q(blocks__contains=[network_id]) | Q(is_visible=False)
    rows = list(Origin.objects.filter(wanted).values_list("id", "is_visible", "blocks"))
    blocked = {origin_id for origin_id, _, blocks in rows if network_id in blocks}
    blocked.update(*(blocks for origin_id, _, blocks in rows if origin_id == network_id))
    return Sight(sorted(blocked), sorted(blocked | {origin_id for origin_id, is_visible, _ in rows if not is_visible}))


def get_visible_publication(publication_id: UUID, *, network_id: UUID) -> Publication | None:
    """Return a publication this network may see, or None, the same for withdrawn, hidden, blocked and never there."""
    return visible_publications(network_id).filter(id=publication_id).first()


def publications_by_ids(
    publication_ids: list[UUID], *, network_id: UUID, sight: Sight | None = None
) -> dict[UUID, Publication]:
    """Return the visible ones among the given, by id."""
    return {each.id: each for each in visible_publications(network_id, sight=sight).filter(id__in=publication_ids)}


def supplier_keys(publication_ids: list[UUID], *, network_id: UUID, sight: Sight | None = None) -> list[str]:
    """Return the suppliers that the visible ones among the given are about, each once, in the order given."""
    blocked = (sight or sight_of(network_id)).blocked
    found = dict(_visible(blocked).filter(id__in=publication_ids).values_list("id", "supplier_key"))
    return list(dict.fromkeys(found[each] for each in publication_ids if found.get(each)))


def waiting_questions(network_id: UUID) -> QuerySet[Publication]:
    """Return questions of other networks that have no answer yet and take one, oldest first."""
    waiting = visible_publications(network_id).filter(kind=PublicationKind.QUESTION, is_answered=False, is_closed=False)
    return waiting.exclude(origin_id=network_id).order_by("shown_at", "id")


def replies_to(publication_ids: list[UUID]) -> dict[UUID, list[PublicationReply]]:
    """Return every reply to each publication, answers first, then oldest first; for the network it came from."""
    found: dict[UUID, list[PublicationReply]] = {each: [] for each in publication_ids}
    for reply in PublicationReply.objects.filter(SEEN, publication_id__in=publication_ids).order_by(
        "-is_answer", "created_at", "id"
    ):
        found[reply.publication_id].append(reply)
    return found


def visible_replies(publication_id: UUID, *, network_id: UUID) -> list[PublicationReply]:
    """Return the replies that someone acting for a network may see; blocks work both ways, answers come first."""
    found = PublicationReply.objects.filter(SEEN, publication_id=publication_id)
    return list(found.exclude(network_id__in=sight_of(network_id).blocked).order_by("-is_answer", "created_at", "id"))


def replies_by_account(account_id: UUID) -> list[PublicationReply]:
    """Return what one person answered in the Collective, newest first."""
    written = PublicationReply.objects.filter(account_id=account_id).select_related("publication__origin")
    return list(written.order_by("-created_at")[:200])


def replies_of_network(network_id: UUID, *, after: UUID | None, most: int) -> list[PublicationReply]:
    """Return some of what people of one network answered in the Collective, by id, from the one `after` this on."""
    return _some_of(PublicationReply.objects.filter(network_id=network_id), after, most)


def returned_replies(account_id: UUID) -> list[ReturnedReply]:
    """Return one person's answers that went home with a withdrawn publication, newest first."""
    return list(ReturnedReply.objects.filter(account_id=account_id).order_by("-returned_at")[:200])


def get_reply(reply_id: UUID, *, account_id: UUID) -> PublicationReply | None:
    """Return a reply its own author wrote, or None."""
    written = PublicationReply.objects.select_related("publication__origin")
    return written.filter(id=reply_id, account_id=account_id).first()


def reply_of_networks(reply_id: UUID, *, network_id: UUID) -> PublicationReply | None:
    """Return a reply, hidden or not, for the publication's network or its author's; None for any other."""
    found = PublicationReply.objects.select_related("publication").filter(id=reply_id)
    return found.filter(Q(network_id=network_id) | Q(publication__origin_id=network_id)).first()


def get_report(report_id: UUID) -> PublicationReport | None:
    """Return a report, or None; the caller sees to it that its network has a part in it."""
    return PublicationReport.objects.filter(id=report_id).first()


def reports_by_network(network_id: UUID) -> list[PublicationReport]:
    """Return what people of one network reported, newest first."""
    return list(PublicationReport.objects.filter(network_id=network_id)[:200])


def reports_by_account(account_id: UUID, *, network_id: UUID) -> list[PublicationReport]:
    """Return what one person reported for one network, newest first."""
    return list(PublicationReport.objects.filter(account_id=account_id, network_id=network_id)[:200])


def reports_by_ids(report_ids: list[UUID], *, network_id: UUID) -> list[PublicationReport]:
    """Return those of the given that a network has to decide."""
    decides = Q(origin_id=network_id) | Q(author_network_id=network_id)
    return list(PublicationReport.objects.filter(decides, id__in=report_ids))


def reports_for_platform() -> QuerySet[PublicationReport]:
    """Return reports about what networks left that have closed; nobody but the platform decides them."""
    return PublicationReport.objects.filter(origin_id__in=_closed())


def reports_waiting() -> QuerySet[PublicationReport]:
    """Return those of them that nobody has decided and whose thing is still there, the oldest first."""
    thing = Publication.objects.filter(id=OuterRef("publication_id"))
    reply = PublicationReply.objects.filter(id=OuterRef("reply_id"))
    found = reports_for_platform().filter(Exists(thing), Q(reply_id=None) | Exists(reply), origin_outcome="")
    return found.order_by("created_at", "id")


def reports_about(publication_id: UUID, reply_id: UUID | None) -> QuerySet[PublicationReport]:
    """Return every report about a publication, or about one reply to it, the oldest first."""
    return PublicationReport.objects.filter(publication_id=publication_id, reply_id=reply_id).order_by("created_at")


def texts_reported(reports: Collection[PublicationReport]) -> dict[UUID, str]:
    """Return what the things say that were reported, by the report's id; without those that are gone."""
    things = {each.reply_id or each.publication_id for each in reports}
    texts = dict(Publication.objects.filter(id__in=things).values_list("id", "body"))
    texts |= dict(PublicationReply.objects.filter(id__in=things).values_list("id", "body"))
    found = ((each.id, texts.get(each.reply_id or each.publication_id)) for each in reports)
    return {report_id: text for report_id, text in found if text is not None}


def get_publication(publication_id: UUID) -> Publication | None:
    """Return a publication, whoever may see it, or None; with its author's handle where it was kept."""
    return Publication.objects.filter(id=publication_id).select_related("origin", "kept").first()


def get_reply_of(publication_id: UUID, reply_id: UUID) -> PublicationReply | None:
    """Return a reply to a publication, whoever may see it, or None."""
    return PublicationReply.objects.filter(id=reply_id, publication_id=publication_id).first()


def get_returned_reply(reply_id: UUID) -> ReturnedReply | None:
    """Return the note of an answer that went home, or None."""
    return ReturnedReply.objects.filter(id=reply_id).first()


def kept_publications(account_id: UUID) -> list[KeptPublication]:
    """Return what one person shared from networks that have closed, newest first."""
    found = KeptPublication.objects.filter(account_id=account_id).select_related("publication")
    return list(found.order_by("-publication__shown_at", "id")[:200])


def get_kept(kept_id: UUID, *, account_id: UUID) -> KeptPublication | None:
    """Return one of these, or None for anybody else's."""
    found = KeptPublication.objects.filter(id=kept_id, account_id=account_id)
    return found.select_related("publication").first()


def authors_of_closed(account_ids: Collection[UUID]) -> set[UUID]:
    """Return which of these people have something left here from networks that have closed."""
    kept = KeptPublication.objects.filter(account_id__in=account_ids).values_list("account_id", flat=True)
    answered = {"account_id__in": account_ids, "network_id__in": _closed()}
    answers = PublicationReply.objects.filter(**answered).values_list("account_id", flat=True)
    returned = ReturnedReply.objects.filter(**answered, withdrawn_at=None).values_list("account_id", flat=True)
    return {*kept, *answers, *returned}


def answers_of_closed(account_id: UUID) -> list[PublicationReply]:
    """Return what one person answered for networks that have closed, newest first."""
    written = PublicationReply.objects.filter(account_id=account_id, network_id__in=_closed())
    return list(written.select_related("publication").order_by("-created_at")[:200])


def returned_of_closed(account_id: UUID) -> list[ReturnedReply]:
    """Return one person's answers for networks that have closed, which another network has and they may take back."""
    found = ReturnedReply.objects.filter(account_id=account_id, network_id__in=_closed(), withdrawn_at=None)
    return list(found.order_by("-returned_at")[:200])


def closed_among(network_ids: Iterable[UUID | None]) -> set[UUID]:
    """Return those of the given networks that have closed and left something here."""
    return set(_closed().filter(id__in={each for each in network_ids if each}))


def publications_of(origin_id: UUID) -> list[Publication]:
    """Return everything that came from one network, for rebuilding and checking."""
    return list(Publication.objects.filter(origin_id=origin_id).order_by("id"))


def some_publications_of(origin_id: UUID, *, after: UUID | None, most: int) -> list[Publication]:
    """Return some of what came from one network, by id, from the one `after` this on."""
    return _some_of(Publication.objects.filter(origin_id=origin_id), after, most)


def stray_reply_ids() -> list[UUID]:
    """Return replies whose publication is not there."""
    there = Publication.objects.filter(id=OuterRef("publication_id"))
    return list(PublicationReply.objects.filter(~Exists(there)).values_list("id", flat=True))


def supplier_summaries(
    network_id: UUID,
    *,
    category: str = "",
    name: str = "",
    keys: list[str] | None = None,
    sight: Sight | None = None,
) -> list[dict]:
    """Return suppliers with what schools say of them and the means of their marks (1 to 5), most recommended first."""
    found = _visible((sight or sight_of(network_id)).blocked).filter(kind=PublicationKind.RECOMMENDATION)
    if keys is not None:
        found = found.filter(supplier_key__in=keys)
    if category:
        found = found.filter(category=category)
    if name:
        found = found.filter(supplier_name__icontains=name)
    rows = [dict(row) for row in found.order_by().values("supplier_key").annotate(**_SUPPLIER_FIGURES)]
    return sorted(rows, key=lambda row: (-row["would_use_again_count"], -row["recommendations"], row["supplier_key"]))


def supplier_figures(supplier_key: str, *, network_id: UUID) -> dict:
    """Return the figures of one supplier over every network this one may see."""
    found = _visible(sight_of(network_id).blocked).filter(supplier_key=supplier_key)
    return found.order_by().aggregate(**_SUPPLIER_FIGURES)


def recommendations_of(supplier_key: str, *, network_id: UUID) -> list[Publication]:
    """Return the shared recommendations of one supplier, newest first."""
    return list(visible_publications(network_id).filter(supplier_key=supplier_key).order_by("-shown_at", "id")[:200])


def get_origin(network_id: UUID) -> Origin | None:
    """Return how a network is shown, or None before it has been seeded."""
    return Origin.objects.filter(id=network_id).first()


def known_origins() -> list[Origin]:
    """Return every network the Collective knows that has not closed, also a suspended one, by name."""
    return list(Origin.objects.filter(closed_at=None).order_by("name", "id"))


def origin_names(sight: Sight) -> dict[UUID, str]:
    """Return the names of the networks that are seen, by id."""
    seen = Origin.objects.exclude(id__in=sight.hidden)
    return dict(seen.order_by("name", "id").values_list("id", "name"))


def names_of(network_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the names of networks, also of hidden ones, for those who run the platform."""
    return dict(Origin.objects.filter(id__in=network_ids).values_list("id", "name"))


def region_shown(region: str) -> str:
    """Return a region where it has so many visible networks that naming it gives none away, else nothing.

    One that has closed publishes nothing, so it hides nobody.
    """
    here = Origin.objects.filter(is_visible=True, closed_at=None, region=region)
    return region if region and here.count() >= REGION_NEEDS_NETWORKS else ""


def says_the_same(publication_id: UUID, draft: Draft) -> bool:
    """Return whether a publication is there and shows just what a draft says."""
    publication = Publication.objects.filter(id=publication_id).first()
    return publication is not None and not differing_fields(publication, draft)


def differing_fields(publication: Publication, draft: Draft) -> list[str]:
    """Return the names of the fields in which a publication and a draft differ."""
    return sorted(name for name, value in draft.fields().items() if getattr(publication, name) != value)


def _closed() -> QuerySet[Origin, UUID]:
    return Origin.objects.filter(closed_at__isnull=False).values_list("id", flat=True)


def _some_of[Row: Model](rows: QuerySet[Row], after: UUID | None, most: int) -> list[Row]:
    return list((rows.filter(id__gt=after) if after else rows).order_by("id")[:most])


def _visible(blocked: list[UUID]) -> QuerySet[Publication]:
    shown = Publication.objects.filter(origin__is_visible=True)
    return shown.exclude(origin_id__in=blocked) if blocked else shown


def _hidden_replies(blocked: list[UUID]) -> Coalesce:
    hidden = PublicationReply.objects.filter(SEEN, publication_id=OuterRef("id"), network_id__in=blocked).order_by()
    counted = hidden.values("publication_id").annotate(count=Count("id")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


_SUPPLIER_FIGURES = {
    "supplier": Max("supplier_name"),
    "website": Max("supplier_website"),
    "subject": Max("category"),
    "recommendations": Count("id"),
    # Nobody may learn from this count which network an anonymous one came from.
    "networks": Count("origin_id", distinct=True, filter=~Q(identity=Identity.ANONYMOUS)),
    "response_mean": Avg("response"),
    "quality_mean": Avg("quality"),
    "value_mean": Avg("value"),
    "would_use_again_count": Count("id", filter=Q(would_use_again=True)),
}
