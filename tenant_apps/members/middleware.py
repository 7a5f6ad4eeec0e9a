"""Sets who the signed-in person is in this network, and how the network introduces itself."""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from shared_apps.api.rest.problems import problem_response
from shared_apps.monitoring.services import note_use
from tenant_apps.members.models import Member
from tenant_apps.members.permissions import read_only_page
from tenant_apps.members.selectors import branding_of, member_of_account
from tenants.enums import Kind
from tenants.permissions import is_read_only_here, is_refused_read_only
from tenants.services import note_activity

READ_ONLY = "This network is read-only until its plan is paid. Its owners can see to it at /manage/plan/."
OVER = "This network has closed, and is read-only until it is deleted."
_FOR_NOBODY = ("/theme.css",)  # the same for everybody, so it asks for no session


class MemberMiddleware:
    """Sets `request.member` to the active Member of `request.user`, or None; one query, where someone is signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Find the member before any view runs; ask for the branding only where a page shows it."""
        request.member = _member_of(request)
        if request.network is not None:
            request.branding = SimpleLazyObject(partial(branding_of, request.network))
        return self.get_response(request)


class ReadOnlyMiddleware:
    """Refuses, in a network that is read-only, every form and every change by a program that is not marked as allowed.

    Services ask `can_write` besides; here nothing depends on each of them being asked.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on; the address is known in `process_view`."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_: Any) -> HttpResponse | None:
        """Refuse before the view runs, saying why."""
        if not is_read_only_here() or not is_refused_read_only(request.method, view):
            return None
        if request.path.startswith("/api/"):
            return problem_response(HTTPStatus.FORBIDDEN, OVER if request.network.is_over else READ_ONLY)
        return read_only_page(request)


def _member_of(request: HttpRequest) -> Member | None:
    if request.site_kind != Kind.NETWORK or request.path in _FOR_NOBODY or not request.user.is_authenticated:
        return None
    member = member_of_account(request.user.pk)
    if member is not None and settings.NOTE_ACTIVITY and note_activity(request.network, timezone.now()):
        note_use()
    return member.acting_as(request.actor) if member else None
