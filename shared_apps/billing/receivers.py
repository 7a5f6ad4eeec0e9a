"""Follows what becomes of a network, in the transaction that changes it."""

from typing import Any

from shared_apps.billing import services
from tenants.enums import NetworkState
from tenants.models import Network


def on_network_changed(*, network: Network, **_: Any) -> None:
    """Have a network that was closed charged nothing any more."""
    if network.state == NetworkState.CLOSED:
        services.end_charges(network)
