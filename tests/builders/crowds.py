"""Many members at once, who follow one thing."""

from uuid import UUID

from shared_apps.accounts.models import NetworkAccess, User
from tenant_apps.members.models import Member
from tenant_apps.notifications.models import Follow
from tenants.context import in_network
from tenants.models import Network


def make_crowd(network: Network, number: int, *, following: UUID, kind: str = "discussion") -> list[Member]:
    """Return so many new members of a network who follow a thing."""
    people = [User(email=f"crowd{each}@{network.subdomain}.example", password="!") for each in range(number)]
    User.objects.bulk_create(people)
    NetworkAccess.objects.bulk_create(
        NetworkAccess(account=each, network=network, display_name=each.email) for each in people
    )
    with in_network(network):
        members = Member.objects.bulk_create(
            Member(account_id=each.id, name=each.email.partition("@")[0], email=each.email) for each in people
        )
        Follow.objects.bulk_create(Follow(member=each, kind=kind, object_id=following) for each in members)
    return members
