"""Limits, counted in the platform's cache: for each token, and for each address that sends tokens we do not know."""

from typing import Any

from allauth.account.adapter import get_adapter
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle


class WindowThrottle(SimpleRateThrottle):
    """So many in a window that begins with the first: two numbers are kept, not the time of every request."""

    def allow_request(self, request: Request, view: Any) -> bool:
        """Count the request and return whether it is within the limit."""
        key = self.get_cache_key(request, view)
        if key is None:
            return True
        now = self.timer()
        began, count = self.cache.get(key) or (now, 0)
        if now - began >= self.duration:
            began, count = now, 0
        self.seconds_left = self.duration - (now - began)
        if count >= self.num_requests:
            return False
        self.cache.set(key, (began, count + 1), self.seconds_left)
        return True

    def wait(self) -> float:
        """Return the seconds until the window ends."""
        return self.seconds_left


class TokenThrottle(WindowThrottle):
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


class StrangerThrottle(WindowThrottle):
    """For each address that comes without a good token."""

    scope = "stranger"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        """Count by the address."""
        return f"api:stranger:{get_adapter().get_client_ip(request._request)}"
