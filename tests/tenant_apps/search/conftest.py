"""Two members of alder, and one of birch."""

import pytest

from tenant_apps.members.models import Member
from tenants.models import Network
from tests.builders.members import make_member


@pytest.fixture
def priya(alder: Network) -> Member:
    return make_member(alder, name="Priya Raman", school="Moor End Primary School")


@pytest.fixture
def tom(alder: Network) -> Member:
    return make_member(alder, name="Tom Whitlock", school="Hillside School", role="moderator")


@pytest.fixture
def martin(birch: Network) -> Member:
    return make_member(birch, name="Martin Bayliss", school="Ashcroft School")
