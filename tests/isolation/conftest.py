"""The world of two networks, made once for all tests of this folder that roll back."""

import logging
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


@pytest.fixture(autouse=True)
def _without_limits(settings) -> None:
    """Limits count in the `default` cache; a crawl would meet them, and they have tests of their own."""
    settings.CACHES = {**settings.CACHES, "default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """What is refused is logged, thousands of times here."""
    logger = logging.getLogger("django.request")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    yield
    logger.setLevel(level)
