"""The only door from one schema to another.

Context outside, transaction inside, evaluate before leaving. Entering another schema inside an open transaction is
refused, because what was begun in one network would be committed with another's. Who may do it, by name
(`joining_transaction=True`), is in ARCHITECTURE.md with the reasons.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ImproperlyConfigured
from django.db import connection, connections, transaction

from tenants.enums import Kind, NetworkState
from tenants.ids import random_id

if TYPE_CHECKING:
    from tenants.models import Network

PUBLIC_SCHEMA = "public"
COLLECTIVE_SCHEMA = "collective"


class WrongSchemaError(Exception):
    """Something of one schema was used in another; the code that did it must change."""


class OpenTransactionError(Exception):
    """Another schema was entered inside an open transaction."""


def check_backend() -> None:
    """Refuse to start on a database backend that does not know schemas."""
    if not hasattr(connection, "set_tenant"):
        raise ImproperlyConfigured("DATABASES must use django_tenants.postgresql_backend.")


@dataclass(frozen=True, slots=True)
class Place:
    """A schema that has no row: public, the Collective, one that is being made."""

    schema_name: str
    tenant_type: str

    def get_tenant_type(self) -> str:
        """Return the kind; django-tenants asks for it."""
        return self.tenant_type


class _Here(threading.local):
    """The schema of this thread's connection, kept where reading it takes no time: every loaded row asks for it."""

    schema = PUBLIC_SCHEMA


_here = _Here()


def note_schema(switched: Any, tenant: Any) -> None:
    """Remember the schema; django-tenants calls it at every switch (EXTRA_SET_TENANT_METHOD_PATH).

    A connection beside the one in use, such as a copy, begins in public and says nothing of it.
    """
    in_use = connections.all(initialized_only=True)
    if not in_use or switched in in_use:
        _here.schema = tenant.schema_name


def current_schema() -> str:
    """Return the schema that unqualified tables are looked up in first."""
    return _here.schema


def current_kind() -> Kind:
    """Return the kind of the current schema."""
    tenant_type = connection.tenant.get_tenant_type()
    return Kind(tenant_type) if tenant_type else Kind.PUBLIC


def current_network() -> "Network | None":
    """Return the network whose schema is current, None in the public and the collective schema."""
    return connection.tenant if current_kind() == Kind.NETWORK else None


def this_network() -> "Network":
    """Return the network whose schema is current; raises WrongSchemaError in the public and the collective schema."""
    network = current_network()
    if network is None:
        raise WrongSchemaError(f"This happens in a network, not in {current_schema()}.")
    return network


@contextmanager
def in_network(network: "Network", *, joining_transaction: bool = False) -> Iterator["Network"]:
    """Work in a network's schema; raises OpenTransactionError inside a transaction begun elsewhere."""
    if current_schema() != network.schema_name and not joining_transaction:
        refuse_open_transaction(network.schema_name)
    with entered(network):
        yield network


@contextmanager
def in_collective(*, joining_transaction: bool = False) -> Iterator[None]:
    """Work in the Collective's schema; `joining_transaction` is for `sharing` alone."""
    if current_schema() != COLLECTIVE_SCHEMA and not joining_transaction:
        refuse_open_transaction(COLLECTIVE_SCHEMA)
    with entered(Place(COLLECTIVE_SCHEMA, tenant_type=Kind.COLLECTIVE)):
        yield


@contextmanager
def in_public() -> Iterator[None]:
    """Work in the public schema, where no network's table can be reached by a bare name."""
    with entered(Place(PUBLIC_SCHEMA, tenant_type=Kind.PUBLIC)):
        yield


def each_network(*states: NetworkState) -> Iterator["Network"]:
    """Enter every network in turn, by default those that are live; the list is read before the first is entered.

    A loop that ends early may be closed much later, when its frame is forgotten; it then disturbs nobody.
    """
    from tenants.models import Network

    wanted, outside = states or (NetworkState.LIVE,), connection.tenant
    for network in list(Network.objects.filter(type=Kind.NETWORK, state__in=wanted).order_by("created_at")):
        refuse_open_transaction(network.schema_name)
        connection.set_tenant(network)
        try:
            yield network
        finally:
            if connection.tenant is network:
                connection.set_tenant(outside)


def on_commit_here(callback: Callable[[], Any]) -> None:
    """Run `callback` after the commit, in the schema where it was registered."""
    transaction.on_commit(partial(_run_in, connection.tenant, callback))


@contextmanager
def in_scratch_schema() -> Iterator[None]:
    """Work in an empty schema like the Collective's that is never committed, so that even a kill leaves nothing."""
    name = f"scratch_{random_id().hex}"
    with transaction.atomic():
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"CREATE SCHEMA {name}")
            with entered(Place(name, tenant_type=Kind.COLLECTIVE)):
                yield
        finally:
            transaction.set_rollback(True)


def leave() -> None:
    """Return the connection to the public schema, after a response or a job."""
    if current_schema() != PUBLIC_SCHEMA or current_kind() != Kind.PUBLIC:
        connection.set_tenant(Place(PUBLIC_SCHEMA, tenant_type=Kind.PUBLIC))


def enter_for_request(network: "Network | None", kind: Kind) -> None:
    """Enter a host's schema until `leave()`; for the middleware and the job worker only."""
    tenant = network if network is not None else Place(_schema_of(kind), tenant_type=kind)
    connection.set_tenant(tenant)


def _schema_of(kind: Kind) -> str:
    return COLLECTIVE_SCHEMA if kind == Kind.COLLECTIVE else PUBLIC_SCHEMA


def _run_in(tenant: Any, callback: Callable[[], Any]) -> None:
    with entered(tenant):
        callback()


@contextmanager
def entered(tenant: Any) -> Iterator[None]:
    """Switch schema and back, without the guard; for this package alone. Staying where we are costs no round trip."""
    previous = connection.tenant
    if previous.schema_name != tenant.schema_name or previous.get_tenant_type() != tenant.get_tenant_type():
        connection.set_tenant(tenant)
    try:
        yield
    finally:
        if connection.tenant is not previous:
            connection.set_tenant(previous)


def stay_in(tenant: Any) -> None:
    """Be in the same schema on the connection that took another's place; for `roles` alone."""
    connection.set_tenant(tenant)


def refuse_open_transaction(what: str) -> None:
    """Raise OpenTransactionError inside a transaction that product code began."""
    # The atomic block that a test case wraps around itself is not one that product code opened.
    opened = [block for block in connection.atomic_blocks if not block._from_testcase]
    if opened:
        raise OpenTransactionError(f"{what} was entered inside a transaction begun in {current_schema()}.")
