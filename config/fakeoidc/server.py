"""The HTTP server on loopback: discovery, the page that asks who one is, tokens and the keys that sign them."""

import base64
import contextlib
import hashlib
import json
import secrets
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlencode

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from config import standins
from config.fakeoidc.pages import who_page
from config.fakeoidc.people import KINDS, Claims, claims_of
from config.standins import Answer, redirect

CODE_SECONDS, TOKEN_SECONDS = 60, 3600
ASKED = {
    *("client_id", "redirect_uri", "response_type", "scope", "state", "nonce", "prompt"),
    *("code_challenge", "code_challenge_method"),
}
EXCHANGED = {"grant_type", "code", "redirect_uri", "client_id", "client_secret", "code_verifier"}
EVERY_TENANT = ("organizations", "common", "consumers")


class RefusedError(Exception):
    """What was asked is wrong; the message is OAuth's word for it, or says what."""


@dataclass(frozen=True)
class Client:
    """The one application that may ask, and where people are sent back to."""

    client_id: str
    secret: str
    redirect_uri: str


@dataclass(frozen=True)
class Grant:
    """What a code stands for, once."""

    provider: str
    asked: dict[str, str]
    said: Claims
    until: float


@dataclass
class Signer:
    """A key, and what it signs; tests give the stand-in another, to see that it is noticed."""

    key: RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    kid: str = field(default_factory=lambda: secrets.token_hex(8))

    def sign(self, claims: Claims) -> str:
        return jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": self.kid})

    def public(self) -> dict[str, Any]:
        shown = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {**shown, "kid": self.kid, "use": "sig"}


