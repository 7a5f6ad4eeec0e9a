"""Beginning and ending sessions, and going from host to host without a second sign-in."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from django.db import connection, transaction
from django.db.models import Q
from django.http import HttpRequest

from shared_apps.accounts.enums import Strength
from shared_apps.accounts.models import HandOff, Session, User
from shared_apps.accounts.selectors import Site, get_account, may_enter_site
from shared_apps.accounts.services.access import NoAccessError
from shared_apps.api import services as api_services
from tenants.models import Network
from tenants.selectors import first_host_of, host_of

HAND_OFF_LIVES = timedelta(seconds=60)
_KEPT_HAND_OFFS = timedelta(days=1)


class HandOffError(Exception):
    """The code is unknown, used, too old, or made for another host, another browser or a person without access."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who came with a hand-off code, and how they had proved who they are; or nobody, and whose address it is."""

    account: User | None
    strength: Strength
    address_hash: str = ""


def begin_session(request: HttpRequest, account: User, *, strength: Strength, is_handed_off: bool = False) -> None:
    """Sign a person in on this host after they have proved who they are; the session's key is new.

    `is_handed_off` says that they proved it on another host, so perhaps long ago.
    """
    get_adapter(request).login(request, account)
    record_authentication(request, account, method=strength.value, handed_off=is_handed_off or None)


def end_sessions(account: User, *, keep_session: str | None = None) -> None:
    """End an account's sessions on every host, but for one, and every hand-off on its way; API tokens go on."""
    sessions = Session.objects.filter(account_id=account.pk)
    (sessions.exclude(pk=keep_session) if keep_session else sessions).delete()
    HandOff.objects.filter(account=account, used_at=None).delete()


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
    whose = {"account": account, "strength": strength, "state_hash": state_hash}
    return _issue(whose, from_site=from_site, to_site=to_site, now=now)


def issue_proof(address_hash: str, *, from_site: Site, to_site: Site, state_hash: str, now: datetime) -> str:
    """Return a code like `issue_hand_off`, which signs nobody in: it says that an address was shown to be theirs."""
    whose = {"address_hash": address_hash, "strength": Strength.PROVIDER, "state_hash": state_hash}
    return _issue(whose, from_site=from_site, to_site=to_site, now=now)


def _issue(whose: dict[str, Any], *, from_site: Site, to_site: Site, now: datetime) -> str:
    code = secrets.token_urlsafe(32)
    HandOff.objects.create(
        code_hash=hash_of(code),
        from_host=from_site.host,
        to_host=to_site.host,
        expires_at=now + HAND_OFF_LIVES,
        **whose,
    )
    return code


def redeem_hand_off(code: str, *, state: str, to_site: Site, now: datetime) -> Arrival:
    """Use up a code and return who came with it; raises HandOffError.

    The row is used up even where the code then proves to be too old or the person to have lost access.
    """
    with transaction.atomic():
        hand_off = _take_hand_off(code, state, to_site, now)
    strength = Strength(hand_off.strength)
    if hand_off.account_id is None:
        return Arrival(account=None, strength=strength, address_hash=hand_off.address_hash)
    account = get_account(hand_off.account_id)
    if account is None or not may_enter_site(account, to_site):
        raise HandOffError("The person may not enter here any more.")
    return Arrival(account=account, strength=strength)


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


def end_sessions_on(host: str, *, network: Network) -> None:
    """End every session that began on one of a network's hosts, because cookies of it may go to somebody else now."""
    Session.objects.filter(network_id=network.id, host=host).delete()


@transaction.atomic
def forget_network(network: Network) -> None:
    """Delete the sessions, the hand-offs and the counted limits of a network that is deleted."""
    hosts = {host_of(network), first_host_of(network)}
    Session.objects.filter(network_id=network.id).delete()
    HandOff.objects.filter(Q(from_host__in=hosts) | Q(to_host__in=hosts)).delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_cache WHERE cache_key LIKE %s", [f"%{network.id}%"])


def prune(now: datetime) -> int:
    """Delete sessions, hand-offs, counted limits and programs' calls whose time is over, and return how many."""
    sessions, _ = Session.objects.filter(expire_date__lt=now).delete()
    hand_offs, _ = HandOff.objects.filter(expires_at__lt=now - _KEPT_HAND_OFFS).delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_cache WHERE expires < %s", [now])
        return sessions + hand_offs + cursor.rowcount + api_services.forget_calls(now)
