"""Accounts, the networks they may enter, their sessions and the codes that carry them from host to host."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from shared_apps.accounts.enums import AccessState, Strength, Theme
from tenants.ids import new_id
from tenants.models import Network


class UserManager(BaseUserManager):
    """Finds accounts by address whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the account with this address; Django's authentication calls it."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person's sign-in for the whole platform. Accounts are anonymised, never deleted.

    `session_version` is part of every session's hash, so raising it ends them all.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=120, blank=True)
    is_operator = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    session_version = models.PositiveIntegerField(default=1)
    theme = models.CharField(max_length=6, choices=Theme, default=Theme.DEVICE)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = (models.CheckConstraint(name="account_email_lower", condition=Q(email=Lower("email"))),)

    def __str__(self) -> str:
        return self.name or self.email

    def _get_session_auth_hash(self, secret: Any = None) -> str:
        value = f"{self.password}:{self.session_version}"
        return salted_hmac("shared_apps.accounts.User", value, secret=secret, algorithm="sha256").hexdigest()


class NetworkAccess(models.Model):
    """That an account may enter a network, and the name it shows to other networks.

    Written by the members app in the same transaction as the member's state; read on every request.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(User, on_delete=models.PROTECT, related_name="network_access")
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    display_name = models.CharField(max_length=120)
    state = models.CharField(max_length=8, choices=AccessState, default=AccessState.ACTIVE)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = (models.UniqueConstraint(name="access_once", fields=["account", "network"]),)

    def __str__(self) -> str:
        return f"{self.display_name} ({self.state})"


class Session(AbstractBaseSession):
    """A session of one network, or, where `network_id` is null, of the platform's or the Collective's host."""

    network_id = models.UUIDField(null=True)
    host = models.CharField(max_length=253)
    account_id = models.UUIDField(null=True, db_index=True)

    @classmethod
    def get_session_store_class(cls) -> type:
        """Return the store that reads sessions by key and place."""
        from shared_apps.accounts.sessions import SessionStore

        return SessionStore


class HandOff(models.Model):
    """A single-use code that takes a signed-in person from one host to another, which asked for it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code_hash = models.CharField(max_length=64, unique=True)
    state_hash = models.CharField(max_length=64)
    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    from_host = models.CharField(max_length=253)
    to_host = models.CharField(max_length=253)
    strength = models.CharField(max_length=12, choices=Strength)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.from_host} to {self.to_host}"
