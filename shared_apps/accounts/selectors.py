"""Reads about accounts, the networks they may enter, and the hosts between which they move."""

import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme

from shared_apps.accounts import permissions
from shared_apps.accounts.enums import AccessState, Provider, Strength
from shared_apps.accounts.models import AccessibleNetwork, NetworkAccess, User
from shared_apps.audit.enums import Via
from shared_apps.audit.services import Actor
from shared_apps.core.navigation import Place
from tenants.enums import Kind, NetworkState
from tenants.models import Network
from tenants.selectors import collective_host, crossing_url, host_of, is_set_aside, network_of_host, url_of

ACTING_KEY = "acting_network_id"
ADDRESS_KEY = "accounts.shown_address"
_ADDRESS_SECONDS = 60 * 60
_STRENGTHS = {"password_reset": Strength.CODE, "mfa": Strength.SECOND_STEP} | {each.value: each for each in Strength}
_HOST = re.compile(r"[a-z0-9.-]{1,253}")


@dataclass(frozen=True, slots=True)
class Site:
    """A host of ours that is open: its kind and, of a network, which."""

    host: str
    kind: Kind
    network: Network | None = None

    @property
    def name(self) -> str:
        """What people call it."""
        if self.network:
            return self.network.name
        return "the Collective" if self.kind == Kind.COLLECTIVE else "SBM Collective"


def account_of_email(email: str) -> User | None:
    """Return the account with this address and its networks, or None."""
    return User.objects.with_networks().filter(email=normal_email(email)).first()


def get_account(account_id: UUID | str) -> User | None:
    """Return an active account and its networks, or None."""
    return User.objects.active_with_networks(account_id)


def people_of(network: Network, account_ids: Iterable[UUID]) -> Iterator[dict[str, Any]]:
    """Yield these accounts as they travel with a network: nothing of other networks, and no password."""
    found = User.objects.filter(pk__in=list(account_ids), anonymised_at=None).order_by("pk")
    rows = NetworkAccess.objects.filter(network=network, account__in=found)
    access = {row.account_id: row for row in rows}
    for account in found:
        yield {
            "account_id": account.pk,
            "email": account.email,
            "name": account.name,
            "access": _travelling(access[account.pk]) if account.pk in access else None,
        }


def _travelling(access: NetworkAccess) -> dict[str, Any]:
    shown = ("display_name", "display_job", "display_school", "display_phase")
    taken = (*shown, "reads_only_until", "needs_second_step")
    return {name: getattr(access, name) for name in taken} | {"is_active": access.state == AccessState.ACTIVE}


def normal_email(email: str) -> str:
    """Return the form in which addresses are stored and compared."""
    return email.strip().lower()


def has_verified_email(account: User) -> bool:
    """Whether the person has shown, by a code, that the account's address is theirs."""
    return EmailAddress.objects.filter(user=account, email=account.email, verified=True).exists()


def may_enter_network(account_id: UUID, network_id: UUID) -> bool:
    """Whether an account has access to a network now."""
    return NetworkAccess.objects.filter(account_id=account_id, network_id=network_id, **_open_access()).exists()


def acting_network(request: Any) -> AccessibleNetwork | None:
    """Return the network a signed-in person acts for: on a network's host that one, on the Collective's the chosen one.

    Where none was chosen it is the first by name. A token acts for its own network.
    """
    if not request.user.is_authenticated or request.site_kind == Kind.PUBLIC:
        return None
    token = getattr(request, "api_token", None)
    wanted = token.network_id if token else _wanted_network_id(request)
    chosen = [network for network in request.user.networks if str(network.id) == str(wanted)]
    if chosen or token or request.site_kind == Kind.NETWORK:
        return next(iter(chosen), None)
    return next(iter(request.user.networks), None)


def actor_of(request: Any) -> Actor:
    """Return who does what this request asks for, as the audit names them."""
    account = request.user if request.user.is_authenticated else None
    return Actor(
        account_id=account.pk if account else None,
        label="" if account else "visitor",
        via=Via.API if getattr(request, "api_token", None) else Via.PAGE,
        address=get_adapter(request).get_client_ip(request),
    )


def strength_of(request: Any) -> Strength:
    """Return how strongly the person of this session has proved who they are: the strongest of what they showed."""
    records = get_authentication_records(request, request.user)
    shown = [_strength_in(record) for record in records if record["method"] in _STRENGTHS]
    return next((each for each in reversed(shown) if each.is_strong), shown[-1] if shown else Strength.PASSWORD)


