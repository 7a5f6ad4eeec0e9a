"""What must hold before the product answers strangers."""

import logging
from contextlib import closing
from typing import Any

import psycopg2
from django.conf import settings

from shared_apps.accounts.models import User

logger = logging.getLogger("sbm.start")

DEMO_OPERATOR = "operator@example.org"
REPORTS_SEARCH_PATH = 180_000  # the first PostgreSQL that tells a pooler of it
ROUNDS = 10
DEMO_DOMAINS = ".example"  # reserved for examples: no account of a real person ends so


class DemoSignInsError(Exception):
    """Everybody knows the password of these accounts."""


class PoolError(Exception):
    """A pooler in front of the database would give one network's rows to another."""


def forget_owner() -> None:
    """A web server that was given the role that removes tables does not use it, and says so."""
    if settings.DATABASE_OWNER is not None:
        settings.DATABASE_OWNER = None
        logger.warning("A web server needs no DATABASE_OWNER_URL: give it to the worker and to commands alone.")


def refuse_demo_sign_ins(*, debug: bool) -> None:
    """Raise DemoSignInsError outside development when an account of the demo can sign in."""
    if not debug and is_demo_seeded():
        raise DemoSignInsError("The demo's sign-ins exist in this database, and their password is public: use another.")


def is_demo_seeded() -> bool:
    accounts = User.objects.filter(is_active=True)
    return (accounts.filter(email=DEMO_OPERATOR) | accounts.filter(email__endswith=DEMO_DOMAINS)).exists()


def refuse_unsafe_pool(parameters: dict[str, Any]) -> None:
    """Raise PoolError where a pooler shares connections without giving each client its own search_path back."""
    with closing(psycopg2.connect(**parameters)) as first, closing(psycopg2.connect(**parameters)) as second:
        first.autocommit = second.autocommit = True
        if not is_pooled(first) or is_pooled_by_session(first, second):
            return
        if first.server_version < REPORTS_SEARCH_PATH:
            raise PoolError(
                f"PostgreSQL {first.server_version // 10_000} reports no search_path, so that a pool of transactions "
                "would mix networks: use PostgreSQL 18, pool_mode = session, or no pooler."
            )
        if is_search_path_lost(first, second):
            raise PoolError("The pooler mixes networks: set track_extra_parameters = search_path (PgBouncer 1.20).")


def is_pooled(client: Any) -> bool:
    """Whether the server's process is another than the one that the connection was told of."""
    return client.get_backend_pid() != ask(client, "SELECT pg_backend_pid()")


def is_pooled_by_session(first: Any, second: Any) -> bool:
    """Whether each of two connections keeps a server process to itself."""
    pids = [(ask(first, "SELECT pg_backend_pid()"), ask(second, "SELECT pg_backend_pid()")) for _ in range(ROUNDS)]
    return len(set(pids)) == 1 and pids[0][0] != pids[0][1]


def is_search_path_lost(first: Any, second: Any) -> bool:
    """Whether one connection's search_path becomes another's."""
    paths = {first: "probe_a", second: "probe_b"}
    try:
        for client, path in paths.items():
            tell(client, f"SET search_path TO {path}")
        return any(ask(client, "SHOW search_path") != path for _ in range(ROUNDS) for client, path in paths.items())
    finally:
        for client in paths:
            tell(client, "RESET search_path")


def tell(client: Any, statement: str) -> None:
    with client.cursor() as cursor:
        cursor.execute(statement)


def ask(client: Any, question: str) -> Any:
    with client.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]
