"""The search page: what was asked, what was chosen, and what can be."""

from datetime import datetime, time
from urllib.parse import urlencode
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

_KINDS = {
    PublicationKind.QUESTION: "Question",
    PublicationKind.DISCUSSION: "Discussion",
    PublicationKind.RECOMMENDATION: "Recommendation",
}
_WHEN = {"": "Any time", "year": "This school year", "three": "Last 3 years"}
_KEPT = ("kind", "answered", "phase", "category", "network", "when")


@require_safe
@reader_required
def search(request: HttpRequest) -> HttpResponse:
    """Find what the networks chose to share; without a question, the newest."""
    query = request.GET.get("q", "").replace("\x00", "")
    number, found = _found(request, query)
    groups = _facet_groups(found, request.GET, publications.origin_names(found.sight))
    context = {
        "q": query,
        "hits": [hit(result) for result in found.results],
        "total": found.page.total_label,
        "is_one": found.page.total == 1,
        "groups": groups,
        "on": sum(option["on"] for group in groups for option in group["options"] if option["value"]),
        "chips": _chips(groups, request.GET),
        "keep": [(name, value) for name, values in request.GET.lists() if name in _KEPT for value in values],
        "suppliers": _suppliers(request, query, found.sight) if number == 1 else [],
        "ask_url": selectors.way_home(request.acting, "/discussions/new/"),
        **_paging(found, number, request.GET),
    }
    return render(request, "portal/search.html", context)


def _found(request: HttpRequest, query: str) -> tuple[int, Found]:
    """Return the page asked for and its number; the first one where there are not so many."""
    number, filters, network_id = _page_number(request), _filters(request.GET), request.acting.id
    found = selectors.find(query, filters=filters, network_id=network_id, offset=(number - 1) * PAGE_SIZE)
    if found.results or number == 1:
        return number, found
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


def _facet_groups(found: Found, chosen: QueryDict, networks: dict[UUID, str]) -> list[dict]:
    groups = [
        _group("Kind", "kind", _options(found, "kind", chosen.getlist("kind"), _KINDS)),
        _group("Answered", "answered", _answered_options(found, chosen.getlist("answered"))),
        _group("Phase", "phase", _options(found, "phase", chosen.getlist("phase"), None)),
        _group("Category", "category", _options(found, "category", chosen.getlist("category"), None)),
        _group("Network", "network", _options(found, "network", chosen.getlist("network"), networks)),
        _group("When", "when", _when_options(chosen.get("when", "")), one=True),
    ]
    return [group for group in groups if group["options"]]


def _group(legend: str, name: str, options: list[dict], *, one: bool = False) -> dict:
    return {"legend": legend, "name": name, "options": options, "one": one}


def _options(found: Found, facet: str, on: list[str], labels: dict | None) -> list[dict]:
    counts = {each.value: each.label for each in selectors.facet_counts(found.page, facet) if each.value}
    options = [
        {"value": str(value), "label": labels.get(value, value) if labels else value, "count": count}
        for value, count in counts.items()
    ]
    missing = [value for value in on if value and value not in map(str, counts)]
    options += [{"value": value, "label": _label_of(value, labels), "count": "0"} for value in missing]
    return [option | {"on": option["value"] in on} for option in options if option["label"]]


def _label_of(value: str, labels: dict | None) -> str:
    if labels is None:
        return value[:60]
    return labels.get(value) or labels.get(_uuid_or_none(value)) or ""


def _answered_options(found: Found, on: list[str]) -> list[dict]:
    counts = {each.value: each.label for each in selectors.facet_counts(found.page, "answered")}
    return [
        {"value": value, "label": label, "count": counts.get(value == "yes", "0"), "on": value in on}
        for value, label in (("yes", "Has an answer"), ("no", "Waiting"))
    ]


def _when_options(on: str) -> list[dict]:
    return [{"value": value, "label": label, "count": None, "on": value == on} for value, label in _WHEN.items()]


def _chips(groups: list[dict], chosen: QueryDict) -> list[dict]:
    return [
        {"label": option["label"], "url": _without(chosen, group["name"], option["value"])}
        for group in groups
        for option in group["options"]
        if option["on"] and option["value"]
    ]


def _without(chosen: QueryDict, name: str, value: str) -> str:
    kept = [(key, each) for key, values in chosen.lists() for each in values if key != "page"]
    return "?" + urlencode([pair for pair in kept if pair != (name, value)])


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return min(max(int(text), 1), 1000 // PAGE_SIZE) if text.isascii() and text.isdecimal() and len(text) < 5 else 1


def _paging(found: Found, number: int, chosen: QueryDict) -> dict:
    first = (number - 1) * PAGE_SIZE + 1
    last = first + len(found.results) - 1
    return {
        "first": first,
        "last": last,
        "before": _page_url(chosen, number - 1) if number > 1 else "",
        "after": _page_url(chosen, number + 1) if found.page.total > last and found.results else "",
    }


def _page_url(chosen: QueryDict, number: int) -> str:
    kept = [(key, each) for key, values in chosen.lists() for each in values if key != "page"]
    return "?" + urlencode([*kept, ("page", number)])
