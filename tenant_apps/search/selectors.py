"""What a member finds in their network: ranked, narrowed, and checked again against what everybody may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils.safestring import SafeString

from collective.index.matching import Condition, rank
from collective.index.models import IndexedDocument, PublicationEntry
from collective.index.questions import read_question
from collective.index.selectors import Hit, SearchPage, best_hits, search_index
from collective.publications.models import Publication
from collective.publications.selectors import publications_by_ids, sight_of
from shared_apps.monitoring.meters import timed_search
from tenant_apps.discussions.models import Discussion
from tenant_apps.discussions.selectors import LISTED
from tenant_apps.members.enums import MemberState
from tenant_apps.members.models import Member
from tenant_apps.search.enums import EntryKind
from tenant_apps.search.models import SearchEntry
from tenant_apps.suppliers.models import Supplier
from tenants.context import in_collective, this_network

PAGE_SIZE = 20
SIMILAR, AWAY, MOST_AUTHORS = 3, 3, 10
LIKENESS = 0.3
"""How much of what a query weighs a discussion must score to be called similar: about two words in five."""
_SAID = Condition("e.kind IN ('question', 'discussion')")
Thing = Discussion | Member | Supplier


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What to narrow by: the values of one facet are alternatives, an empty facet does not narrow."""

    kind: Sequence[str] = ()
    category: Sequence[UUID] = ()
    answered: Sequence[bool] = ()
    author: Sequence[UUID] = ()
    year: Sequence[int] = ()

    def facets(self) -> dict[str, list[Any]]:
        """Return the facets that narrow, with the values chosen."""
        chosen = {each.name: list(getattr(self, each.name)) for each in fields(self)}
        return {name: values for name, values in chosen.items() if values}


@dataclass(frozen=True, slots=True)
class Result:
    """One thing that was found, as the index has it and as it is now."""

    hit: Hit
    kind: EntryKind
    thing: Thing


@dataclass(frozen=True, slots=True)
class AwayResult:
    """A discussion of this network that people of others replied to, and what of it was found, as safe HTML."""

    thing: Discussion
    passage: SafeString


@dataclass(frozen=True, slots=True)
class Found:
    """A page of results, and the names of what they can be narrowed by."""

    results: list[Result]
    page: SearchPage
    authors: Mapping[UUID, str]


@timed_search("network")
def find(query: str, *, filters: Filters | None = None, limit: int = PAGE_SIZE, offset: int = 0) -> Found:
    """Search the current network; a blank query returns the newest."""
    filters = filters or Filters()
    page = search_index(query, model=SearchEntry, narrowed=filters.facets(), limit=limit, offset=offset)
    things = _things(page.hits)
    results = [Result(hit, EntryKind(hit.entry.kind), things[hit.id]) for hit in page.hits if hit.id in things]
    return Found(results, page, _author_names(page, filters))


def find_away(query: str, *, filters: Filters | None = None, limit: int = AWAY) -> list[AwayResult]:
    """Return discussions of the current network by what people of other networks replied to them, best first.

    Their words are read where they are, in the Collective, so that what they take back is not found from then on. The
    network that asked sees every reply to it.
    """
    if not query.strip():
        return []
    ours = Condition("e.origin_id = %s AND e.extra_text <> ''", (this_network().id,))
    with in_collective():
        hits = best_hits(query, model=PublicationEntry, conditions=[_SAID, ours], limit=4 * limit)
    passages = {hit.id: hit.answer_html for hit in hits if hit.answer_html}
    found = _narrowed(filters or Filters()).filter(publication_id__in=passages) if passages else []
    by_publication = {each.publication_id: each for each in found}
    results = [AwayResult(by_publication[each], words) for each, words in passages.items() if each in by_publication]
    return results[:limit]


def is_prepared(member_id: UUID) -> bool:
    """Return whether everything of before is in the index: members come into it last, so that one of them tells."""
    return SearchEntry.objects.filter(id=member_id).exists()


