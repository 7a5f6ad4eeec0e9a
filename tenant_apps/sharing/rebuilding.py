"""Makes the Collective's publications anew from the networks, and finds where the two differ.

A network is rebuilt in one transaction in which nothing else of it is shared or withdrawn, so that a rebuild never
brings back what somebody has just taken back.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from collective.index.selectors import differing_entries
from collective.publications import selectors as published
from collective.publications import services as publications
from collective.publications.drafts import Draft
from tenant_apps.sharing import services
from tenant_apps.sharing.models import SharedItem
from tenants.context import in_collective, in_network
from tenants.enums import NetworkState
from tenants.models import Network
from tenants.selectors import networks


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What was done for one network."""

    network: str
    written: int
    removed: int


def rebuild() -> Iterator[Rebuilt]:
    """Rebuild one network after the other."""
    for network in _sharing_networks():
        with in_network(network), transaction.atomic():
            drafts = _drafts(services.drafts_held_still())
            with in_collective(joining_transaction=True):
                removed = _write(network, drafts)
        yield Rebuilt(network.subdomain, len(drafts), removed)


def find_drift() -> list[str]:
    """Return one line for each difference, with ids only."""
    drift = []
    for network in _sharing_networks():
        drafts = _drafts_of(network)
        with in_collective():
            drift += _compare(network, drafts)
    with in_collective():
        drift += [f"reply {reply_id}: its publication is not there" for reply_id in published.stray_reply_ids()]
        drift += [f"publication {each}: search and publications disagree" for each in differing_entries()]
    return drift


def _write(network: Network, drafts: dict[UUID, Draft]) -> int:
    publications.save_origin(network, is_visible=network.state == NetworkState.LIVE)
    for publication_id, draft in drafts.items():
        publications.publish(draft, origin_id=network.id, publication_id=publication_id)
    return publications.forget_strays(network.id, keep=set(drafts))


def _compare(network: Network, drafts: dict[UUID, Draft]) -> list[str]:
    shown = {each.id: each for each in published.publications_of(network.id)}
    drift = [f"publication {each}: shown, but {network.subdomain} does not share it" for each in shown.keys() - drafts]
    drift += [f"publication {each}: {network.subdomain} shares it, but it is missing" for each in drafts.keys() - shown]
    for publication_id in shown.keys() & drafts:
        wrong = published.differing_fields(shown[publication_id], drafts[publication_id])
        if wrong:
            drift.append(f"publication {publication_id}: differs in {', '.join(wrong)}")
    origin = published.get_origin(network.id)
    if origin is None or (origin.name, origin.is_visible) != (network.name, network.state == NetworkState.LIVE):
        drift.append(f"network {network.subdomain}: the Collective shows another name or state of it")
    return drift


def _drafts_of(network: Network) -> dict[UUID, Draft]:
    with in_network(network):
        return _drafts(services.drafts_of_network())


def _drafts(shared: list[tuple[SharedItem, Draft]]) -> dict[UUID, Draft]:
    return {item.publication_id: draft for item, draft in shared}


def _sharing_networks() -> list[Network]:
    return [each for each in networks() if each.state in (NetworkState.LIVE, NetworkState.SUSPENDED)]
