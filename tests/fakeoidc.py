"""The stand-in for Google and Microsoft on a port of its own, and people who go there and come back."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from django.test import Client

from config.fakeoidc.server import Client as Application
from config.fakeoidc.server import Server, Signer
from shared_apps.accounts.providers import forget_published
from tenants.selectors import url_of


@dataclass
class Providers:
    """The stand-in, and the way there and back."""

    server: Server

    def ask(self, client: Client, path: str = "/sign-in/google/", **form: str) -> str:
        """Press the button of a page of ours; return the address at the provider that it leads to."""
        return client.post(path, form)["Refresh"].removeprefix("0; url=")

    def answer(self, url: str, email: str, kind: str) -> str:
        """Be somebody at the provider; return the path with which they are sent back."""
        back = requests.post(url, data={"email": email, "kind": kind}, allow_redirects=False, timeout=10)
        parts = urlsplit(back.headers["Location"])
        return f"{parts.path}?{parts.query}"

    def sign_in(self, client: Client, email: str, kind: str = "", *, provider: str = "google", **form: str):
        """Go the whole way; return what our callback answers."""
        kind = kind or {"google": "workspace", "microsoft": "proved"}[provider]
        return client.get(self.answer(self.ask(client, f"/sign-in/{provider}/", **form), email, kind))


def asked_at(url: str) -> dict[str, str]:
    """Return what an address at the provider asks."""
    return dict(parse_qsl(urlsplit(url).query))


@pytest.fixture(scope="session")
def _signer() -> Signer:
    """A key costs a moment to find."""
    return Signer()


@pytest.fixture
def providers(settings, _signer: Signer) -> Iterator[Providers]:
    """A stand-in at which this installation has IDs, and of which it remembers nothing yet."""
    forget_published()
    clients = {
        name: Application(f"{name}-id", f"{name}-secret", url_of("localhost", f"/sign-in/{name}/callback/"))
        for name in ("google", "microsoft")
    }
    with Server(clients, signer=_signer).running() as server:
        addresses = {"google": f"{server.url}/google", "microsoft": f"{server.url}/microsoft/organizations/v2.0"}
        settings.SIGN_IN_PROVIDERS = {
            name: {"client_id": f"{name}-id", "secret": f"{name}-secret", "server_url": addresses[name]}
            for name in clients
        }
        yield Providers(server)
