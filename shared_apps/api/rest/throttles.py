"""Limits, counted in the platform's cache: for each token, and for each address that sends tokens we do not know."""

from typing import Any

from allauth.account.adapter import get_adapter
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle


class TokenThrottle(SimpleRateThrottle):
    """For each token."""

    scope = "token"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        """Count by the token, on whichever host it is used."""
        token = request.auth
        return f"api:token:{token.pk}" if token else None


class WriteThrottle(TokenThrottle):
    """For each token that changes things."""

    scope = "write"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        """Count what is not a read."""
        token = request.auth
        return f"api:write:{token.pk}" if token and request.method not in ("GET", "HEAD") else None


class StrangerThrottle(SimpleRateThrottle):
    """For each address that comes without a good token."""

    scope = "stranger"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        """Count by the address."""
        return f"api:stranger:{get_adapter().get_client_ip(request._request)}"