class Server(ThreadingHTTPServer):
    """The stand-in, listening. `changes` are put over the claims of tokens; None takes one away.

    `asked` counts what it was asked for.
    """

    daemon_threads = True

    def __init__(self, clients: dict[str, Client], *, port: int = 0, signer: Signer | None = None) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.clients, self.url = clients, f"http://127.0.0.1:{self.server_address[1]}"
        self.signer = self.shown = signer or Signer()
        self.grants: dict[str, Grant] = {}
        self.changes: Claims = {}
        self.asked: Counter[str] = Counter()
        self.is_down = False

    @contextlib.contextmanager
    def running(self) -> Iterator["Server"]:
        thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.shutdown()
            self.server_close()
            thread.join()

    def configuration(self, provider: str, tenant: str) -> dict[str, Any]:
        base = f"{self.url}/{provider}/{tenant}".rstrip("/")
        of_one = f"{self.url}/microsoft/{{tenantid}}/v2.0" if tenant in EVERY_TENANT else f"{base}/v2.0"
        return {
            "issuer": of_one if tenant else base,
            "authorization_endpoint": f"{base}/authorize",
            "token_endpoint": f"{base}/token",
            "jwks_uri": f"{base}/keys",
            "response_types_supported": ["code"],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def check(self, provider: str, asked: dict[str, str]) -> None:
        """Refuse a question that Google and Microsoft would refuse, or that is less than ours ought to ask."""
        client = self.clients.get(provider)
        if strange := sorted(set(asked) ^ ASKED):
            raise RefusedError(f"These are unknown or missing: {', '.join(strange)}.")
        if client is None or asked["client_id"] != client.client_id:
            raise RefusedError("The client is not known.")
        if asked["redirect_uri"] != client.redirect_uri:
            raise RefusedError(f"People are not sent back to {asked['redirect_uri']}, only to {client.redirect_uri}.")
        if (asked["response_type"], asked["code_challenge_method"]) != ("code", "S256"):
            raise RefusedError("Only codes are given, with a challenge by S256.")
        if set(asked["scope"].split()) != {"openid", "profile", "email"}:
            raise RefusedError("The scopes are openid, profile and email.")

    def grant(self, provider: str, asked: dict[str, str], email: str, kind: str) -> str:
        """A code for somebody; tests call it too."""
        code = secrets.token_urlsafe(24)
        said = claims_of(provider, email, kind)
        self.grants[code] = Grant(provider, asked, said, time.time() + CODE_SECONDS)
        return code

    def exchange(self, provider: str, tenant: str, given: dict[str, str]) -> dict[str, Any]:
        client, grant = self.clients[provider], self.grants.pop(given.get("code", ""), None)
        if set(given) != EXCHANGED or given["grant_type"] != "authorization_code":
            raise RefusedError("invalid_request")
        if (given["client_id"], given["client_secret"]) != (client.client_id, client.secret):
            raise RefusedError("invalid_client")
        hashed = hashlib.sha256(given["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(hashed).decode().rstrip("=")
        if grant is None or grant.provider != provider or grant.until < time.time():
            raise RefusedError("invalid_grant")
        if (grant.asked["redirect_uri"], grant.asked["code_challenge"]) != (given["redirect_uri"], challenge):
            raise RefusedError("invalid_grant")
        return {
            "access_token": secrets.token_urlsafe(24),
            "token_type": "Bearer",
            "expires_in": TOKEN_SECONDS,
            "id_token": self.signer.sign(self.claims(tenant, grant)),
        }

    def claims(self, tenant: str, grant: Grant) -> Claims:
        issuer = str(self.configuration(grant.provider, tenant)["issuer"])
        now = int(time.time())
        said = {
            "iss": issuer.replace("{tenantid}", grant.said.get("tid", "")),
            "aud": grant.asked["client_id"],
            "iat": now,
            "exp": now + TOKEN_SECONDS,
            "nonce": grant.asked["nonce"],
            **grant.said,
            **self.changes,
        }
        return {name: value for name, value in said.items() if value is not None}


class Handler(standins.Handler):
    """One request."""

    server: Server

    def answer(self, url: SplitResult, body: str) -> Answer:
        form = dict(parse_qsl(body, keep_blank_values=True))
        provider, tenant, what = split(url.path)
        self.server.asked[what] += 1
        if self.server.is_down:
            return as_json({"error": "temporarily_unavailable"}, 503)
        if what == "authorize":
            return self.authorize(provider, dict(parse_qsl(url.query)), form)
        return self.tell(provider, tenant, what, form)

    def tell(self, provider: str, tenant: str, what: str, form: dict[str, str]) -> Answer:
        if provider in self.server.clients and what == "configuration":
            return as_json(self.server.configuration(provider, tenant))
        if provider in self.server.clients and what == "keys":
            return as_json({"keys": [self.server.shown.public()]})
        if provider in self.server.clients and (self.command, what) == ("POST", "token"):
            try:
                return as_json(self.server.exchange(provider, tenant, form))
            except RefusedError as refused:
                return as_json({"error": str(refused)}, 400)
        return as_json({"error": "not_found"}, 404)

    def authorize(self, provider: str, asked: dict[str, str], form: dict[str, str]) -> Answer:
        try:
            self.server.check(provider, asked)
        except RefusedError as refused:
            return as_html(who_page("", error=str(refused)), 400)
        back = {"state": asked["state"]}
        if form.get("action") == "cancel":
            return redirect(f"{asked['redirect_uri']}?{urlencode({**back, 'error': 'access_denied'})}")
        email, kind = form.get("email", "").strip(), form.get("kind", "")
        if self.command == "GET" or "@" not in email or kind not in KINDS[provider]:
            return as_html(who_page(provider))
        code = self.server.grant(provider, asked, email, kind)
        return redirect(f"{asked['redirect_uri']}?{urlencode({**back, 'code': code})}")


def split(path: str) -> tuple[str, str, str]:
    """Whose address it is, of which directory, and what is asked for; "" where it is none."""
    match path.strip("/").split("/"):
        case ["google", ".well-known", "openid-configuration"]:
            return "google", "", "configuration"
        case ["microsoft", tenant, "v2.0", ".well-known", "openid-configuration"]:
            return "microsoft", tenant, "configuration"
        case ["google", ("authorize" | "token" | "keys") as what]:
            return "google", "", what
        case ["microsoft", tenant, ("authorize" | "token" | "keys") as what]:
            return "microsoft", tenant, what
    return "", "", ""


def as_json(values: dict[str, Any], status: int = 200) -> Answer:
    return status, "application/json", json.dumps(values).encode(), {"Cache-Control": "no-store"}


def as_html(text: str, status: int = 200) -> Answer:
    return status, "text/html; charset=utf-8", text.encode(), {"Cache-Control": "no-store"}
