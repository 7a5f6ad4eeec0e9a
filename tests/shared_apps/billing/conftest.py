"""What a network has."""

import pytest

from shared_apps.billing import selectors
from shared_apps.billing.models import Subscription


@pytest.fixture
def subscription(alder) -> Subscription:
    """Alder's, on trial."""
    return selectors.subscription_of(alder)
