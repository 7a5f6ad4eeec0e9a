"""What the portal's pages and API read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import HttpRequest
from django.utils.safestring import SafeString

from collective.index.selectors import FacetCount, Filters, Hit, SearchPage, best_ids, search
from collective.publications import selectors as publications
from collective.publications.enums import PublicationKind
from collective.publications.models import Publication
from collective.publications.selectors import Sight, shown_name
from shared_apps.accounts.models import AccessibleNetwork, User
from shared_apps.accounts.selectors import site_of
from shared_apps.core.markdown import excerpt
from shared_apps.monitoring.meters import timed_search
from tenants.context import in_collective
from tenants.selectors import collective_host, crossing_url, host_of

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class Result:
    """One publication as a list shows it; its texts are plain, or safe HTML where the words found are marked."""

    publication: Publication
    title: SafeString | str
    text: SafeString | str
    answer: SafeString | str
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """A page of results and what they can be narrowed by, as much of it as the reader may see."""

    results: list[Result]
    page: SearchPage
    sight: Sight


@timed_search("collective")
def find(
    query: str,
    *,
    filters: Filters,
    network_id: UUID,
    limit: int = PAGE_SIZE,
    offset: int = 0,
    sight: Sight | None = None,
) -> Found:
    """Search everything this network may see."""
    sight = sight or publications.sight_of(network_id)
    page = search(query, filters=filters, exclude_networks=sight.hidden, limit=limit, offset=offset)
    shown = publications.publications_by_ids([hit.id for hit in page.hits], network_id=network_id, sight=sight)
    results = [_result(hit, shown[hit.id]) for hit in page.hits if hit.id in shown]
    return Found(results, page, sight)


def plain_result(publication: Publication) -> Result:
    """Return a publication for a list that nobody searched."""
    return Result(publication, publication.title, excerpt(publication.body), "", 0.0)


def suppliers_matching(query: str, *, network_id: UUID, sight: Sight, limit: int = 3) -> list[dict]:
    """Return the suppliers whose recommendations answer a query, for the side of the page."""
    if not query.strip():
        return []
    only = Filters(kind=(PublicationKind.RECOMMENDATION,))
    found = best_ids(query, filters=only, exclude_networks=sight.hidden, limit=50)
    keys = publications.supplier_keys(found, network_id=network_id, sight=sight)[:limit]
    summaries = publications.supplier_summaries(network_id, keys=keys, sight=sight) if keys else []
    figures = {row["supplier_key"]: row for row in summaries}
    return [figures[key] for key in keys if key in figures]


def facet_counts(page: SearchPage, name: str) -> tuple[FacetCount, ...]:
    """Return a facet's counts, or none."""
    return page.facets.get(name, ())


def shown_author(publication: Publication) -> str:
    """Return the line that says whose it is."""
    return ", ".join(filter(None, (publication.shown_name, publication.shown_role))) or shown_name("", "")


def mean_of(row: dict) -> float | None:
    """Return the mean of a supplier's three ratings, to one place, or None without any."""
    means = [row[name] for name in ("response_mean", "quality_mean", "value_mean") if row[name] is not None]
    return round(float(sum(means) / len(means)), 1) if means else None


def school_year_start(today: date) -> date:
    """Return the 1 September this school year began on."""
    return date(today.year if today.month >= 9 else today.year - 1, 9, 1)


def way_home(acting: AccessibleNetwork, path: str) -> str:
    """Return the address that takes a reader, signed in, to a page of the network they act for."""
    return crossing_url(host_of(acting), from_host=collective_host(), path=path)


def way_here(request: HttpRequest, path: str = "/") -> str:
    """Return the address that takes a person, signed in, from another host of ours to a page of the portal."""
    return crossing_url(collective_host(), from_host=site_of(request).host, path=path)


def _result(hit: Hit, publication: Publication) -> Result:
    """Leave the passage of the replies out where it could be from a network that a block hides from the reader."""
    is_whole = publication.shown_replies == publication.reply_count
    return Result(publication, hit.title_html, hit.passage_html, hit.answer_html if is_whole else "", hit.score)


def keep_authors(accounts: Sequence[User]) -> set[UUID]:
    """Return which of some accounts have something here from closed networks, for them to take back; for `accounts`."""
    with in_collective():
        return publications.authors_of_closed([each.pk for each in accounts])
