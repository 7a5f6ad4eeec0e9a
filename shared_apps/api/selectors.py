"""Reads about tokens."""

from uuid import UUID

from django.db.models import F, Q

from shared_apps.api.models import ApiToken, hash_of
from tenants.enums import Kind, NetworkState


def find_token(secret: str, *, kind: Kind, network_id: UUID | None) -> ApiToken | None:
    """Return the token that is good on a host of this kind, with its account and network, or None; one query.

    A network's token is good on that network's host and on the Collective's, while its account has access; an
    operator's on the platform's alone.
    """
    of_operator = Q(is_operator=True, account__is_operator=True)
    of_member = Q(
        is_operator=False,
        account__network_access__network=F("network"),
        account__network_access__state="active",
        network__state=NetworkState.LIVE,
    )
    here = {Kind.PUBLIC: of_operator, Kind.COLLECTIVE: of_member, Kind.NETWORK: of_member & Q(network_id=network_id)}
    in_use = ApiToken.objects.filter(token_hash=hash_of(secret), revoked_at=None, account__is_active=True)
    return in_use.filter(here[kind]).select_related("account", "network").first()


def tokens_of(account_id: UUID) -> list[ApiToken]:
    """Return an account's tokens that are in use, newest first, with their networks."""
    tokens = ApiToken.objects.filter(account_id=account_id, revoked_at=None)
    return list(tokens.select_related("network").order_by("-created_at"))
