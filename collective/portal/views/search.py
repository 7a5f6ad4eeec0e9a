"""The search page: what was asked, what was chosen, and what can be."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from collective.index.selectors import Filters
from collective.portal import selectors
from collective.portal.permissions import reader_required
from collective.portal.selectors import PAGE_SIZE, Found
from collective.portal.views.drawing import hit, supplier_card
from collective.publications import selectors as publications
from collective.publications.enums import PublicationKind
from collective.publications.selectors import Sight
from shared_apps.core.narrowing import Group, Narrowing

_KINDS = {
    PublicationKind.QUESTION: "Question",
    PublicationKind.DISCUSSION: "Discussion",
    PublicationKind.RECOMMENDATION: "Recommendation",
}
_WHEN = {"": "Any time", "year": "This school year", "three": "Last 3 years"}
_ANSWERED = {True: "Has an answer", False: "Waiting"}
_FILTERS = ("kind", "answered", "phase", "category", "network", "when")


@require_safe
@reader_required
def search(request: HttpRequest) -> HttpResponse:
    """Find what the networks chose to share; without a question, the newest."""
    narrowing = Narrowing(request.GET, _FILTERS, PAGE_SIZE)
    number, found = _found(request, narrowing)
    context = {
        "hits": [hit(result) for result in found.results],
        "suppliers": _suppliers(request, narrowing.query, found.sight) if number == 1 else [],
        "ask_url": selectors.way_home(request.acting, "/discussions/new/"),
        **narrowing.context(
            _groups(found, narrowing),
            shown=len(found.results),
            total=found.page.total,
            label=found.page.total_label,
            meant=found.page.meant,
            number=number,
        ),
    }
    return render(request, "portal/search.html", context)


def _found(request: HttpRequest, narrowing: Narrowing) -> tuple[int, Found]:
    """Return the page asked for and its number; the first one where there are not so many."""
    query, filters, network_id = narrowing.query, _filters(request.GET), request.acting.id
    found = selectors.find(query, filters=filters, network_id=network_id, offset=narrowing.offset)
    if found.results or narrowing.number == 1:
        return narrowing.number, found
    return 1, selectors.find(query, filters=filters, network_id=network_id)


def _suppliers(request: HttpRequest, query: str, sight: Sight) -> list[dict]:
    found = selectors.suppliers_matching(query, network_id=request.acting.id, sight=sight)
    return [supplier_card(row) for row in found]


def _filters(chosen: QueryDict) -> Filters:
    return Filters(
        kind=chosen.getlist("kind"),
        answered=[value == "yes" for value in chosen.getlist("answered") if value in ("yes", "no")],
        phase=chosen.getlist("phase"),
        category=chosen.getlist("category"),
        network=[each for each in map(_uuid_or_none, chosen.getlist("network")) if each],
        published_from=_since(chosen.get("when", "")),
    )


def _since(when: str) -> datetime | None:
    start = selectors.school_year_start(timezone.localdate())
    if when == "three":
        start = start.replace(year=start.year - 2)
    return timezone.make_aware(datetime.combine(start, time.min)) if when in ("year", "three") else None


def _uuid_or_none(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _groups(found: Found, narrowing: Narrowing) -> list[Group]:
    networks = publications.origin_names(found.sight)
    answered = _counts(found, "answered")
    has_answer = [(value, words, answered.get(value, "0")) for value, words in _ANSWERED.items()]
    return [
        narrowing.counted("Kind", "kind", _counts(found, "kind"), _KINDS),
        narrowing.group("Answered", "answered", has_answer),
        _as_they_are("Phase", "phase", found, narrowing),
        _as_they_are("Category", "category", found, narrowing),
        narrowing.counted("Network", "network", _counts(found, "network"), networks),
        narrowing.group("When", "when", [(value, words, None) for value, words in _WHEN.items()], one=True),
    ]


def _as_they_are(legend: str, name: str, found: Found, narrowing: Narrowing) -> Group:
    """Return a filter whose values are words, those with most results first, also what is on and has none."""
    counts = _counts(found, name)
    on = narrowing.chosen.getlist(name)
    return narrowing.counted(legend, name, counts, {value: value[:60] for value in [*counts, *on]})


def _counts(found: Found, name: str) -> dict[Any, str]:
    return {each.value: each.label for each in selectors.facet_counts(found.page, name) if each.value != ""}
