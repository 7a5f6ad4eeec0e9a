"""The world of two networks, made once for all tests of this folder that roll back."""

from collections.abc import Iterator

import pytest

from tenants.middleware import forget_hosts
from tenants.models import Network
from tests import cluster
from tests.isolation.world import World, build


@pytest.fixture(scope="package")
def built(django_db_setup, django_db_blocker) -> Iterator[World]:
    """Fill the database itself, and make it anew at the end."""
    with django_db_blocker.unblock():
        forget_hosts()
        yield build(Network.objects.get(subdomain="alder"), Network.objects.get(subdomain="birch"))
        cluster.copy(cluster.ensure_template(), cluster.database_name())


@pytest.fixture
def world(built: World, db: None) -> World:
    """The world, in a transaction that is rolled back."""
    return built
