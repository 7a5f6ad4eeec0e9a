"""An operator, and what a network has."""

import pytest
from django.test import Client

from shared_apps.accounts.models import User
from shared_apps.billing import selectors
from shared_apps.billing.models import Subscription
from tests.builders.accounts import client_of, make_account


@pytest.fixture
def subscription(alder) -> Subscription:
    """Alder's, on trial."""
    return selectors.subscription_of(alder)


@pytest.fixture
def operator(db: None) -> User:
    """Someone who runs the platform and is a member nowhere."""
    return make_account(email="olive@platform.example", name="Olive Operator", operator=True)


@pytest.fixture
def console(operator: User) -> Client:
    """The operator's browser on the platform's host."""
    return client_of(operator, "platform")
