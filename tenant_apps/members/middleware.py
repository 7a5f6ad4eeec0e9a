"""Sets `request.member`: who the signed-in person is in this network."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from tenant_apps.members.selectors import member_of_account
from tenants.enums import Kind


class MemberMiddleware:
    """Sets `request.member` to the active Member of `request.user`, or None; one query, and only where one is signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Find the member before any view runs."""
        signed_in = request.site_kind == Kind.NETWORK and request.user.is_authenticated
        request.member = member_of_account(request.user.pk) if signed_in else None
        return self.get_response(request)
