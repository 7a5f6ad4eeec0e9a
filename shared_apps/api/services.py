"""Making and revoking tokens; who may have one is decided by `accounts`."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from shared_apps.api.models import ApiToken, hash_of
from tenants.models import Network

_PREFIX = "sbm_"
_SHOWN = 10
_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just made: `secret` is shown once and kept nowhere."""

    token: ApiToken
    secret: str


def create_token(*, account_id: UUID, network_id: UUID | None, name: str) -> NewToken:
    """Make a token for a network, or with None an operator's for the platform."""
    secret = _PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        token_hash=hash_of(secret),
        prefix=secret[:_SHOWN],
        account_id=account_id,
        network_id=network_id,
        is_operator=network_id is None,
        name=name.strip()[:80],
    )
    return NewToken(token=token, secret=secret)


def revoke_token(*, account_id: UUID, token_id: UUID) -> bool:
    """Revoke one token of an account; returns whether it was there and in use."""
    return bool(_in_use(account_id).filter(pk=token_id).update(revoked_at=timezone.now()))


def revoke_tokens_of(*, account_id: UUID, network: Network) -> int:
    """Revoke an account's tokens for a network and return how many."""
    return _in_use(account_id).filter(network=network).update(revoked_at=timezone.now())


def note_use(token: ApiToken, *, now: datetime) -> None:
    """Remember when a token was last used, to the minute, so that busy programs do not write at every call."""
    if token.last_used_at is None or token.last_used_at < now - _NOTED_EVERY:
        late = Q(last_used_at=None) | Q(last_used_at__lt=now - _NOTED_EVERY)
        ApiToken.objects.filter(late, pk=token.pk).update(last_used_at=now)


def _in_use(account_id: UUID) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(account_id=account_id, revoked_at=None)
