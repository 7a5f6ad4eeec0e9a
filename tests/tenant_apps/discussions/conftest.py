"""Members of alder who may do everything, one of birch, what one of them asked, and what another types."""

from collections.abc import Callable

import pytest
from django.test import Client

from tenant_apps.discussions.models import Discussion
from tenant_apps.members import services as members
from tenant_apps.members.enums import Role
from tenant_apps.members.models import Member
from tenants.context import in_network
from tenants.models import Network
from tests.builders.discussions import make_discussion
from tests.builders.members import client_of, make_member


@pytest.fixture
def priya(alder: Network) -> Member:
    return make_member(alder, name="Priya Raman", school="Moor End Primary", days_here=30)


@pytest.fixture
def tom(alder: Network) -> Member:
    return make_member(alder, name="Tom Whitlock", days_here=30)


@pytest.fixture
def rob(alder: Network) -> Member:
    return make_member(alder, name="Rob Casey", role=Role.MODERATOR)


@pytest.fixture
def martin(birch: Network) -> Member:
    return make_member(birch, name="Martin Bayliss")


@pytest.fixture
def asked(alder: Network, priya) -> Discussion:
    with in_network(alder):
        return make_discussion(priya)


@pytest.fixture
def browser(alder: Network, tom) -> Client:
    return client_of(tom, alder)


@pytest.fixture
def form(asked) -> dict[str, str]:
    """What somebody typed into every field there is."""
    return {
        "kind": "discussion",
        "title": "Summer lettings",
        "body": "Who lets\r\nthe hall?",
        "category": str(asked.category_id),
        "tags": "hall, lettings",
        "poll-question": "Which week?",
        "poll-options": "First\r\nSecond",
        "poll-is_multiple": "on",
        "poll-closes_on": "2030-07-31",
    }


@pytest.fixture
def suspend(alder: Network) -> Callable[[Member], None]:
    """Return what takes a member's writing away."""
    owner = make_member(alder, name="Olu Owner", role=Role.OWNER)

    def act(member: Member) -> None:
        with in_network(alder):
            members.suspend_member(member, until=None, by=owner)

    return act
