"""A network that was asked for."""

import pytest

from shared_apps.audit.services import Actor
from shared_apps.operator import services
from tenants.models import Network


@pytest.fixture
def rowan(db: None) -> Network:
    """A network that was asked for and is not live."""
    return services.request_network(
        name="Rowan", subdomain="rowan", owner_email="owner@rowan.example", by=Actor.system("command")
    )
