"""A domain of a network, and name servers that know it."""

from collections.abc import Iterator

import pytest

from shared_apps.domains.models import OwnDomain
from tenant_apps.members.models import Member
from tenants.models import Network
from tests.builders.dns import NameServer, name_server
from tests.builders.domains import claim


@pytest.fixture
def servers() -> Iterator[NameServer]:
    """Name servers that know where both networks are."""
    with name_server() as server:
        for name in ("alder", "birch"):
            server.point(f"{name}.localhost")
        yield server


@pytest.fixture
def domain(alder: Network, owner: Member) -> OwnDomain:
    """A domain that alder's owner claims and nobody has proved."""
    return claim(alder)
