"""Sets who the signed-in person is in this network, and how the network introduces itself."""

from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from shared_apps.monitoring.services import note_use
from tenant_apps.members.models import Member
from tenant_apps.members.selectors import branding_of, member_of_account
from tenants.enums import Kind
from tenants.services import note_activity

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


def _member_of(request: HttpRequest) -> Member | None:
    if request.site_kind != Kind.NETWORK or request.path in _FOR_NOBODY or not request.user.is_authenticated:
        return None
    member = member_of_account(request.user.pk)
    if member is not None and settings.NOTE_ACTIVITY and note_activity(request.network, timezone.now()):
        note_use()
    return member.acting_as(request.actor) if member else None
