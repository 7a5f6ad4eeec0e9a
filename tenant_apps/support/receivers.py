"""Has owners told of support access, in the transaction that changes it."""

from typing import Any

from shared_apps.grants.models import SupportGrant
from tenant_apps.support import tasks
from tenants.enums import NetworkState


def on_grant_changed(*, grant: SupportGrant, **_: Any) -> None:
    """Write the emails in a job; a network that is off line sends nothing."""
    if grant.network.state == NetworkState.LIVE:
        tasks.tell_owners.enqueue(grant_id=grant.id, state=grant.state)
