"""The second step: by when it is due, removing a lost one, its keys."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import transaction

from shared_apps.accounts.enums import AccessState
from shared_apps.accounts.models import NetworkAccess, User
from shared_apps.accounts.selectors import get_account
from shared_apps.accounts.services.access import NoAccessError
from shared_apps.accounts.services.sessions import end_sessions
from shared_apps.accounts.services.telling import tell
from shared_apps.audit.services import Actor, record
from tenants.models import Network

_SECRETS = ("secret", "seed", "migrated_codes")


def begin_grace(account: User, *, now: datetime) -> datetime:
    """Say by when an account that must have a second step needs one, counted from the first time it was told."""
    due_at = now + timedelta(days=settings.SECOND_STEP_GRACE_DAYS)
    User.objects.filter(pk=account.pk, second_step_due_at=None).update(second_step_due_at=due_at)
    account.refresh_from_db(fields=["second_step_due_at"])
    return account.second_step_due_at or due_at


@transaction.atomic
def remove_second_step(account: User, *, by: Actor) -> None:
    """Remove every passkey, app and recovery code of somebody who lost them.

    Their sessions end, and they are told by email. Who has to have a second step gets the usual days for a new one.
    """
    removed, _ = Authenticator.objects.filter(user=account).delete()
    if not removed:
        return
    User.objects.filter(pk=account.pk).update(second_step_due_at=None)
    end_sessions(account)
    record("accounts.second_step.reset", by=by, target=account)
    tell(account.email, "second_step_reset")


@transaction.atomic
def renew_second_step_keys(*, by: Actor) -> tuple[int, int]:
    """Keep every second step under the present SECRET_KEY; return how many were renewed and how many nobody can read.

    Passkeys hold no secret of ours.
    """
    renewed = unreadable = 0
    for each in Authenticator.objects.select_for_update().exclude(type=Authenticator.Type.WEBAUTHN):
        try:
            each.data = {name: _renewed(value) if name in _SECRETS else value for name, value in each.data.items()}
        except InvalidToken:
            unreadable += 1
        else:
            each.save(update_fields=["data"])
            renewed += 1
    record("accounts.second_step.keys_renewed", by=by, renewed=renewed, unreadable=unreadable)
    return renewed, unreadable


def _renewed(value: Any) -> Any:
    if isinstance(value, list):
        return [_renewed(each) for each in value]
    box = get_adapter()
    return box.encrypt(box.decrypt(value))


def remove_second_step_of_member(*, account_id: UUID, network: Network, by: Actor) -> None:
    """Remove it for an owner of the one network that somebody belongs to; raises NoAccessError for all others.

    One network's owner must not open the door to another network, or to the console.
    """
    account = get_account(account_id)
    theirs = NetworkAccess.objects.filter(account_id=account_id, state=AccessState.ACTIVE)  # of networks in any state
    only_here = set(theirs.values_list("network_id", flat=True)) == {network.id}
    if account is None or not only_here or account.is_operator:
        raise NoAccessError("They belong to other networks too. Ask the people who run the platform to do it.")
    remove_second_step(account, by=by)
