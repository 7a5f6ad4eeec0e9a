"""What members do when something happens elsewhere."""

from typing import Any

from django.dispatch import receiver

from shared_apps.schools.signals import register_imported
from tenant_apps.members.tasks import refresh_schools
from tenants.enums import NetworkState
from tenants.selectors import networks


@receiver(register_imported)
def refresh_postings(**kwargs: Any) -> None:
    """Let every live network look again at the schools its postings name."""
    for network in networks():
        if network.state == NetworkState.LIVE:
            refresh_schools.enqueue_for(network.id)
