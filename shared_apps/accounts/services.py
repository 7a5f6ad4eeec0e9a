"""What can be done with an account: making it, letting it into networks, its password, its sessions, its way between
hosts."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.http import HttpRequest
from django.utils import timezone

from shared_apps.accounts import messages
from shared_apps.accounts.enums import AccessState, Strength, Theme
from shared_apps.accounts.models import HandOff, NetworkAccess, Session, User
from shared_apps.accounts.selectors import Site, get_account, may_enter_network, may_enter_site, normal_email
from shared_apps.accounts.signals import signed_out_everywhere
from shared_apps.api import services as api_services
from shared_apps.api.services import NewToken
from shared_apps.audit.services import Actor, record
from shared_apps.mail.services import queue_message
from tenants.models import Network

HAND_OFF_LIVES = timedelta(seconds=60)
_KEPT_HAND_OFFS = timedelta(days=1)


class EmailError(Exception):
    """This is not an email address."""


class NoAccessError(Exception):
    """The account has no access to the network."""


class HandOffError(Exception):
    """The code is unknown, used, too old, or made for another host, another browser or a person without access."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who came with a hand-off code, and how they had proved who they are."""

    account: User
    strength: Strength


# Accounts ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def get_or_create_account(email: str, name: str = "", *, verified: bool = False) -> User:
    """Return the account with this address, making one without a password where there is none.

    `verified` says that the person has just shown the address to be theirs. Raises EmailError.
    """
    address = _checked_email(email)
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


# The second step -----------------------------------------------------------------------------------------------------


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
    notice = messages.notice("second_step_reset")
    queue_message(
        to=account.email,
        subject=notice.subject,
        template="notice",
        context=notice.context,
        kind=f"accounts.{notice.kind}",
    )


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


_SECRETS = ("secret", "seed", "migrated_codes")


def _renewed(value: Any) -> Any:
    if isinstance(value, list):
        return [_renewed(each) for each in value]
    box = get_mfa_adapter()
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


# Access to networks --------------------------------------------------------------------------------------------------


def grant_access(*, account_id: UUID, network: Network, display_name: str) -> NetworkAccess:
    """Let an account into a network, or change the name it shows to other networks.

    For `members`, in the transaction that makes the member active; that is where it is audited.
    """
    access, _ = NetworkAccess.objects.update_or_create(
        account_id=account_id,
        network=network,
        defaults={"display_name": display_name.strip()[:120], "state": AccessState.ACTIVE},
    )
    return access


def describe_access(*, account_id: UUID, network: Network, job: str, school: str, phase: str) -> None:
    """Write the job, school and phase that an account may show to other networks; for `members`, as above."""
    NetworkAccess.objects.filter(account_id=account_id, network=network).update(
        display_job=job[:120], display_school=school[:200], display_phase=phase[:100], changed_at=timezone.now()
    )


def restrict_access(*, account_id: UUID, network: Network, until: datetime | None) -> None:
    """Let an account only read for a network until a time, in the Collective too; None lets it write again.

    For `members`, as above.
    """
    NetworkAccess.objects.filter(account_id=account_id, network=network).update(
        reads_only_until=until, changed_at=timezone.now()
    )


def require_second_step(*, account_id: UUID, network: Network, is_needed: bool) -> None:
    """Note whether the role that an account holds in a network asks for a second step; for `members`, as above."""
    NetworkAccess.objects.filter(account_id=account_id, network=network).update(
        needs_second_step=is_needed, changed_at=timezone.now()
    )


def count_unseen(network: Network, changes: Mapping[UUID, int]) -> None:
    """Add to how much each account has not seen in a network; for `members`, as above.

    The rows are held in the order of accounts, so that two networks telling the same people never deadlock.
    """
    held = NetworkAccess.objects.filter(network=network, account_id__in=list(changes)).order_by("account_id")
    accounts = list(held.select_for_update().values_list("account_id", flat=True))
    for amount in sorted(set(changes.values())):
        of_these = [account_id for account_id in accounts if changes[account_id] == amount]
        rows = NetworkAccess.objects.filter(network=network, account_id__in=of_these)
        rows.update(unseen=Greatest(F("unseen") + amount, 0))


def revoke_access(*, account_id: UUID, network: Network) -> None:
    """Shut an account out of a network at once: its sessions there end, its tokens for it are revoked."""
    NetworkAccess.objects.filter(account_id=account_id, network=network).update(
        state=AccessState.ENDED, changed_at=timezone.now()
    )
    Session.objects.filter(account_id=account_id, network_id=network.id).delete()
    api_services.revoke_tokens_of(account_id=account_id, network=network)


