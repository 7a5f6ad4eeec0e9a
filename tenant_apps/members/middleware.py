"""Sets `request.member`: who the signed-in person is in this network."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from tenant_apps.members.models import Member
from tenant_apps.members.selectors import member_of_account
from tenants.enums import Kind

_FOR_NOBODY = ("/theme.css",)  # the same for everybody, so it asks for no session


class MemberMiddleware:
    """Sets `request.member` to the active Member of `request.user`, or None; one query, where someone is signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Find the member before any view runs."""
        request.member = _member_of(request)
        return self.get_response(request)


def _member_of(request: HttpRequest) -> Member | None:
    if request.site_kind != Kind.NETWORK or request.path in _FOR_NOBODY or not request.user.is_authenticated:
        return None
    member = member_of_account(request.user.pk)
    return member.acting_as(request.actor) if member else None
