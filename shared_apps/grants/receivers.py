"""Support access ends with the network's life, and with the operator's sign-in."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from shared_apps.accounts.models import User
from shared_apps.accounts.selectors import actor_of
from shared_apps.audit.services import Actor
from shared_apps.grants import services
from shared_apps.grants.enums import OPEN, GrantState
from shared_apps.grants.models import SupportGrant
from tenants.enums import NetworkState
from tenants.models import Network


def on_network_changed(*, network: Network, **_: Any) -> None:
    """End what is open in a network that answers no more."""
    if network.state in (NetworkState.SUSPENDED, NetworkState.CLOSED):
        _end(network=network, state__in=OPEN, by=Actor.system())


def on_signed_out(*, request: HttpRequest | None, user: User | None, **_: Any) -> None:
    """End an operator's visits: on a network's host that one, on the platform's all of them."""
    if request is None or user is None or not user.is_operator:
        return
    here = {"network": request.network} if request.network else {}
    _end(account_id=user.pk, state=GrantState.ALLOWED, by=actor_of(request), **here)


def on_signed_out_everywhere(*, account: User, **_: Any) -> None:
    """End all of an operator's visits."""
    if account.is_operator:
        _end(account_id=account.pk, state=GrantState.ALLOWED, by=Actor.system())


def _end(*, by: Actor, **which: Any) -> None:
    found = SupportGrant.objects.filter(**which).select_related("network", "account")
    services.end_all(list(found), now=timezone.now(), by=by)
