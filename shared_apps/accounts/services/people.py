"""Making an account, its name, its password, and ending its sessions."""

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F

from shared_apps.accounts.enums import Theme
from shared_apps.accounts.models import NOBODY, User
from shared_apps.accounts.selectors import normal_email
from shared_apps.accounts.services.sessions import end_sessions
from shared_apps.accounts.signals import signed_out_everywhere
from shared_apps.api import services as api_services
from shared_apps.audit.services import Actor, record


class EmailError(Exception):
    """This is not an email address."""


@transaction.atomic
def get_or_create_account(email: str, name: str = "", *, verified: bool = False) -> User:
    """Return the account with this address, making one without a password where there is none.

    `verified` says that the person has just shown the address to be theirs. Raises EmailError.
    """
    address = checked_email(email)
    account, made = User.objects.get_or_create(
        email=address, defaults={"name": name.strip()[:120], "password": make_password(None)}
    )
    if name.strip() and not account.name:
        account.name = name.strip()[:120]
        account.save(update_fields=["name"])
    if made or verified:
        mark_email(account, verified=verified)
    return account


def mark_email(account: User, *, verified: bool) -> None:
    """Tell allauth of the account's address, and that its owner has shown it to be theirs."""
    defaults = {"primary": True} | ({"verified": True} if verified else {})
    EmailAddress.objects.update_or_create(user=account, email=account.email, defaults=defaults)


@transaction.atomic
def ensure_operator(email: str, name: str = "", *, by: Actor) -> User:
    """Return the account with this address as an operator, making it where needed. Raises EmailError."""
    account = get_or_create_account(email, name)
    if not account.is_operator:
        account.is_operator = True
        account.save(update_fields=["is_operator"])
        record("accounts.account.made_operator", by=by, target=account)
    return account


@transaction.atomic
def unmake_operator(account: User, *, by: Actor) -> None:
    """Take the console from an operator: their sessions and visits to networks end, their operator's tokens too.

    What they are in networks stays.
    """
    sign_out_everywhere(account, by=by)  # before they lose the rights by which their visits are known
    account.is_operator = False
    account.save(update_fields=["is_operator"])
    revoked = api_services.revoke_operator_tokens(account_id=account.pk)
    record("accounts.account.unmade_operator", by=by, target=account, tokens=revoked)


@transaction.atomic
def rename_account(account: User, *, name: str, by: Actor) -> None:
    """Change the name shown where no network has one."""
    account.name = name.strip()
    account.save(update_fields=["name"])
    record("accounts.account.changed", by=by, target=account, fields=["name"])


def choose_theme(account: User, *, theme: Theme) -> None:
    """Choose light or dark pages on every host."""
    account.theme = theme
    account.save(update_fields=["theme"])


@transaction.atomic
def set_password(account: User, password: str, *, by: Actor, keep_session: str | None = None) -> None:
    """Set a password and end the account's sessions, but for the one with the key `keep_session`."""
    account.set_password(password)
    account.save(update_fields=["password"])
    end_sessions(account, keep_session=keep_session)
    record("accounts.account.password_set", by=by, target=account)


@transaction.atomic
def sign_out_everywhere(account: User, *, by: Actor) -> None:
    """End every session of an account on every host, and every hand-off on its way. API tokens go on."""
    User.objects.filter(pk=account.pk).update(session_version=F("session_version") + 1)
    account.refresh_from_db(fields=["session_version"])
    end_sessions(account)
    record("accounts.account.signed_out_everywhere", by=by, target=account)
    signed_out_everywhere.send(User, account=account)


def checked_email(email: str) -> str:
    """Return an address as it is stored; raises EmailError."""
    address = normal_email(email)
    try:
        validate_email(address)
    except ValidationError as error:
        raise EmailError(f"{email[:80]!r} is not an email address.") from error
    if address.endswith(NOBODY):
        raise EmailError("This is nobody’s address.")
    if len(address) > 254:
        raise EmailError("An email address has at most 254 characters.")
    return address
