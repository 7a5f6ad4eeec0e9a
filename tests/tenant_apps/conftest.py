"""What owners look at the pages with that only they have."""

import pytest
from django.test import Client

from tenant_apps.members.models import Member
from tenants.models import Network
from tests.builders.members import client_of


@pytest.fixture
def browser(alder: Network, owner: Member) -> Client:
    """The owner's browser in alder."""
    return client_of(owner, alder)
