"""Gives each request an id, and says in one line and a few figures how it was answered."""

import logging
import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from shared_apps.monitoring import meters
from shared_apps.monitoring.work import Work, at_work, current_work
from tenants.enums import Kind

HEADER = "X-Request-Id"
UNKNOWN = "unknown"
PLACES = {Kind.PUBLIC: "platform", Kind.COLLECTIVE: "collective"}
_ID = re.compile(r"[0-9A-Fa-f-]{16,64}")
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}

logger = logging.getLogger("sbm.request")


class RequestMiddleware:
    """Returns the request's id, which a proxy that we trust may have given, as X-Request-Id, and notes it everywhere.

    The line names the network, the route by its name, and the account by its id: never an address or its query, which
    may hold a token, and nothing that was sent.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then note how."""
        with at_work(Work("request", _id_of(request), place=UNKNOWN)) as work:
            response = self.get_response(request)
            _describe(work, request)
            response.headers[HEADER] = work.id
            _note(request, response, work)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Know the route from here on, for what is said before the answer."""
        work = current_work()
        if work is not None:
            _describe(work, request)


def _id_of(request: HttpRequest) -> str:
    given = request.headers.get(HEADER, "") if settings.TRUST_REQUEST_ID else ""
    return given if _ID.fullmatch(given) else uuid4().hex


def _describe(work: Work, request: HttpRequest) -> None:
    network, kind = getattr(request, "network", None), getattr(request, "site_kind", None)
    if kind is not None and not getattr(request, "is_host_unknown", False):
        work.place = network.subdomain if network is not None else PLACES[kind]
    if request.resolver_match is not None:
        work.name = request.resolver_match.view_name
    elif request.path_info.startswith(f"/{settings.STATIC_URL.strip('/')}/"):
        work.name = "static"


def _note(request: HttpRequest, response: HttpResponse, work: Work) -> None:
    method = request.method if request.method in _METHODS else "OTHER"
    seconds, account = work.seconds, _account_of(request)
    host = "network" if getattr(request, "network", None) is not None else work.place
    meters.note_request(host=host, route=work.name, status=response.status_code, seconds=seconds)
    fields = {
        "method": method,
        "status": response.status_code,
        "ms": round(seconds * 1000),
        "queries": work.queries,
        "query_ms": round(work.database_seconds * 1000),
        "account": account,
    }
    level = logging.DEBUG if settings.DEBUG and work.name == "static" else logging.INFO
    words = "%s %s %s %d %d ms, %d queries in %d ms"
    told = (method, work.place, work.name or "-", *list(fields.values())[1:5])
    logger.log(level, words, *told, extra=fields)


def _account_of(request: HttpRequest) -> str:
    """Return the account's id where the answer needed to know it; asking now would cost a query."""
    account = getattr(request, "user", None)
    if isinstance(account, SimpleLazyObject):
        account = getattr(request, "_cached_user", None)
    return str(getattr(account, "pk", None) or "")
