"""Lists in pages: `{"results": […], "next": …, "previous": …}`, by signed cursors that are worth nothing elsewhere."""

import re
from typing import Any
from urllib.parse import urlencode

from django.core.signing import BadSignature
from rest_framework.exceptions import NotFound
from rest_framework.pagination import BasePagination, Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from tenants.signing import NetworkSigner

PAGE_SIZE, LARGEST_PAGE = 25, 100
DEEPEST = 1_000
_CURSOR_SECONDS = 60 * 60 * 24 * 7
_NUMBER = re.compile(r"[0-9]{1,6}")
_WRONG = "This cursor is not of this list. Start again without it."


class SignedCursorPagination(CursorPagination):
    """The newest first, by id; a resource sets `ordering` on a subclass for another order."""

    ordering = "-id"
    page_size = PAGE_SIZE
    page_size_query_param = "page_size"
    max_page_size = LARGEST_PAGE
    offset_cutoff = DEEPEST
    template = None
    cursor_query_description = "Where the page begins: take it from `next` or `previous`."
    page_size_query_description = f"How many results, {LARGEST_PAGE} at most."

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        """Return one page, remembering which list it is of."""
        self.signer = _signer_of(request, "cursor")
        return super().paginate_queryset(queryset, request, view)

    def get_page_size(self, request: Request) -> int:
        """Return how many results the page has; what is no number is the usual size."""
        return _page_size(request)

    def decode_cursor(self, request: Request) -> Cursor | None:
        """Return the cursor of the request; raises NotFound for one that was not made for this list."""
        given = request.query_params.get(self.cursor_query_param)
        return None if given is None else Cursor(*_read(self.signer, given))

    def encode_cursor(self, cursor: Cursor) -> str:
        """Return the address of the page that begins at the cursor."""
        signed = self.signer.dumps([cursor.offset, cursor.reverse, cursor.position])
        return replace_query_param(self.base_url, self.cursor_query_param, signed)

    def get_paginated_response(self, data: Any) -> Response:
        """Answer a page."""
        return Response({"results": data, "next": self.get_next_link(), "previous": self.get_previous_link()})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe a page."""
        return page_schema(schema)


class SignedOffsetPagination(BasePagination):
    """For ranked results, which have no order of their own to begin at: a signed offset, at most 1,000 deep.

    The resource passes a function to `paginate`: (offset, limit) gives at least limit + 1 rows where there are more.
    """

    cursor_query_param = "cursor"

    def window(self, request: Request) -> tuple[int, int]:
        """Return the offset and how many results the page has; raises NotFound for a cursor of another list."""
        self.request, self.signer = request, _signer_of(request, "offset")
        self.limit = _page_size(request)
        given = request.query_params.get(self.cursor_query_param)
        self.offset = 0 if given is None else _read(self.signer, given)
        return self.offset, self.limit

    def answer(self, results: list[Any], *, more: bool) -> Response:
        """Answer the page asked for by `window`; `more` says whether results follow."""
        after = self.offset + self.limit
        before = max(self.offset - self.limit, 0)
        return Response(
            {
                "results": results,
                "next": self._link(after) if more and after + self.limit <= DEEPEST else None,
                "previous": self._link(before) if self.offset else None,
            }
        )

    def _link(self, offset: int) -> str:
        here = self.request.build_absolute_uri()
        return replace_query_param(here, self.cursor_query_param, self.signer.dumps(offset))

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe a page."""
        return page_schema(schema)


def page_schema(schema: dict[str, Any]) -> dict[str, Any]:
    """Describe a page of results for OpenAPI."""
    link = {"type": ["string", "null"], "format": "uri"}
    return {
        "type": "object",
        "required": ["results", "next", "previous"],
        "properties": {"results": schema, "next": link, "previous": link},
    }


def _signer_of(request: Request, purpose: str) -> NetworkSigner:
    """Bind a cursor to the network, the host and the list with its filters."""
    kept = {key: value for key, value in request.query_params.items() if key not in ("cursor", "page_size")}
    the_list = f"{request.path}?{urlencode(sorted(kept.items()))}"
    return NetworkSigner(f"api.{purpose}:{the_list}", network=request.network, host=request.get_host())


def _read(signer: NetworkSigner, given: str) -> Any:
    try:
        return signer.loads(given, max_age=_CURSOR_SECONDS)
    except BadSignature as error:
        raise NotFound(_WRONG) from error


def _page_size(request: Request) -> int:
    given = request.query_params.get("page_size", "")
    wanted = int(given) if _NUMBER.fullmatch(given) else 0
    return min(wanted or PAGE_SIZE, LARGEST_PAGE)
