"""Follows what becomes of a network, in the transaction that changes it."""

from typing import Any

from shared_apps.billing import selectors, tasks
from tenants.enums import NetworkState
from tenants.models import Network


def on_network_changed(*, network: Network, **_: Any) -> None:
    """Have a network that was closed charged nothing any more."""
    if network.state == NetworkState.CLOSED:
        subscription = selectors.get_subscription(network.id)
        if subscription is not None and subscription.stripe_customer is not None:
            tasks.stop_charging.enqueue(subscription_id=subscription.id)
