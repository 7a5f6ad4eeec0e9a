"""Fixtures for all: two networks, `alder` and `birch`, which are in the template database, and people in charge."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.test import Client

from shared_apps.accounts.models import User
from tenant_apps.members.enums import Role
from tenant_apps.members.models import Member
from tenants import context, lifecycle, roles, services
from tenants.enums import NetworkState
from tenants.middleware import forget_hosts
from tenants.models import Network
from tests import cluster
from tests.builders.accounts import client_of, host_of, make_account
from tests.builders.members import make_member
from tests.cluster import django_db_setup  # noqa: F401 - pytest finds fixtures by their names here
from tests.fakeoidc import _signer, providers  # noqa: F401 - fixtures too
from tests.fakestripe import stand_in  # noqa: F401 - a fixture too
from tests.pace import (  # noqa: F401 - and hooks
    _static_files_are_listed_once,
    pytest_collection_finish,
    pytest_collection_modifyitems,
    pytest_runtest_logreport,
    pytest_terminal_summary,
)
from tests.roles import owner_within_tests  # noqa: F401 - and this
from tests.till import till  # noqa: F401 - and this

NETWORKS = {"alder": "Alder SBM Network", "birch": "Birch Bursars"}


def make_networks() -> None:
    """Onboard the two networks once, into the template that every test's database is copied from."""
    for subdomain, name in NETWORKS.items():
        network = services.request_network(
            name=name, subdomain=subdomain, owner_email=f"owner@{subdomain}.example", region="West Midlands"
        )
        lifecycle.advance(network)


cluster.fillers.append(make_networks)


@pytest.fixture(scope="session", autouse=True)
def _own_media(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What tests upload is kept apart from what people did, and thrown away."""
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")


@pytest.fixture(autouse=True)
def _fresh_hosts() -> Iterator[None]:
    """No test sees what another remembered of a host or in a network's cache, nor runs in its schema."""
    forget_hosts()
    LocMemCache.clear(caches["network"])  # of every network
    yield
    forget_hosts()
    context.leave()


@pytest.fixture
def alder(db: None) -> Network:
    """A live network."""
    return _live("alder")


@pytest.fixture
def birch(db: None) -> Network:
    """Another live network, whose content must never show in the first."""
    return _live("birch")


@pytest.fixture
def in_alder(alder: Network) -> Iterator[Network]:
    """The whole test runs in alder's schema."""
    with context.in_network(alder):
        yield alder


@pytest.fixture
def as_owner(db: None) -> Iterator[None]:
    """The whole test works as the role that makes and removes tables."""
    with roles.as_owner():
        yield


@pytest.fixture
def client_for() -> Callable[..., Client]:
    """Return a maker of test clients bound to a host: a network, "collective" or "platform"."""

    def make(place: Network | str, **extra: Any) -> Client:
        return Client(headers={"host": host_of(place)}, **extra)

    return make


@pytest.fixture
def owner(alder: Network) -> Member:
    """Who owns alder."""
    return make_member(alder, name="Olu Owner", role=Role.OWNER)


@pytest.fixture
def operator(db: None) -> User:
    """Someone who runs the platform and is a member nowhere."""
    return make_account(email="olive@platform.example", name="Olive Operator", operator=True)


@pytest.fixture
def console(operator: User) -> Client:
    """The operator's browser on the platform's host."""
    return client_of(operator, "platform")


def _live(subdomain: str) -> Network:
    network = Network.objects.get(subdomain=subdomain)
    assert network.state == NetworkState.LIVE
    return network