def proved_lately(request: Any) -> bool:
    """Whether the person has shown on this host, in the last minutes, all that their account can ask for."""
    records = get_authentication_records(request, request.user)
    since = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    lately = [record for record in records if record["at"] > since and not record.get("handed_off")]
    if not request.user.has_second_step:
        return bool(lately)
    return any(_strength_in(record).is_strong for record in lately if record["method"] in _STRENGTHS)


@dataclass(frozen=True, slots=True)
class SecondSteps:
    """What an account has set up: the app, the passkeys, and how many recovery codes are left."""

    app: Authenticator | None
    passkeys: list[Authenticator]
    codes_left: int


def has_authenticator(account_id: UUID) -> bool:
    """Whether an account has an app or a passkey for its second step."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return Authenticator.objects.filter(user_id=account_id, type__in=kinds).exists()


def second_steps(account: User) -> SecondSteps:
    """Return an account's second steps, in one query."""
    by_kind: dict[str, list[Authenticator]] = {}
    for each in Authenticator.objects.filter(user=account).order_by("created_at"):
        by_kind.setdefault(each.type, []).append(each)
    codes = by_kind.get(Authenticator.Type.RECOVERY_CODES, [])
    return SecondSteps(
        app=next(iter(by_kind.get(Authenticator.Type.TOTP, [])), None),
        passkeys=by_kind.get(Authenticator.Type.WEBAUTHN, []),
        codes_left=len(codes[0].wrap().get_unused_codes()) if codes else 0,
    )


# Accounts of nobody's network ---------------------------------------------------------------------------------------

ALONE_KEPT = timedelta(days=365)
END_NOTICE = timedelta(days=30)


def alone_accounts() -> QuerySet[User]:
    """Return the accounts that belong to no network and do not run the platform.

    A network that is suspended or closed still has its people. No network is entered to know: `members` writes
    `NetworkAccess` in the transaction that changes what somebody is there.
    """
    access = NetworkAccess.objects.filter(account=OuterRef("pk"), state=AccessState.ACTIVE)
    belongs = access.exclude(network__state=NetworkState.DELETED)
    return User.objects.filter(~Exists(belongs), is_operator=False, anonymised_at=None)


def accounts_to_tell(now: datetime) -> QuerySet[User]:
    """Return those that end in a month, and were not told so."""
    return _unused().filter(alone_since__lte=now - (ALONE_KEPT - END_NOTICE), end_told_at=None)


def accounts_to_anonymise(now: datetime) -> QuerySet[User]:
    """Return those whose year is over, a month after they were told."""
    return _unused().filter(alone_since__lte=now - ALONE_KEPT, end_told_at__lte=now - END_NOTICE)


def _unused() -> QuerySet[User]:
    return alone_accounts().filter(Q(last_login=None) | Q(last_login__lte=F("alone_since")))


# Google and Microsoft -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WayIn:
    """A provider to sign in with: where its button leads, on the platform's host, or on the way there."""

    provider: Provider
    url: str
    is_here: bool


def offered_providers() -> list[Provider]:
    """Return those that this installation has an ID at."""
    return [provider for provider in Provider if provider in settings.SIGN_IN_PROVIDERS]


def ways_in(request: Any, path: str, *, only_address: bool = False) -> list[WayIn]:
    """Return the providers to sign in with, and then go on to a path of this host.

    `only_address` asks to be shown, on a network's host, whose address it is, of who has no account yet.
    """
    here = site_of(request)
    if here.kind == Kind.PUBLIC:
        return [WayIn(each, reverse(f"accounts:{each}_start"), is_here=True) for each in offered_providers()]
    start, query = reverse("accounts:switch_start"), {"from": host_of(None), "next": path}
    query |= {"only": "address"} if only_address else {}
    return [WayIn(each, f"{start}?{urlencode(query | {'with': each})}", is_here=False) for each in offered_providers()]


def links_url(request: Any) -> str:
    """Return where one's own links are, on the platform's host; "" where this installation has no provider."""
    path, here = "/account/links/", site_of(request)
    if not offered_providers():
        return ""
    return path if here.kind == Kind.PUBLIC else crossing_url(host_of(None), from_host=here.host, path=path)


def asks_for_address(path: str) -> bool:
    """Whether a path of the platform's host leads on to a site that wants to know an address and nobody's account."""
    parts = urlsplit(path)
    return parts.path == reverse("accounts:switch_leave") and parse_qs(parts.query).get("only") == ["address"]


def hash_of_address(email: str) -> str:
    """Return the form in which it is remembered that an address was shown to be somebody's."""
    return salted_hmac("shared_apps.accounts.address", normal_email(email), algorithm="sha256").hexdigest()


