"""Deleting a network, step by step, so that it can be killed anywhere and finished later.

Each step commits by itself and finds its own work done when it runs again. Apps above register theirs in
`AppConfig.ready`; what merely points at the network in `public` goes without a word, by the last step.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import ForeignObjectRel

from tenants import context, schema
from tenants.enums import NetworkState
from tenants.lifecycle import WrongStateError, exclusively, set_state
from tenants.models import Domain, Network
from tenants.selectors import host_of


@dataclass(frozen=True, slots=True)
class Leaving:
    """A network that is deleted, and what was decided about what it shared with others."""

    network: Network
    keeps_publications: bool


@dataclass(frozen=True, slots=True)
class Ending:
    """One step of deletion: `run` is idempotent, and is called in the public schema outside a transaction."""

    name: str
    run: Callable[[Leaving], Any]
    order: int


Look = Callable[[], dict[str, Any]]

_endings: dict[str, Ending] = {}
_looks: list[Look] = []


def register_ending(ending: Ending) -> None:
    """Add a step to the registry; a second one of the same name replaces the first."""
    _endings[ending.name] = ending


def endings() -> list[Ending]:
    """Return every step in the order of running."""
    return sorted(_endings.values(), key=lambda ending: (ending.order, ending.name))


def register_look(look: Look) -> None:
    """Add what is asked of a network before it is deleted, in its schema: counts, and ids of accounts."""
    if look not in _looks:
        _looks.append(look)


def look_at(network: Network) -> dict[str, Any]:
    """Return what there is of a network; nothing of it if its tables are gone."""
    found: dict[str, Any] = dict(schema.contents(network.schema_name))
    if has_schema(network):
        with context.in_network(network):
            for look in _looks:
                found |= look()
    return found


def delete_network(leaving: Leaving, *, finish: Callable[[], None]) -> None:
    """Delete everything of a closed network but the row that keeps its name; `finish` is in the last transaction.

    Raises WrongStateError for one that is not closed, AlreadyRunningError while another process works on it.
    """
    network = leaving.network
    with exclusively(network), context.in_public():
        network.refresh_from_db()
        if network.state != NetworkState.CLOSED:
            raise WrongStateError(f"{network.name} is {network.get_state_display().lower()}, not closed.")
        for ending in endings():
            ending.run(leaving)
        with transaction.atomic():
            finish()
            _forget_facts(network)
            set_state(network, NetworkState.DELETED)


def has_schema(network: Network) -> bool:
    """Whether a network's tables are still there, for a step that reads them and runs again."""
    return schema.has_tables(network.schema_name)


def _drop_schema(leaving: Leaving) -> None:
    schema.drop_schema(leaving.network.schema_name)


@transaction.atomic
def _drop_rows(leaving: Leaving) -> None:
    """Delete what points at the network in public; of its hosts the one stays that says that it has closed."""
    network = leaving.network
    Domain.objects.filter(tenant=network).exclude(domain=host_of(network)).delete()
    for relation in Network._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel) and relation.related_model is not Domain:
            relation.related_model._base_manager.filter(**{relation.field.name: network}).delete()


def _forget_facts(network: Network) -> None:
    network.owner_email, network.region = "", ""
    network.save(update_fields=["owner_email", "region"])


register_ending(Ending("schema", _drop_schema, order=70))
register_ending(Ending("rows", _drop_rows, order=80))
