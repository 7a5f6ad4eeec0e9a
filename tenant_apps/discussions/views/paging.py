"""Long lists and long discussions, page by page: counting stops where nobody turns to, and a reply has its page."""

from functools import cached_property
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.urls import reverse

from tenant_apps.discussions.selectors import POSTS_A_PAGE, Post

MOST_LISTED = 2_000
"""Discussions that a list counts and leafs through; what lies deeper is found by search."""


class BoundedPaginator(Paginator):
    """Counts no further than MOST_LISTED, so that a list costs the same with a hundred thousand rows."""

    @cached_property
    def counted(self) -> int:
        """Return the number of rows, or one more than the most that are listed."""
        return self.object_list.order_by().values("id")[: MOST_LISTED + 1].count()

    @cached_property
    def count(self) -> int:
        """Return how many rows there are to leaf through."""
        return min(self.counted, MOST_LISTED)

    @property
    def count_label(self) -> str:
        """Return the count as people read it."""
        return f"{MOST_LISTED:,}+" if self.counted > MOST_LISTED else f"{self.count:,}"


def way_back(request: HttpRequest, discussion_id: UUID, reply_id: UUID | None = None) -> str:
    """Return where somebody was in a discussion: at a reply, on whichever page it is, or on the page that they name."""
    page = reverse("discussions:discussion_detail", args=[discussion_id])
    if reply_id:
        return f"{page}?reply={reply_id}#reply-{reply_id}"
    return f"{page}{asked_page(request)}"


def asked_page(request: HttpRequest) -> str:
    """Return the end of an address that names the page somebody came from; nothing for the first."""
    number = request.POST.get("page") or request.GET.get("page", "")
    return f"?page={number}" if number.isascii() and number.isdigit() and number not in ("0", "1") else ""


def page_of_posts(posts: list[Post], request: HttpRequest) -> Page:
    """Return the page asked for by its number, as "last", or by a reply on it; the first for what is not there."""
    paginator, asked = Paginator(posts, POSTS_A_PAGE), request.GET.get("page", "")
    if asked == "last":
        return paginator.page(paginator.num_pages)
    wanted = request.GET.get("reply", "")
    if wanted and not asked:
        place: Any = next((place for place, post in enumerate(posts) if str(post.id) == wanted), 0)
        return paginator.page(place // POSTS_A_PAGE + 1)
    return paginator.get_page(asked)
