"""The search page of a network: what was asked, what was chosen, and what can be."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from collective.portal.selectors import way_here
from shared_apps.core.when import long_day
from tenant_apps.discussions.selectors import categories
from tenant_apps.members.permissions import member_required
from tenant_apps.search import selectors
from tenant_apps.search.enums import EntryKind
from tenant_apps.search.forms import FACETS, chosen_filters, page_number
from tenant_apps.search.selectors import PAGE_SIZE, Found, Result

_KINDS = {
    EntryKind.QUESTION: "Questions",
    EntryKind.DISCUSSION: "Discussions",
    EntryKind.MEMBER: "Members",
    EntryKind.SUPPLIER: "Suppliers",
}


@require_safe
@member_required
def search(request: HttpRequest) -> HttpResponse:
    """Find what members of this network wrote, who they are, and whom they buy from; without a question, the newest."""
    query = request.GET.get("q", "").replace("\x00", "")
    number, found = _found(request, query)
    groups = _groups(found, request.GET)
    elsewhere = "/?" + urlencode({"q": query}) if query else "/"
    context = {
        "q": query,
        "hits": [_hit(each, request) for each in found.results],
        "total": found.page.total_label,
        "is_one": found.page.total == 1,
        "groups": groups,
        "on": sum(option["on"] for group in groups for option in group["options"]),
        "chips": _chips(groups, request.GET),
        "keep": [(name, value) for name in FACETS for value in request.GET.getlist(name)],
        "collective": way_here(request, elsewhere),
        **_paging(found, number, request.GET),
    }
    return render(request, "search/search.html", context)


def _found(request: HttpRequest, query: str) -> tuple[int, Found]:
    """Return the page asked for and its number; the first one where there are not so many."""
    number, filters = page_number(request.GET.get("page", "1")), chosen_filters(request.GET)
    found = selectors.find(query, filters=filters, offset=(number - 1) * PAGE_SIZE)
    if found.results or number == 1:
        return number, found
    return 1, selectors.find(query, filters=filters)


def _hit(result: Result, request: HttpRequest) -> dict[str, Any]:
    """What components/search_hit.html draws."""
    words = {"title": result.hit.title_html, "text": result.hit.passage_html, "answer": result.hit.answer_html}
    return words | _DRAWN[result.kind](result.thing, request)


def _discussion(discussion: Any, request: HttpRequest) -> dict[str, Any]:
    kind, state, icon = _discussion_kind(discussion)
    who = "You" if discussion.author_id == request.member.id else discussion.author_name
    day = long_day(timezone.localdate(discussion.created_at), timezone.localdate())
    return {
        "url": reverse("discussions:discussion_detail", args=[discussion.id]),
        "kind": kind,
        "kind_state": state,
        "kind_icon": icon,
        "said": "From the replies",
        "meta": [who, discussion.category.name, day, *_counted(discussion.total_replies, "reply", "replies")],
    }


def _discussion_kind(discussion: Any) -> tuple[str, str, str]:
    if discussion.kind == "discussion":
        return "Discussion", "plain", "chat-dots"
    if discussion.is_answered:
        return "Answered question", "good", "check-circle-fill"
    return "Question", "plain", "question-circle"


def _member(member: Any, request: HttpRequest) -> dict[str, Any]:
    return {
        "url": reverse("members:member_detail", args=[member.id]),
        "kind": "Member",
        "kind_state": "plain",
        "kind_icon": "person",
        "said": "Ask about",
        "meta": [],
    }


def _supplier(supplier: Any, request: HttpRequest) -> dict[str, Any]:
    return {
        "url": reverse("suppliers:supplier_detail", args=[supplier.id]),
        "kind": "Supplier",
        "kind_state": "note",
        "kind_icon": "shop",
        "said": "Members say",
        "stars": round(float(supplier.mean), 1) if supplier.mean else None,
        "meta": _counted(supplier.recommendation_count, "recommendation", "recommendations"),
    }


_DRAWN = {
    EntryKind.QUESTION: _discussion,
    EntryKind.DISCUSSION: _discussion,
    EntryKind.MEMBER: _member,
    EntryKind.SUPPLIER: _supplier,
}


def _counted(count: int, one: str, many: str) -> list[str]:
    return [f"{count:,} {one if count == 1 else many}"] if count else []


def _groups(found: Found, chosen: QueryDict) -> list[dict[str, Any]]:
    names: dict[str, Mapping[Any, str]] = {
        "kind": _KINDS,
        "answered": {True: "Has an answer", False: "Waiting"},
        "category": {each.id: each.name for each in categories()},
        "author": found.authors,
    }
    legends = {"kind": "Kind", "answered": "Questions", "category": "Category", "author": "Asked by", "year": "Year"}
    groups = [_group(legend, name, found, chosen, names.get(name)) for name, legend in legends.items()]
    return [group for group in groups if group["options"]]


def _group(legend: str, name: str, found: Found, chosen: QueryDict, labels: Mapping[Any, str] | None) -> dict[str, Any]:
    """Return what can be chosen of a facet: only values with a name, because the others are not the reader's to see."""
    on = chosen.getlist(name)
    counts = {each.value: each.label for each in found.page.facets.get(name, ())}
    shown = {value: str(value) for value in sorted(counts, reverse=True)} if labels is None else labels
    options = [
        {"value": _value(value), "label": label, "count": counts.get(value, "0"), "on": _value(value) in on}
        for value, label in shown.items()
        if value in counts or _value(value) in on
    ]
    return {"legend": legend, "name": name, "options": options, "one": False}


def _value(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _chips(groups: list[dict[str, Any]], chosen: QueryDict) -> list[dict[str, str]]:
    return [
        {"label": option["label"], "url": _without(chosen, group["name"], option["value"])}
        for group in groups
        for option in group["options"]
        if option["on"]
    ]


def _without(chosen: QueryDict, name: str, value: str) -> str:
    return "?" + urlencode([pair for pair in _kept(chosen) if pair != (name, value)])


def _kept(chosen: QueryDict) -> list[tuple[str, str]]:
    return [(name, value) for name in ("q", *FACETS) for value in chosen.getlist(name)]


def _paging(found: Found, number: int, chosen: QueryDict) -> dict[str, Any]:
    first = (number - 1) * PAGE_SIZE + 1
    last = first + len(found.results) - 1
    return {
        "first": first,
        "last": last,
        "before": _page_url(chosen, number - 1) if number > 1 else "",
        "after": _page_url(chosen, number + 1) if found.page.total > last and found.results else "",
    }


def _page_url(chosen: QueryDict, number: int) -> str:
    return "?" + urlencode([*_kept(chosen), ("page", str(number))])