# API tokens ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def create_network_token(account: User, *, network_id: UUID, name: str, by: Actor) -> NewToken:
    """Make a token that acts for an account in one network; raises NoAccessError."""
    if not may_enter_network(account.pk, network_id):
        raise NoAccessError("This person has no access to this network.")
    made = api_services.create_token(account_id=account.pk, network_id=network_id, name=name)
    record("api.token.created", by=by, target=made.token, network=network_id)
    return made


@transaction.atomic
def create_operator_token(account: User, *, name: str, by: Actor) -> NewToken:
    """Make a token that acts for an operator on the platform's host; raises NoAccessError."""
    if not (account.is_operator and account.is_active):
        raise NoAccessError("This person is not an operator.")
    made = api_services.create_token(account_id=account.pk, network_id=None, name=name)
    record("api.token.created", by=by, target=made.token, operator=True)
    return made


@transaction.atomic
def revoke_token(account: User, *, token_id: UUID, by: Actor) -> bool:
    """Revoke one of the account's own tokens; returns whether there was one to revoke."""
    revoked = api_services.revoke_token(account_id=account.pk, token_id=token_id)
    if revoked:
        record("api.token.revoked", by=by, target_kind="api.apitoken", target_id=token_id)
    return revoked


# From host to host ---------------------------------------------------------------------------------------------------


def new_state() -> str:
    """Return what the destination's cookie holds; only its hash leaves that host."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """Return the form in which codes and states are stored and compared."""
    return hashlib.sha256(secret.encode()).hexdigest()


def issue_hand_off(
    account: User, *, from_site: Site, to_site: Site, state_hash: str, strength: Strength, now: datetime
) -> str:
    """Return a single-use code that signs the person in on `to_site`, in the browser that holds the state, for 60 s.

    Raises NoAccessError when the person may not enter there.
    """
    if not may_enter_site(account, to_site):
        raise NoAccessError("This person may not enter that site.")
    code = secrets.token_urlsafe(32)
    HandOff.objects.create(
        code_hash=hash_of(code),
        state_hash=state_hash,
        account=account,
        from_host=from_site.host,
        to_host=to_site.host,
        strength=strength,
        expires_at=now + HAND_OFF_LIVES,
    )
    return code


def redeem_hand_off(code: str, *, state: str, to_site: Site, now: datetime) -> Arrival:
    """Use up a code and return who came with it; raises HandOffError.

    The row is used up even where the code then proves to be too old or the person to have lost access.
    """
    with transaction.atomic():
        hand_off = _take_hand_off(code, state, to_site, now)
    account = get_account(hand_off.account_id)
    if account is None or not may_enter_site(account, to_site):
        raise HandOffError("The person may not enter here any more.")
    return Arrival(account=account, strength=Strength(hand_off.strength))


def begin_session(request: HttpRequest, account: User, *, strength: Strength, is_handed_off: bool = False) -> None:
    """Sign a person in on this host after they have proved who they are; the session's key is new.

    `is_handed_off` says that they proved it on another host, so perhaps long ago.
    """
    get_adapter(request).login(request, account)
    record_authentication(request, account, method=strength.value, handed_off=is_handed_off or None)


def prune(now: datetime) -> int:
    """Delete sessions, hand-offs, counted limits and programs' calls whose time is over, and return how many."""
    sessions, _ = Session.objects.filter(expire_date__lt=now).delete()
    hand_offs, _ = HandOff.objects.filter(expires_at__lt=now - _KEPT_HAND_OFFS).delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_cache WHERE expires < %s", [now])
        return sessions + hand_offs + cursor.rowcount + api_services.forget_calls(now)


def _take_hand_off(code: str, state: str, to_site: Site, now: datetime) -> HandOff:
    found = (
        HandOff.objects.select_for_update()
        .filter(code_hash=hash_of(code), state_hash=hash_of(state), to_host=to_site.host, used_at=None)
        .filter(expires_at__gt=now)
        .first()
    )
    if found is None:
        raise HandOffError("The code is unknown, used, too old, or not for this host and browser.")
    found.used_at = now
    found.save(update_fields=["used_at"])
    return found


def end_sessions(account: User, *, keep_session: str | None = None) -> None:
    """End an account's sessions on every host, but for one, and every hand-off on its way; API tokens go on."""
    sessions = Session.objects.filter(account_id=account.pk)
    (sessions.exclude(pk=keep_session) if keep_session else sessions).delete()
    HandOff.objects.filter(account=account, used_at=None).delete()


def _checked_email(email: str) -> str:
    address = normal_email(email)
    try:
        validate_email(address)
    except ValidationError as error:
        raise EmailError(f"{email[:80]!r} is not an email address.") from error
    if len(address) > 254:
        raise EmailError("An email address has at most 254 characters.")
    return address
