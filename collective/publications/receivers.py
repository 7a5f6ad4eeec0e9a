"""Keeps what the Collective shows of a network true: its name, colour, and whether it is visible at all."""

from typing import Any

from collective.publications import services
from collective.publications.selectors import get_origin
from tenants.context import in_collective
from tenants.ending import Leaving
from tenants.enums import Kind, NetworkState
from tenants.models import Network


def on_network_changed(*, network: Network, **_: Any) -> None:
    """Follow a change of a network the Collective knows; a suspended network's publications are hidden, not deleted.

    It joins the transaction of the change, because the two must not disagree; it writes only the network's own row.
    """
    if network.type != Kind.NETWORK or network.state not in _SETTLED:
        return
    with in_collective(joining_transaction=True):
        if get_origin(network.id) is not None:
            services.save_origin(network, is_visible=network.state == NetworkState.LIVE)


def on_network_deleted(leaving: Leaving) -> None:
    """Take back what it shared, or keep it without its name; a step of deletion."""
    act = services.keep_after_closing if leaving.keeps_publications else services.take_all_back
    with in_collective():
        act(leaving.network.id)


_SETTLED = (NetworkState.LIVE, NetworkState.SUSPENDED, NetworkState.CLOSED)
