"""Forgetting, in each kind of schema, from where things were done."""

from datetime import time

from django.utils import timezone

from shared_apps.audit import services
from shared_apps.jobs.tasks import periodic
from tenants.roles import as_owner


@periodic("audit.address.forget", at=time(3, 20), per_network=True)
def forget_network_addresses() -> None:
    """Clear old addresses from a network's events."""
    _forget()


@periodic("audit.address.forget_collective", at=time(3, 20), collective=True)
def forget_collective_addresses() -> None:
    """Clear old addresses from the Collective's events."""
    _forget()


@periodic("audit.address.forget_platform", at=time(3, 20))
def forget_platform_addresses() -> None:
    """Clear old addresses from the platform's events."""
    _forget()


def _forget() -> None:
    with as_owner():  # the app adds events and changes none
        services.forget_addresses(before=timezone.now() - services.ADDRESS_KEPT)
