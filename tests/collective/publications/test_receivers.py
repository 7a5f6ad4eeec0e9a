"""What the Collective shows of a network follows the network."""

from collective.publications.models import Origin
from shared_apps.audit.services import Actor
from shared_apps.operator.services import reactivate_network, suspend_network
from tenant_apps.members.enums import Role
from tenant_apps.members.services import update_branding
from tenants.context import in_collective, in_network
from tenants.models import Network
from tests.builders.members import make_member


def origin_of(network: Network) -> Origin:
    with in_collective():
        return Origin.objects.get(id=network.id)


def test_origin_follows_the_colour(alder: Network, birch: Network) -> None:
    owner = make_member(alder, name="Helen Marsh", role=Role.OWNER)
    before = origin_of(birch).colour

    with in_network(alder):
        update_branding(colour="#8f2d56", tagline="", welcome="", by=owner)

    assert (origin_of(alder).colour, origin_of(birch).colour) == ("#8f2d56", before)


def test_origin_is_hidden_while_its_network_is_suspended(alder: Network, birch: Network) -> None:
    by = Actor.system("command")

    suspend_network(alder, by=by)
    assert (origin_of(alder).is_visible, origin_of(birch).is_visible) == (False, True)

    reactivate_network(alder, by=by)
    assert origin_of(alder).is_visible