def similar_here(words: str, *, limit: int = SIMILAR) -> list[Discussion]:
    """Return discussions of the current network like what somebody is about to ask, best first."""
    ids = _alike(words, SearchEntry, [_SAID], limit)
    found = Discussion.objects.filter(LISTED, id__in=ids).in_bulk() if ids else {}
    return [found[each] for each in ids if each in found]


def similar_elsewhere(words: str, *, limit: int = SIMILAR) -> list[Publication]:
    """Return what other networks shared that is like it, as far as the current network may see it."""
    network = this_network()
    with in_collective():
        sight = sight_of(network.id)
        theirs = Condition("e.origin_id <> ALL(%s)", ([*sight.hidden, network.id],))
        ids = _alike(words, PublicationEntry, [_SAID, theirs], limit)
        found = publications_by_ids(ids, network_id=network.id, sight=sight) if ids else {}
        return [found[each] for each in ids if each in found]


def differing_ids() -> list[UUID]:
    """Return what can be seen and has no entry, and entries of what cannot be seen or is gone."""
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERING)
        return [row[0] for row in cursor.fetchall()]


def findable_ids() -> list[UUID]:
    """Return everything that ought to have an entry."""
    with connection.cursor() as cursor:
        cursor.execute(_FINDABLE)
        return [row[0] for row in cursor.fetchall()]


_FINDABLE = """
SELECT id FROM discussions_discussion WHERE hidden_at IS NULL AND NOT awaits_approval AND merged_into_id IS NULL
UNION ALL SELECT id FROM suppliers_supplier WHERE NOT is_archived
UNION ALL SELECT id FROM members_member WHERE state = 'active'
"""
_DIFFERING = f"""
SELECT coalesce(f.id, e.id) AS id FROM ({_FINDABLE}) f FULL JOIN search_searchentry e ON e.id = f.id
WHERE f.id IS NULL OR e.id IS NULL ORDER BY 1
"""  # noqa: S608 - constants


def _narrowed(filters: Filters) -> QuerySet[Discussion]:
    """Return the discussions that everybody may see and that the filters of the page leave."""
    chosen = {
        "kind__in": filters.kind,
        "category_id__in": filters.category,
        "author_id__in": filters.author,
        "created_at__year__in": filters.year,
    }
    found = Discussion.objects.filter(LISTED, **{name: values for name, values in chosen.items() if values})
    if filters.author:
        found = found.filter(is_anonymous=False)
    if filters.answered:
        found = found.filter(kind=EntryKind.QUESTION, is_answered__in=filters.answered)
    return found.select_related("author", "category")


def _alike(words: str, model: type[IndexedDocument], conditions: list[Condition], limit: int) -> list[UUID]:
    question = read_question(words, model=model)
    if question.is_blank:
        return []
    least = LIKENESS * sum(question.weights.values())
    ranked = rank(question, model=model, conditions=conditions, limit=limit)
    return [each for each, score in ranked.best if score >= least]


def _things(hits: Sequence[Hit]) -> dict[UUID, Thing]:
    """Return what was found as it is now, as far as everybody may see it: at most a query for each kind."""
    found: dict[UUID, Thing] = {}
    for kinds, things in _SEEN:
        if ids := [hit.id for hit in hits if hit.entry.kind in kinds]:
            found |= things().in_bulk(ids)
    return found


_SEEN = (
    (
        (EntryKind.QUESTION, EntryKind.DISCUSSION),
        lambda: Discussion.objects.filter(LISTED).select_related("author", "category"),
    ),
    ((EntryKind.MEMBER,), lambda: Member.objects.filter(state=MemberState.ACTIVE)),
    ((EntryKind.SUPPLIER,), lambda: Supplier.objects.filter(is_archived=False)),
)


def _author_names(page: SearchPage, filters: Filters) -> dict[UUID, str]:
    """Return the names of those who asked what was found; who has left is not named."""
    asked = [each.value for each in page.facets.get("author", ())[:MOST_AUTHORS]]
    active = Member.objects.filter(state=MemberState.ACTIVE, id__in=[*asked, *filters.author])
    return dict(active.values_list("id", "name"))
