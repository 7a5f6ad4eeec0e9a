"""Signed values that are worth nothing on another network or another host.

A subdomain can be used again by another network, so the salt holds the network's own id.
"""

from typing import Any

from django.core import signing

from tenants.models import Network


class NetworkSigner:
    """Signs for one purpose, one network (None: platform or Collective) and one host."""

    def __init__(self, purpose: str, *, network: Network | None, host: str) -> None:
        owner = str(network.id) if network else "platform"
        self._salt = f"sbm:{purpose}:{owner}:{host.lower()}"

    def dumps(self, value: Any) -> str:
        """Return a URL-safe signed text of a JSON-able value."""
        return signing.dumps(value, salt=self._salt, compress=True)

    def loads(self, text: str, *, max_age: int) -> Any:
        """Return the value, or raise django.core.signing.BadSignature; `max_age` is in seconds."""
        return signing.loads(text, salt=self._salt, max_age=max_age)
