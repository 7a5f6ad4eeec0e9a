"""A member of alder who has a school."""

import pytest

from tenant_apps.members.models import Member
from tenants.models import Network
from tests.builders.members import MOOR_END, make_member


@pytest.fixture
def priya(alder: Network) -> Member:
    return make_member(alder, name="Priya Raman", school=MOOR_END)
