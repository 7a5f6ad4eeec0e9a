"""Lets who visits for support look, refuses whatever changes something, and keeps both in the network's log."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from shared_apps.grants.selectors import visit_of
from tenant_apps.members.permissions import visitor_page
from tenant_apps.support.permissions import is_noted, is_refused
from tenant_apps.support.selectors import visitor_of
from tenant_apps.support.services import note_request
from tenants.enums import Kind

_FOR_NOBODY = ("/theme.css", "/api/")  # where nobody's session is asked for


class SupportMiddleware:
    """Sets `request.visit` and `request.member` for an operator who may look in and is no member.

    Only requests of operators cost a query here. Programs have tokens, which no visitor can make.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        """Find the grant before any view runs."""
        if request.site_kind == Kind.NETWORK and request.member is None and not request.path.startswith(_FOR_NOBODY):
            request.visit = visit_of(request.network, request.user, timezone.now())
            if request.visit is not None:
                request.member = visitor_of(request.visit, request.user).acting_as(request.actor)
        return self.get_response(request)

    def process_view(self, request: Any, view: Any, args: Any, kwargs: dict[str, Any]) -> HttpResponse | None:
        """Note it, and answer instead of the page where something would be changed."""
        if request.member is None or not request.member.is_visiting:
            return None
        refused = is_refused(request)
        if refused or is_noted(request):
            name, now = request.resolver_match.view_name, timezone.now()
            note_request(request.visit, name, kwargs, is_refused=refused, now=now, by=request.actor)
        return visitor_page(request) if refused else None
