"""Which people of Google and Microsoft sign in to which account."""

from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from shared_apps.accounts import enums
from shared_apps.accounts.models import User
from shared_apps.accounts.providers import Person
from shared_apps.accounts.selectors import account_of_email, get_account, has_verified_email
from shared_apps.accounts.services.sessions import end_sessions
from shared_apps.accounts.services.telling import tell
from shared_apps.audit.services import Actor, record


class LinkedElsewhereError(Exception):
    """The provider's person signs in to another account."""


@transaction.atomic
def account_of_person(person: Person, *, by: Actor) -> User | None:
    """Return the account that a provider's person signs in to, or None where nobody linked them.

    Once they are linked, the provider's name for them alone counts, whatever their address is by then. Before, the
    account is linked whose owner has shown here that the address is theirs, where the provider speaks for it too.
    """
    link = SocialAccount.objects.filter(provider=person.provider, uid=person.subject).first()
    if link is not None:
        _note(link, person)
        return get_account(link.user_id)
    account = account_of_email(person.email) if person.speaks_for_email else None
    if account is None or not account.is_active or not has_verified_email(account):
        return None
    link_person(account, person, by=Actor(account.pk, label="", via=by.via, address=by.address))
    return account


@transaction.atomic
def link_person(account: User, person: Person, *, by: Actor) -> None:
    """Let a provider's person sign in to an account from now on, and tell its owner; raises LinkedElsewhereError."""
    link, is_new = SocialAccount.objects.get_or_create(
        provider=person.provider, uid=person.subject, defaults={"user": account}
    )
    if link.user_id != account.pk:
        raise LinkedElsewhereError
    _note(link, person)
    if is_new:
        record("accounts.provider.linked", by=by, target=account, provider=person.provider.value)
        tell(account.email, "provider_linked", provider=person.provider.label)


@transaction.atomic
def unlink_person(account: User, link: SocialAccount, *, by: Actor, keep_session: str | None = None) -> None:
    """Let a provider's person sign in no more, end the account's other sessions, and tell its owner.

    There is always another way in, because every account can be sent a code.
    """
    provider = enums.Provider(link.provider)
    link.delete()
    end_sessions(account, keep_session=keep_session)
    record("accounts.provider.unlinked", by=by, target=account, provider=provider.value)
    tell(account.email, "provider_unlinked", provider=provider.label)


def _note(link: SocialAccount, person: Person) -> None:
    """Keep when it was last used, and the address by which its owner knows it on their page; it decides nothing."""
    link.extra_data = {"email": person.email}
    link.save(update_fields=["extra_data", "last_login"])
