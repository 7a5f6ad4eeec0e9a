"""Asking Google or Microsoft who somebody is, by OpenID Connect, and what is believed of what they say.

allauth keeps the state in the session, makes the PKCE challenge and exchanges the code. Its providers read an ID token
without looking at its signature and send no nonce, so that is done here. What is believed of a token:

- Who somebody is: the provider's own name for them, which never changes and is never given to another. It is Google's
  `sub`; Microsoft's `oid` is unique within its `tid` only.
- That an address is theirs: where the provider speaks for it. Google does for Gmail and for the domains of Google
  Workspace (`hd`); of another address it only knows that somebody could read it once. Microsoft passes on whatever the
  administrator of any directory wrote, unless it says that the directory owns the domain (`xms_edov`).

What a provider publishes for everybody, where to ask and its keys, is remembered in the process for an hour. A key that
is not among them has them read once more, so that a new one works at once.
"""

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any
from uuid import UUID

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse
from requests import RequestException

from shared_apps.accounts import enums
from shared_apps.accounts.selectors import normal_email
from tenants.selectors import host_of, url_of

_CLOCKS_DIFFER = 60
_NEEDED = ["aud", "exp", "iat", "iss", "nonce", "sub"]
_PUBLISHED_SECONDS = 60 * 60
_WHERE_TO_ASK = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
_GOOGLE_MAIL = ("@gmail.com", "@googlemail.com")
_YES = (True, 1, "1", "true")  # the documents say a Boolean; directories have sent each of these
_WRONG = (OAuth2Error, RequestException, jwt.PyJWTError, LookupError, TypeError, ValueError, AttributeError)
log = logging.getLogger("sbm.accounts")


class ProviderError(Exception):
    """The provider did not say who it is: it is down, refused us, or said something that is not to be believed.

    `path` is where the person wanted to go, as far as that is known.
    """

    def __init__(self, words: str = "", *, path: str = "/") -> None:
        super().__init__(words)
        self.path = path


class CancelledError(ProviderError):
    """The person, or their school, did not agree at the provider."""


class StrayError(ProviderError):
    """Nobody asked here: the state is unknown, used, too old, of another provider or of another browser."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as a provider knows them. `speaks_for_email`: it is the one to say whose the address is."""

    provider: enums.Provider
    subject: str
    email: str
    speaks_for_email: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """Who came back, the path they want to go on to, and, where they asked to link, the account that did."""

    person: Person
    path: str
    linking: str


class Adapter(OpenIDConnectOAuth2Adapter):
    """allauth's, with the one address that providers send people back to, and what they publish remembered."""

    @property
    def openid_config(self) -> dict[str, Any]:
        """Return where the provider is asked for what."""
        return _published(self.get_provider().server_url, *_WHERE_TO_ASK)

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """Return the platform's, whatever host was asked."""
        return url_of(host_of(None), reverse(f"accounts:{app.provider_id}_callback"))


class Provider(OpenIDConnectProvider):
    """allauth's, of an app that the settings name and no row does."""

    oauth2_adapter_class = Adapter


def provider_for(request: HttpRequest, provider: enums.Provider) -> Provider:
    """Return allauth's view of a provider; raises ProviderError for one that this installation has no ID at."""
    given = settings.SIGN_IN_PROVIDERS.get(provider)
    if given is None:
        raise ProviderError("This installation has no ID there.")
    app = SocialApp(
        provider="openid_connect",
        provider_id=provider.value,
        name=provider.label,
        client_id=given["client_id"],
        secret=given["secret"],
        settings={"server_url": given["server_url"], "oauth_pkce_enabled": True},
    )
    return Provider(request, app=app)


def begin(request: HttpRequest, provider: enums.Provider, *, path: str, linking: str = "") -> str:
    """Return the address at the provider that asks who somebody is; raises ProviderError.

    The provider lets people choose an account each time, because a school's computer is many people's.
    """
    asked = provider_for(request, provider)
    nonce = secrets.token_urlsafe(32)
    try:
        answer = asked.redirect(
            request,
            process="login",
            next_url=path,
            data={"nonce": nonce, "linking": linking},
            auth_params={"nonce": nonce, "prompt": "select_account"},
        )
    except _WRONG as error:
        raise _did_not_say(provider, error, path) from error
    return answer["Location"]


