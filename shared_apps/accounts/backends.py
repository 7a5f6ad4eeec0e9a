"""Signing in, and being signed in, on one host: the account must have access to what answers there."""

from typing import Any
from uuid import UUID

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from shared_apps.accounts.models import User
from shared_apps.accounts.permissions import may_enter
from shared_apps.accounts.selectors import account_of_email, get_account
from tenants.context import current_kind, current_network


class HostBackend(BaseBackend):
    """Knows an account only where it has access; elsewhere the person is nobody, with the right password too.

    The host is that of the current schema, because Django hands `get_user` no request.
    """

    def authenticate(self, request: HttpRequest | None, email: str = "", password: str = "") -> User | None:  # type: ignore[override]
        """Return the account, or None after the same work for an unknown address and a wrong password."""
        account = account_of_email(email)
        if account is None:
            User().set_password(password)
            return None
        return account if account.check_password(password) and _may_enter_here(account) else None

    def get_user(self, user_id: UUID | Any) -> User | None:
        """Return the account with its networks, in one query, or None where it has no access; asked on every page."""
        account = get_account(user_id)
        return account if account and _may_enter_here(account) else None


def _may_enter_here(account: User) -> bool:
    network = current_network()
    return may_enter(account, kind=current_kind(), network_id=network.id if network else None)
