"""Anonymising accounts that have belonged to no network for a year, a month after telling them.

What is written in networks stays there; it names who has left as a former member already. Operators stay, and so does
whoever a keeper knows to wait for something or to have something left that only they can take back.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F, QuerySet

from shared_apps.accounts import messages, selectors
from shared_apps.accounts.enums import Theme
from shared_apps.accounts.models import NOBODY, HandOff, NetworkAccess, User
from shared_apps.accounts.services.sessions import end_sessions
from shared_apps.api import services as api_services
from shared_apps.audit.services import Actor, record
from shared_apps.mail import services as mail
from tenants.selectors import host_of, url_of

Keeper = Callable[[Sequence[User]], set[UUID]]
_BATCH = 200
_keepers: list[Keeper] = []


@dataclass(frozen=True, slots=True)
class Review:
    """How many accounts were found to belong nowhere for the first time, were told, and were anonymised."""

    found: int
    told: int
    anonymised: int


def register_keeper(keeper: Keeper) -> None:
    """Add who knows which of some accounts must stay; called outside a transaction. Adding one twice is as once."""
    if keeper not in _keepers:
        _keepers.append(keeper)


def note_wanted(email: str, *, now: datetime) -> None:
    """Let the year of whoever has this address begin anew, because a network invites them."""
    account = User.objects.filter(email=selectors.normal_email(email), alone_since__isnull=False)
    account.update(alone_since=now, end_told_at=None)


def review_accounts(now: datetime, *, by: Actor, dry_run: bool = False) -> Review:
    """Look who belongs nowhere, tell whose account ends, and anonymise whose time is over; each commits by itself.

    Who signs in, anywhere, begins another year. `dry_run` counts and changes nothing.
    """
    new = selectors.alone_accounts().filter(alone_since=None)
    found = new.count() if dry_run else _note(new, now)
    to_tell = _ids(selectors.accounts_to_tell(now))
    told = sum(1 if dry_run else _tell(each, now) for each in to_tell)
    over = _ids(selectors.accounts_to_anonymise(now))
    return Review(found, told, sum(1 if dry_run else _anonymise(each, now, by) for each in over))


@transaction.atomic
def _note(new: QuerySet[User], now: datetime) -> int:
    alone = selectors.alone_accounts()
    belonging = User.objects.filter(alone_since__isnull=False, anonymised_at=None).exclude(pk__in=alone.values("pk"))
    belonging.update(alone_since=None, end_told_at=None)
    alone.filter(alone_since__lt=F("last_login")).update(alone_since=F("last_login"), end_told_at=None)
    return new.update(alone_since=now)


def _ids(accounts: QuerySet[User]) -> Iterator[UUID]:
    """Yield the accounts that nobody keeps, a batch at a time; they may leave the query meanwhile."""
    last: UUID | None = None
    while batch := list((accounts.filter(pk__gt=last) if last else accounts).order_by("pk")[:_BATCH]):
        last = batch[-1].pk
        kept = {account_id for keeper in _keepers for account_id in keeper(batch)}
        yield from (account.pk for account in batch if account.pk not in kept)


@transaction.atomic
def _tell(account_id: UUID, now: datetime) -> int:
    account = selectors.accounts_to_tell(now).select_for_update(of=("self",)).filter(pk=account_id).first()
    if account is None:
        return 0
    account.end_told_at = now
    account.save(update_fields=["end_told_at"])
    day = max(now + selectors.END_NOTICE, (account.alone_since or now) + selectors.ALONE_KEPT)
    notice = messages.account_ends(day, url=url_of(host_of(None), "/sign-in/"))
    mail.queue_notice(account.email, notice, kind="accounts.account_ends", to_account_id=account.pk)
    return 1


@transaction.atomic
def _anonymise(account_id: UUID, now: datetime, by: Actor) -> int:
    account = selectors.accounts_to_anonymise(now).select_for_update(of=("self",)).filter(pk=account_id).first()
    if account is None:
        return 0
    mail.forget_person(account.pk, address=account.email)
    api_services.forget_tokens(account_id=account.pk)
    end_sessions(account)
    for model in (Authenticator, SocialAccount, EmailAddress):
        model.objects.filter(user=account).delete()
    HandOff.objects.filter(account=account).delete()
    shown = ("display_name", "display_job", "display_school", "display_phase")
    NetworkAccess.objects.filter(account=account).update(**dict.fromkeys(shown, ""))
    _make_nobody(account, now)
    record("accounts.account.anonymised", by=by, target=account)
    return 1


def _make_nobody(account: User, now: datetime) -> None:
    account.email, account.name, account.password = f"{account.pk}{NOBODY}", "", make_password(None)
    account.is_active, account.theme, account.session_version = False, Theme.DEVICE, account.session_version + 1
    account.last_login = account.second_step_due_at = account.alone_since = account.end_told_at = None
    account.anonymised_at = now
    account.save()
