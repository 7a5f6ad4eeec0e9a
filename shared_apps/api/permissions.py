"""Who may use the API at all; what they may do there is decided by each app's own permissions."""

from typing import Any

from rest_framework.permissions import BasePermission


class HasToken(BasePermission):
    """Whoever has a token that is good on this host."""

    def has_permission(self, request: Any, view: Any) -> bool:
        """Whether the request came with a token."""
        return request.auth is not None
