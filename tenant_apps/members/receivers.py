"""What members do when something happens elsewhere."""

from typing import Any

from django.dispatch import receiver
from django.http import HttpRequest

from shared_apps.api.signals import token_accepted
from shared_apps.schools.signals import register_imported
from tenant_apps.members.selectors import member_of_account
from tenant_apps.members.tasks import refresh_schools
from tenants.enums import NetworkState
from tenants.selectors import networks


@receiver(register_imported)
def refresh_postings(**kwargs: Any) -> None:
    """Let every live network look again at the schools its postings name."""
    for network in networks():
        if network.state == NetworkState.LIVE:
            refresh_schools.enqueue_for(network.id)


@receiver(token_accepted)
def find_member(*, request: HttpRequest, **kwargs: Any) -> None:
    """Set `request.member` for the program that a token speaks for."""
    if request.network is not None:
        member = member_of_account(request.user.pk)
        request.member = member.acting_as(request.actor) if member else None
