"""Making and revoking tokens, whose holders are decided by `accounts`, and remembering what was asked for once."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from shared_apps.api.models import ApiToken, IdempotentCall, hash_of
from tenants.models import Network

_PREFIX = "sbm_"
_SHOWN = 10
_NOTED_EVERY = timedelta(minutes=1)
CALLS_KEPT = timedelta(hours=24)


class CallRunningError(Exception):
    """The first request with this key has not ended."""


class KeyUsedError(Exception):
    """The key was sent with another request before."""


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just made: `secret` is shown once and kept nowhere."""

    token: ApiToken
    secret: str


@dataclass(frozen=True, slots=True)
class Call:
    """One request with a key: by which token, to which host, and hashes of the key and of what it asks for."""

    token_id: UUID
    host: str
    key_hash: str
    request_hash: str


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


def revoke_operator_tokens(*, account_id: UUID) -> int:
    """Revoke an account's tokens for the platform's host and return how many."""
    return _in_use(account_id).filter(is_operator=True).update(revoked_at=timezone.now())


def forget_tokens(*, account_id: UUID) -> None:
    """Delete an account's tokens, with what they were used for once."""
    ApiToken.objects.filter(account_id=account_id).delete()


def note_use(token: ApiToken, *, now: datetime) -> None:
    """Remember when a token was last used, to the minute, so that busy programs do not write at every call."""
    if token.last_used_at is None or token.last_used_at < now - _NOTED_EVERY:
        late = Q(last_used_at=None) | Q(last_used_at__lt=now - _NOTED_EVERY)
        ApiToken.objects.filter(late, pk=token.pk).update(last_used_at=now)


def claim_call(call: Call, *, now: datetime) -> IdempotentCall | None:
    """Return how a call was answered before; None means that it is this transaction's to answer.

    The claim is a lock of the transaction, so a process that dies leaves neither work nor claim. Raises
    CallRunningError or KeyUsedError.
    """
    with connection.cursor() as cursor:
        place = f"call:{call.token_id}:{call.host}:{call.key_hash}"
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [place])
        if not cursor.fetchone()[0]:
            raise CallRunningError
    same_key = IdempotentCall.objects.filter(token_id=call.token_id, host=call.host, key_hash=call.key_hash)
    before = same_key.first()
    if before and before.created_at < now - CALLS_KEPT:
        before.delete()
        return None
    if before and before.request_hash != call.request_hash:
        raise KeyUsedError
    return before


def keep_call(call: Call, *, status: int, resource_id: UUID | None) -> None:
    """Remember how a claimed call was answered, in the transaction that claimed it."""
    IdempotentCall.objects.create(
        token_id=call.token_id,
        host=call.host,
        key_hash=call.key_hash,
        request_hash=call.request_hash,
        status=status,
        resource_id=resource_id,
    )


def forget_calls(now: datetime) -> int:
    """Delete the calls that have been kept long enough, and return how many."""
    deleted, _ = IdempotentCall.objects.filter(created_at__lt=now - CALLS_KEPT).delete()
    return deleted


def _in_use(account_id: UUID) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(account_id=account_id, revoked_at=None)
