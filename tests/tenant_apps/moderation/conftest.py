"""Who writes, reports and decides."""

import pytest

from tenant_apps.members.enums import Role
from tenant_apps.members.models import Member
from tenants.models import Network
from tests.builders.members import make_member


@pytest.fixture
def people(alder: Network) -> dict[str, Member]:
    """An author, a reader and two moderators of alder."""
    return {
        "author": make_member(alder, name="Ada Author"),
        "reader": make_member(alder, name="Rita Reader"),
        "moderator": make_member(alder, name="Mo Derator", role=Role.MODERATOR),
        "owner": make_member(alder, name="Olu Owner", role=Role.OWNER),
    }
