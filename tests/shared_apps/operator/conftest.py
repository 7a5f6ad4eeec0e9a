"""An operator, and what they sign in with."""

import pytest
from django.test import Client

from shared_apps.accounts.models import User
from shared_apps.audit.services import Actor
from shared_apps.operator import services
from tenants.models import Network
from tests.builders.accounts import client_of, make_account


@pytest.fixture
def operator(db: None) -> User:
    """Someone who runs the platform and is a member nowhere."""
    return make_account(email="olive@platform.example", name="Olive Operator", operator=True)


@pytest.fixture
def console(operator: User) -> Client:
    """The operator's browser on the platform's host."""
    return client_of(operator, "platform")


@pytest.fixture
def rowan(db: None) -> Network:
    """A network that was asked for and is not live."""
    return services.request_network(
        name="Rowan", subdomain="rowan", owner_email="owner@rowan.example", by=Actor.system("command")
    )
