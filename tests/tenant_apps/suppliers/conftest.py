"""A member of alder who has a school, and one who organises."""

import pytest

from tenant_apps.members.enums import Role
from tenant_apps.members.models import Member
from tenants.models import Network
from tests.builders.members import MOOR_END, make_member


@pytest.fixture
def priya(alder: Network) -> Member:
    return make_member(alder, name="Priya Raman", school=MOOR_END)


@pytest.fixture
def helen(alder: Network) -> Member:
    return make_member(alder, name="Helen Marsh", role=Role.ORGANISER)
