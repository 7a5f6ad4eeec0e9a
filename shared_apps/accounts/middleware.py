"""Gives each request its session, a name for who does what it asks, and asks for the second step."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages as flashes
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from shared_apps.accounts import messages, services
from shared_apps.accounts.permissions import needs_second_step
from shared_apps.accounts.selectors import actor_of, strength_of
from shared_apps.core.typed import typed_words, unproved_while_writing

_TOLD = "told_of_second_step"
_OPEN = (
    *("/account/confirm/", "/sign-in/", "/sign-out/", "/join/"),
    *("/theme.css", "/api/", "/mail/in/", "/mail/events/"),  # where nobody is signed in
)
_SET_UP = "/account/security/"


class SessionMiddleware(DjangoSessionMiddleware):
    """Django's, with the store of settings.SESSION_ENGINE, after the host has decided the schema.

    `request.actor` is the audit's Actor, worked out when something is done.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Set `request.session` and `request.actor`."""
        super().process_request(request)
        request.actor = SimpleLazyObject(partial(actor_of, request))


class SecondStepMiddleware:
    """Sends who has a second step, and began this session without it, to it; and who must have one to set it up.

    It asks nothing that the page's account and session do not hold already.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on to the page."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Answer instead of the page where something has to be done before."""
        if request.path.startswith(_OPEN) or not request.user.is_authenticated:
            return None
        if request.user.has_second_step:
            return None if strength_of(request).is_strong else _confirm(request)
        if request.path.startswith(_SET_UP) or not needs_second_step(request.user):
            return None
        return _ask_for_one(request)


def _confirm(request: HttpRequest) -> HttpResponse:
    if request.method == "POST" and (words := typed_words(request)):
        return unproved_while_writing(request, words, proof=reverse("mfa_reauthenticate"))
    path = request.get_full_path() if request.method == "GET" else "/"
    return redirect(reverse("mfa_reauthenticate", query={"next": path}))


def _ask_for_one(request: HttpRequest) -> HttpResponse | None:
    now = timezone.now()
    due_at = request.user.second_step_due_at or services.begin_grace(request.user, now=now)
    if now >= due_at:
        flashes.warning(request, messages.SECOND_STEP_DUE)
        return redirect("mfa_index")
    if not request.session.get(_TOLD):
        request.session[_TOLD] = True
        flashes.warning(request, messages.second_step_wanted(due_at))
    return None
