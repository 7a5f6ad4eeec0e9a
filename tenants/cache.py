"""The cache of product code: what one network keeps there, no other can read or clear."""

from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.db import connection


def owner_of_entries() -> str:
    """Return whose entries are in reach now: the network's id, because schema names can be used again."""
    return str(getattr(connection.tenant, "pk", None) or connection.schema_name)


def make_key(key: str, key_prefix: str, version: int) -> str:
    """Return the key under which Django's cache keeps an entry."""
    return f"{owner_of_entries()}:{key_prefix}:{version}:{key}"


class NetworkCache(LocMemCache):
    """Memory of one process, shared out among the networks."""

    def __init__(self, name: str, params: dict[str, Any]) -> None:
        super().__init__(name, {**params, "KEY_FUNCTION": make_key})

    def clear(self) -> None:
        """Forget the entries of the current schema alone."""
        mine = f"{owner_of_entries()}:"
        with self._lock:
            for key in [key for key in self._cache if key.startswith(mine)]:
                self._delete(key)