def has_shown_address(request: Any, email: str) -> bool:
    """Whether this browser has shown within the hour, with a provider that speaks for it, that an address is theirs."""
    kept = request.session.get(ADDRESS_KEY) or {"at": 0}
    return kept["at"] > time.time() - _ADDRESS_SECONDS and kept["hash"] == hash_of_address(email)


def site_ahead(path: str) -> Site | None:
    """Return the site that a path of the platform's host leads on to, where it is the way out of a hand-off."""
    parts = urlsplit(path)
    to = parse_qs(parts.query).get("to", [""])[0] if parts.path == reverse("accounts:switch_leave") else ""
    return site_of_host(to) if to else None


def way_back(path: str) -> str:
    """Return where somebody signs in another way who was on the way to a path of the platform's host.

    That is the host that they came from, where they came from one.
    """
    ahead = site_ahead(path)
    if ahead is None:
        return reverse("account_login", query={"next": path} if path != "/" else None)
    if asks_for_address(path):
        return path
    wanted = local_path(parse_qs(urlsplit(path).query).get("next", ["/"])[0])
    return url_of(ahead.host, reverse("account_login", query={"next": wanted} if wanted != "/" else None))


def links_of(account: User) -> list[tuple[Provider, SocialAccount]]:
    """Return the providers' people that sign in to an account, the oldest first."""
    rows = SocialAccount.objects.filter(user=account).order_by("date_joined")
    return [(Provider(row.provider), row) for row in rows]


# Sites ---------------------------------------------------------------------------------------------------------------


def site_of(request: Any) -> Site:
    """Return the site a request was sent to."""
    host = request.get_host().rsplit(":", 1)[0].lower()
    return Site(host=host, kind=request.site_kind, network=request.network)


def site_of_host(host: str) -> Site | None:
    """Return the open site with this host name (no port), or None for any host that is not ours or not live.

    Nor is a network's own whose records are wrong: whoever it belongs to by then would be handed who signs in.
    """
    if host == host_of(None):
        return Site(host=host, kind=Kind.PUBLIC)
    if host == collective_host():
        return Site(host=host, kind=Kind.COLLECTIVE)
    network = network_of_host(host) if _HOST.fullmatch(host) else None
    if network is None or network.state != NetworkState.LIVE or is_set_aside(network):
        return None
    return Site(host=host, kind=Kind.NETWORK, network=network)


def may_enter_site(account: User, site: Site) -> bool:
    """Whether an account may be signed in on a site."""
    return permissions.may_enter(account, kind=site.kind, network_id=site.network.id if site.network else None)


def places(request: Any) -> list[Place]:
    """Return every site a signed-in person may go to, this one among them; costs no query after `with_networks()`."""
    if not request.user.is_authenticated:
        return []
    account, here = request.user, site_of(request)
    found = [
        _place(here, here.host if _is_here(here, network) else host_of(network), network.name, colour=network.colour)
        for network in account.networks
    ]
    if account.networks:
        found.append(_place(here, collective_host(), "The Collective", icon="globe2"))
    if permissions.is_operator(account):
        found.append(_place(here, host_of(None), "Operator console", icon="diagram-3", path="/operator/"))
    return found


def local_path(target: Any, default: str = "/") -> str:
    """Return `target` when it is a path on the same host, else `default`; never an address of another host."""
    text = target if isinstance(target, str) else ""
    starts_well = text.startswith("/") and not text.startswith(("//", "/\\"))
    plain = starts_well and text.isprintable() and "\\" not in text
    return text if plain and url_has_allowed_host_and_scheme(text, allowed_hosts=None) else default


def _strength_in(record: dict[str, Any]) -> Strength:
    return Strength.PASSKEY if record.get("passwordless") else _STRENGTHS[record["method"]]


def _is_here(here: Site, network: AccessibleNetwork) -> bool:
    return here.network is not None and here.network.id == network.id


def _place(here: Site, host: str, label: str, *, colour: str = "", icon: str = "", path: str = "/") -> Place:
    current = host == here.host
    url = path if current else crossing_url(host, from_host=here.host, path=path)
    return Place(label=label, url=url, colour=colour, icon=icon, current=current)


def _wanted_network_id(request: Any) -> Any:
    return request.network.id if request.network else request.session.get(ACTING_KEY)


def _open_access() -> dict[str, Any]:
    return {"state": AccessState.ACTIVE, "network__type": Kind.NETWORK, "network__state": NetworkState.LIVE}
