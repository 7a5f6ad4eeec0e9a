"""What the commands about one account have in common."""

from django.core.management.base import CommandError

from shared_apps.accounts.models import User
from shared_apps.accounts.selectors import account_of_email


def named_account(email: str) -> User:
    """Return whose address this is; raises CommandError when it is nobody's."""
    account = account_of_email(email)
    if account is None:
        raise CommandError(f"No account has the address {email}.")
    return account
