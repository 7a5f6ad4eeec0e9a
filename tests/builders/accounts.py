"""Accounts, their access to networks, and clients that are signed in on one host."""

from contextlib import AbstractContextManager

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client

from shared_apps.accounts import services
from shared_apps.accounts.models import User
from shared_apps.accounts.sessions import SessionStore
from shared_apps.audit.services import Actor
from tenants import context, selectors
from tenants.models import Network

PASSWORD = "three words apart"


def make_account(
    *networks: Network, email: str = "priya@school.example", name: str = "Priya Raman", operator: bool = False
) -> User:
    """Return an account with access to these networks; its password is PASSWORD."""
    account = services.get_or_create_account(email, name, verified=True)
    account.set_password(PASSWORD)
    account.is_operator = operator
    account.save()
    for network in networks:
        services.grant_access(account_id=account.pk, network=network, display_name=name)
    return User.objects.with_networks().get(pk=account.pk)


def sign_in(client: Client, account: User, place: Network | str) -> Client:
    """Begin a session for the account on a network, "collective" or "platform", and hand the client its cookie."""
    with schema_of(place):
        session = SessionStore()
        session[SESSION_KEY] = str(account.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = account.get_session_auth_hash()
        session.create()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


def client_of(account: User, place: Network | str) -> Client:
    """Return a client of a host with the account signed in."""
    return sign_in(Client(headers={"host": host_of(place)}), account, place)


def host_of(place: Network | str) -> str:
    """Return the host name of a network, of "collective" or of "platform"."""
    if isinstance(place, Network):
        return selectors.host_of(place)
    return selectors.collective_host() if place == "collective" else selectors.host_of(None)


def schema_of(place: Network | str) -> AbstractContextManager:
    """Enter the schema of a network, of "collective" or of "platform"."""
    if isinstance(place, Network):
        return context.in_network(place)
    return context.in_collective() if place == "collective" else context.in_public()


def token_client(account: User, place: Network | str, *, on: Network | str | None = None) -> Client:
    """Return a client with a new token of the account: a network's or, for "platform", an operator's.

    It calls the place the token is of, or the host of `on`.
    """
    if isinstance(place, Network):
        made = services.create_network_token(account, network_id=place.id, name="test", by=Actor.system())
    else:
        made = services.create_operator_token(account, name="test", by=Actor.system())
    return client_with(made.secret, on or place)


def client_with(secret: str, place: Network | str) -> Client:
    """Return a client of a host that sends this token."""
    return Client(headers={"host": host_of(place), "authorization": f"Bearer {secret}"}, raise_request_exception=False)
