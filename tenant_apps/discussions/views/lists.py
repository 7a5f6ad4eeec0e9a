"""The list of discussions."""

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from shared_apps.core.flash import say
from tenant_apps.discussions import selectors, services
from tenant_apps.discussions.enums import ListView
from tenant_apps.discussions.views.drafts import drawn_draft
from tenant_apps.discussions.views.drawing import aged, email_address, list_url, row
from tenant_apps.discussions.views.paging import BoundedPaginator
from tenant_apps.members.permissions import member_required


@require_safe
@member_required
def discussion_list(request: HttpRequest) -> HttpResponse:
    """Show the discussions of this network."""
    asked = {name: request.GET.get(name, "").replace("\x00", "")[:200] for name in ("show", "category", "tag", "q")}
    asked["show"] = show = asked["show"] if asked["show"] in ListView else ListView.ALL
    page = _page(request, asked)
    rows = _rows(page, request)
    context = {
        "page": page,
        "rows": rows,
        "groups": aged(rows, page, timezone.localdate()) if show == ListView.UNANSWERED else [],
        "show": show,
        "drafts": [drawn_draft(each) for each in selectors.drafts_of(request.member)] if show == ListView.MINE else [],
        "views": _views(asked),
        "category": asked["category"],
        "categories": selectors.categories(),
        "search": asked["q"],
        "tag": asked["tag"],
        "chips": _chips(asked),
        "here": _category_here(request, asked["category"]),
    }
    return render(request, "discussions/discussion_list.html", context)


def _page(request: HttpRequest, asked: dict[str, str]) -> Page:
    found = selectors.discussions(
        request.member, show=asked["show"], category=asked["category"], tag=asked["tag"], search=asked["q"]
    )
    if asked["show"] == ListView.ALL and not asked["q"]:
        found = selectors.pinned_first(found)
    page = BoundedPaginator(selectors.as_rows(found), selectors.ROWS_A_PAGE).get_page(request.GET.get("page"))
    if page.number == 1 and not any(asked.values()):
        page.object_list = selectors.front_page(request.member)
    return page


def _rows(page: Page, request: HttpRequest) -> list[dict]:
    root = reverse("discussions:discussion_list")
    return [row(each, request, root) for each in page]


@require_POST
@member_required
def mark_all_read(request: HttpRequest) -> HttpResponse:
    """Mark every discussion as read."""
    services.mark_all_read(member=request.member)
    say(request, "Everything is marked as read.")
    return redirect("discussions:discussion_list")


def _chips(asked: dict[str, str]) -> list[dict]:
    labels = {"q": f"“{asked['q']}”", "tag": f"Tag: {asked['tag']}"}
    return [{"label": label, "url": list_url(asked | {name: ""})} for name, label in labels.items() if asked[name]]


def _category_here(request: HttpRequest, name: str) -> dict:
    """Return what the page of one category says of it: its email address, and where to ask in it."""
    category = selectors.category_like(name) if name else None
    if category is None:
        return {}
    query = urlencode({"category": category.name})
    ask = f"{reverse('discussions:discussion_new')}?{query}"
    return {"name": category.name, "ask": ask, "address": email_address(category, request)}


def _views(asked: dict[str, str]) -> list[dict]:
    return [
        {
            "label": view.label,
            "url": list_url(asked | {"show": view.value}),
            "current": view.value == asked["show"],
        }
        for view in ListView
    ]
