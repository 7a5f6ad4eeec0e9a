"""Gives each request its session, and a name for who does what it asks."""

from functools import partial

from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessionMiddleware
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from shared_apps.accounts.selectors import actor_of


class SessionMiddleware(DjangoSessionMiddleware):
    """Django's, with the store of settings.SESSION_ENGINE, after the host has decided the schema.

    `request.actor` is the audit's Actor, worked out when something is done.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Set `request.session` and `request.actor`."""
        super().process_request(request)
        request.actor = SimpleLazyObject(partial(actor_of, request))
