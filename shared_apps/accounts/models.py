"""Accounts, the networks they may enter, their sessions and the codes that carry them from host to host."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.db.models.functions import JSONObject, Lower, Now
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property

from shared_apps.accounts.enums import AccessState, Strength, Theme
from tenants.enums import Kind, NetworkState
from tenants.ids import new_id
from tenants.models import Network
from tenants.statements import Statement

NOBODY = "@anonymised.invalid"  # where the addresses of anonymised accounts end; no mail ever goes there


@dataclass(frozen=True, slots=True)
class AccessibleNetwork:
    """A live network that an account may enter, and the name the account shows to other networks from there."""

    id: UUID
    name: str
    subdomain: str
    colour: str
    display_name: str
    display_job: str = ""
    display_school: str = ""
    display_phase: str = ""
    unseen: int = 0
    may_write: bool = True
    needs_second_step: bool = False
    is_read_only: bool = False
    own_host: str = ""


class UserQuerySet(models.QuerySet["User"]):
    """Accounts, with the networks they may enter where a page needs them."""

    def with_networks(self) -> Self:
        """Load each account's live networks, and whether it has a second step, in the same query."""
        return self.annotate(
            network_rows=ArraySubquery(_network_rows(OuterRef("pk"))),
            found_second_step=Exists(_second_steps(OuterRef("pk"))),
        )

    def active_with_networks(self, account_id: UUID | str) -> "User | None":
        """Return an active account with its networks, or None; every page asks this."""
        return _ACCOUNT.first(account_id=self.model._meta.pk.to_python(account_id))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]  # Django makes the class
    """Finds accounts by address whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the account with this address; Django's authentication calls it."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person's sign-in for the whole platform. Accounts are anonymised, never deleted.

    That is when they have belonged to no network for a year (`services.review_accounts`): what others hold of them then
    leads to nobody. `session_version` is part of every session's hash, so raising it ends them all.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=120, blank=True)
    is_operator = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    session_version = models.PositiveIntegerField(default=1)
    theme = models.CharField(max_length=6, choices=Theme, default=Theme.DEVICE)
    second_step_due_at = models.DateTimeField(null=True)  # set when an owner or operator is first told of it
    created_at = models.DateTimeField(auto_now_add=True)
    alone_since = models.DateTimeField(null=True)  # since when they belong to no network, or were last heard of
    end_told_at = models.DateTimeField(null=True)  # when they were told that the account ends
    anonymised_at = models.DateTimeField(null=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = (
            models.CheckConstraint(name="account_email_lower", condition=Q(email=Lower("email"))),
            models.CheckConstraint(
                name="account_anonymised_is_nobody",
                condition=Q(anonymised_at=None) | Q(is_active=False, name="", email__endswith=NOBODY),
            ),
        )
        indexes = (models.Index(fields=["alone_since"], name="account_alone", condition=Q(alone_since__isnull=False)),)

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def display_name(self) -> str:
        """What to call the person where no network has a name for them."""
        return self.name or self.email.partition("@")[0]

    @cached_property
    def networks(self) -> tuple[AccessibleNetwork, ...]:
        """The live networks this account may enter, by name; loaded with the account after `with_networks()`."""
        rows = getattr(self, "network_rows", None)
        if rows is None:
            rows = list(_network_rows(self.pk).values_list("row", flat=True))
        return tuple(AccessibleNetwork(**{**row, "id": UUID(row["id"])}) for row in rows)

    @property
    def has_second_step(self) -> bool:
        """Whether a passkey or an authenticator app is set up; loaded with the account after `with_networks()`."""
        found: bool | None = getattr(self, "found_second_step", None)
        return _second_steps(self.pk).exists() if found is None else found

    def _get_session_auth_hash(self, secret: Any = None) -> str:
        value = f"{self.password}:{self.session_version}"
        return salted_hmac("shared_apps.accounts.User", value, secret=secret, algorithm="sha256").hexdigest()


class NetworkAccess(models.Model):
    """That an account may enter a network, and the name, job and school it may show to other networks.

    Written by the members app in the same transaction as the member's state; read on every request.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(User, on_delete=models.PROTECT, related_name="network_access")
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    display_name = models.CharField(max_length=120)
    display_job = models.CharField(max_length=120, blank=True)
    display_school = models.CharField(max_length=200, blank=True)
    display_phase = models.CharField(max_length=100, blank=True)
    unseen = models.IntegerField(default=0, db_default=0)  # how much waits in the person's inbox there
    reads_only_until = models.DateTimeField(null=True)  # while a moderator has suspended them; far off until lifted
    needs_second_step = models.BooleanField(default=False, db_default=False)  # for the role held there
    state = models.CharField(max_length=8, choices=AccessState, default=AccessState.ACTIVE)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = (models.UniqueConstraint(name="access_once", fields=["account", "network"]),)

    def __str__(self) -> str:
        return f"{self.display_name} ({self.state})"


class Session(AbstractBaseSession):
    """A session of one host: of a network, or, where `network_id` is null, the platform's or the Collective's."""

    network_id = models.UUIDField(null=True)
    host = models.CharField(max_length=253)
    account_id = models.UUIDField(null=True, db_index=True)

    @classmethod
    def get_session_store_class(cls) -> type:
        """Return the store that reads sessions by key and place."""
        from shared_apps.accounts.sessions import SessionStore

        return SessionStore


class HandOff(models.Model):
    """A single-use code that takes a signed-in person from one host to another, which asked for it.

    Or it takes nobody, and only that an address was shown to be theirs, by its hash.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code_hash = models.CharField(max_length=64, unique=True)
    state_hash = models.CharField(max_length=64)
    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", null=True)
    address_hash = models.CharField(max_length=64, blank=True, db_default="")
    from_host = models.CharField(max_length=253)
    to_host = models.CharField(max_length=253)
    strength = models.CharField(max_length=12, choices=Strength)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="hand_off_of_account_or_address",
                condition=Q(account__isnull=False, address_hash="") | (Q(account=None) & ~Q(address_hash="")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.from_host} to {self.to_host}"


_ACCOUNT = Statement(
    lambda account_id: User.objects.with_networks().filter(pk=account_id, is_active=True), account_id=UUID(int=0)
)


def _second_steps(account: Any) -> models.QuerySet:
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return Authenticator.objects.filter(user=account, type__in=kinds)


def _network_rows(account: Any) -> models.QuerySet:
    """Rows of AccessibleNetwork for one account, as JSON, so that they fit into one column of the account's query."""
    fields = {name: f"network__{name}" for name in ("id", "name", "subdomain", "own_host", "colour", "is_read_only")}
    shown = ("display_name", "display_job", "display_school", "display_phase")
    fields |= {name: name for name in (*shown, "unseen", "needs_second_step")}
    fields["may_write"] = Case(
        When(reads_only_until__gt=Now(), then=Value(False)),
        When(network__is_read_only=True, then=Value(False)),
        default=Value(True),
    )
    return (
        NetworkAccess.objects.filter(
            account=account,
            state=AccessState.ACTIVE,
            network__type=Kind.NETWORK,
            network__state=NetworkState.LIVE,
        )
        .order_by("network__name")
        .values(row=JSONObject(**fields))
    )
