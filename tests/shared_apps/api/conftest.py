"""The sample resource, and no limits that an earlier test counted."""

import pytest
from django.core.cache import cache

from shared_apps.api.rest import openapi


@pytest.fixture
def sample_urls(settings):
    """Let every host answer with the sample resource."""
    kinds = {
        kind: {**parts, "URLCONF": "tests.shared_apps.api.sample"} for kind, parts in settings.TENANT_TYPES.items()
    }
    settings.TENANT_TYPES = kinds
    openapi.schema_of.cache_clear()
    yield
    openapi.schema_of.cache_clear()


@pytest.fixture(autouse=True)
def _no_limits(db):
    cache.clear()
