"""What notifications do when something happens to a member."""

from typing import Any

from tenant_apps.members.models import Member
from tenant_apps.members.permissions import is_active
from tenant_apps.notifications import services, tasks
from tenants.models import Network


def on_member_changed(*, member: Member, **_: Any) -> None:
    """Read what is held of somebody whose address nobody here had until they joined, in the transaction that joins."""
    if is_active(member):
        services.read_held_of(member.email)


def on_writable_again(*, network: Network, **_: Any) -> None:
    """Have what came in while the network was read-only read by a job, in the transaction that ends it."""
    tasks.read_waiting.enqueue_for(network.id)