def finish(request: HttpRequest, provider: enums.Provider) -> Answer:
    """Return who came back; raises ProviderError. The state is used up, whatever comes of it."""
    asked = provider_for(request, provider)
    try:
        state = asked.unstash_redirect_state(request, request.GET.get("state", ""))
    except PermissionDenied as error:
        raise StrayError from error
    path = state.get("next") or "/"
    if "code" not in request.GET:
        kind = CancelledError if request.GET.get("error") == "access_denied" else ProviderError
        raise kind(path=path)
    try:
        person = _person(provider, _claims(request, asked, state))
    except _WRONG as error:
        raise _did_not_say(provider, error, path) from error
    return Answer(person=person, path=path, linking=state["data"]["linking"])


def _claims(request: HttpRequest, provider: Provider, state: Mapping[str, Any]) -> dict[str, Any]:
    adapter = provider.get_oauth2_adapter(request)
    client = adapter.get_client(request, provider.app)
    given = adapter.get_access_token_data(request, provider.app, client, pkce_code_verifier=state["pkce_code_verifier"])
    token = given["id_token"]
    key = _key(adapter, jwt.get_unverified_header(token)["kid"])
    claims = jwt.decode(
        token,
        jwt.PyJWK(key, algorithm="RS256"),
        algorithms=["RS256"],
        audience=provider.app.client_id,
        leeway=_CLOCKS_DIFFER,
        options={"require": _NEEDED, "strict_aud": True, "verify_iss": False},
    )
    issuer = adapter.openid_config["issuer"]
    for each in (issuer, key.get("issuer", issuer)):
        if claims["iss"] != each.replace("{tenantid}", claims.get("tid", "")):
            raise ValueError("The token is somebody else's, or its key is for other tokens.")
    if not secrets.compare_digest(claims["nonce"], state["data"]["nonce"]):
        raise ValueError("The token is not for this sign-in.")
    return claims


def _key(adapter: Adapter, kid: str) -> dict[str, Any]:
    """Return the provider's public key with this name; Microsoft's say whose tokens they sign."""
    url = adapter.openid_config["jwks_uri"]
    known = {key["kid"]: key for key in _published(url, "keys")["keys"]}
    if kid not in known:
        known = {key["kid"]: key for key in _published(url, "keys", anew=True)["keys"]}
    return known[kid]


_remembered: dict[str, tuple[float, dict[str, Any]]] = {}  # by address; only settings and providers name any


def _published(url: str, *needed: str, anew: bool = False) -> dict[str, Any]:
    """Return what a provider publishes at an address, as it was within the hour, or as it is; raises one of _WRONG.

    What lacks something needed is not remembered: a provider's bad moment would be an hour of ours.
    """
    until, document = _remembered.get(url, (0.0, {}))
    if anew or until < monotonic():
        with get_adapter().get_requests_session() as session:
            answer = session.get(url)
            answer.raise_for_status()
        document = answer.json()
        if lacking := [name for name in needed if not document[name]]:
            raise ValueError(f"It says nothing of {lacking}.")
        _remembered[url] = monotonic() + _PUBLISHED_SECONDS, document
    return document


def forget_published() -> None:
    """Have everything that providers publish read anew."""
    _remembered.clear()


def _person(provider: enums.Provider, claims: Mapping[str, Any]) -> Person:
    email = normal_email(claims.get("email") or "")
    if provider == enums.Provider.MICROSOFT:
        subject = f"{UUID(claims['tid'])}.{UUID(claims['oid'])}"
        speaks_for_email = claims.get("xms_edov") in _YES
    else:
        subject = str(claims["sub"])
        speaks_for_email = claims.get("email_verified") is True and (
            bool(claims.get("hd")) or email.endswith(_GOOGLE_MAIL)
        )
    return Person(provider=provider, subject=subject, email=email, speaks_for_email=bool(email) and speaks_for_email)


def _did_not_say(provider: enums.Provider, error: Exception, path: str) -> ProviderError:
    """Note which provider and what kind of thing went wrong, nothing of what it answered."""
    log.warning("%s did not say who somebody is: %s", provider.label, type(error).__name__)
    return ProviderError(type(error).__name__, path=path)
