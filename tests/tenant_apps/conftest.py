"""Who organises alder, and what its owner looks at the pages with."""

import pytest
from django.test import Client

from tenant_apps.members.enums import Role
from tenant_apps.members.models import Member
from tenants.models import Network
from tests.builders.members import client_of, make_member


@pytest.fixture
def helen(alder: Network) -> Member:
    """Who organises alder and does not own it."""
    return make_member(alder, name="Helen Marsh", role=Role.ORGANISER)


@pytest.fixture
def browser(alder: Network, owner: Member) -> Client:
    """The owner's browser in alder."""
    return client_of(owner, alder)
