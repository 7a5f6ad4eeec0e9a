"""Bearer tokens: each is good on its own hosts and is, anywhere else, as unknown as one that never was."""

import re

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from shared_apps.api.models import ApiToken
from shared_apps.api.selectors import find_token
from shared_apps.api.services import note_use
from shared_apps.api.signals import token_accepted

REFUSED = "This token is not valid here."
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,200}")


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer …` and nothing else: a page's session is not accepted, so no form can call the API.

    Sets `request.api_token` on Django's request, then sends the signal `token_accepted`, with which `members` finds
    the member.
    """

    def authenticate(self, request: Request) -> "tuple | None":
        """Return the account and the token; None without a header; raises AuthenticationFailed."""
        header = request.headers.get("Authorization")
        if header is None:
            return None
        token = _token_of(header, request)
        if token is None:
            raise AuthenticationFailed(REFUSED)
        plain = request._request
        plain.api_token, plain.user = token, token.account
        note_use(token, now=timezone.now())
        token_accepted.send(sender=type(self), request=plain, token=token)
        return token.account, token

    def authenticate_header(self, request: Request) -> str:
        """Say what a 401 asks for."""
        return 'Bearer realm="api"'


def _token_of(header: str, request: Request) -> ApiToken | None:
    scheme, _, secret = header.partition(" ")
    if scheme.lower() != "bearer" or not _TOKEN.fullmatch(secret):
        return None
    network = request.network
    return find_token(secret, kind=request.site_kind, network_id=network.id if network else None)
