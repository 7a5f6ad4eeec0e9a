"""Tokens of programs that use the API, and what they asked for once."""

import hashlib

from django.conf import settings
from django.db import models
from django.db.models import Q

from tenants.ids import new_id
from tenants.models import Network


class ApiToken(models.Model):
    """A program's key, which acts for one account in one network, or for an operator on the platform.

    Only the hash is kept; `prefix` is the start of the token, shown so that people can tell theirs apart.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    token_hash = models.CharField(max_length=64, unique=True)
    prefix = models.CharField(max_length=12)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="api_tokens")
    network = models.ForeignKey(Network, on_delete=models.CASCADE, null=True, related_name="+")
    is_operator = models.BooleanField(default=False)
    name = models.CharField(max_length=80)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="token_operator_xor_network",
                condition=Q(is_operator=True, network=None) | Q(is_operator=False, network__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class IdempotentCall(models.Model):
    """A POST that was made with an `Idempotency-Key`: that it was, how it was answered, and what it made.

    It holds hashes, a status and an id; a repeat is answered with what that id is of by then.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    token = models.ForeignKey(ApiToken, on_delete=models.CASCADE, related_name="+")
    host = models.CharField(max_length=253)
    key_hash = models.CharField(max_length=64)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    resource_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(name="call_once", fields=["token", "host", "key_hash"]),)

    def __str__(self) -> str:
        return f"{self.host} {self.status}"


def hash_of(secret: str) -> str:
    """Return what is stored of a token; it is 256 random bits, so one fast hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()
