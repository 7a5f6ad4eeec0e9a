"""The search page of a network: what was asked, what was chosen, and what can be."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from collective.portal.selectors import way_here
from shared_apps.core.narrowing import Group, Narrowing
from shared_apps.core.when import long_day
from tenant_apps.discussions.selectors import categories
from tenant_apps.members.permissions import member_required
from tenant_apps.search import selectors
from tenant_apps.search.enums import EntryKind
from tenant_apps.search.forms import FACETS, chosen_filters
from tenant_apps.search.selectors import PAGE_SIZE, AwayResult, Filters, Found, Result

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
    narrowing = Narrowing(request.GET, FACETS, PAGE_SIZE)
    query, filters = narrowing.query, chosen_filters(narrowing.chosen)
    number, found = _found(narrowing, filters)
    hits = [_hit(each, request) for each in found.results]
    context = {
        "hits": hits,
        "away": _away(selectors.find_away(query, filters=filters), hits, request) if number == 1 else [],
        "is_preparing": not selectors.is_prepared(request.member.id),
        "collective": way_here(request, "/?" + urlencode({"q": query}) if query else "/"),
        **narrowing.context(
            _groups(found, narrowing, filters),
            shown=len(found.results),
            total=found.page.total,
            label=found.page.total_label,
            meant=found.page.meant,
            number=number,
        ),
    }
    return render(request, "search/search.html", context)


def _found(narrowing: Narrowing, filters: Filters) -> tuple[int, Found]:
    """Return the page asked for and its number; the first one where there are not so many."""
    found = selectors.find(narrowing.query, filters=filters, offset=narrowing.offset)
    if found.results or narrowing.number == 1:
        return narrowing.number, found
    return 1, selectors.find(narrowing.query, filters=filters)


def _away(found: list[AwayResult], hits: list[dict[str, Any]], request: HttpRequest) -> list[dict[str, Any]]:
    """Return what only replies from other networks have; what is among the results says so there."""
    here, apart = {hit["url"]: hit for hit in hits}, []
    for each in found:
        drawn = _discussion(each.thing, request) | {"answer": each.passage, "said": "From another network"}
        hit = here.get(drawn["url"])
        if hit is None:
            apart.append(drawn | {"title": each.thing.title})
        elif not hit["answer"]:
            hit |= {"answer": each.passage, "said": "From another network"}
    return apart


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
        "said": "From the replies"
        if discussion.reply_count or discussion.received_count
        else "From its files and tags",
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


def _groups(found: Found, narrowing: Narrowing, on: Filters) -> list[Group]:
    names: dict[str, Mapping[Any, str]] = {
        "kind": _KINDS,
        "answered": {True: "Has an answer", False: "Waiting"},
        "category": {each.id: each.name for each in categories()},
        "author": found.authors,
        "year": {value: str(value) for value in sorted({*_counts(found, "year"), *on.year}, reverse=True)},
    }
    legends = {"kind": "Kind", "answered": "Questions", "category": "Category", "author": "Asked by", "year": "Year"}
    return [narrowing.counted(legend, name, _counts(found, name), names[name]) for name, legend in legends.items()]


def _counts(found: Found, name: str) -> dict[Any, str]:
    return {each.value: each.label for each in found.page.facets.get(name, ())}
