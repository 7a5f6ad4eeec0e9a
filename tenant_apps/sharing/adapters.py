"""How a feature makes a thing of its own shareable: it registers one small adapter in its AppConfig.ready.

class DiscussionAdapter:
    kind = "discussion"
    def load(self, source_id): ...      # Source, or None when it is gone
    def set_publication(self, source_id, publication_id, *, received): ...
    def path(self, source_id): ...      # its page on the network's host
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from collective.publications.enums import PublicationKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A shareable thing as its network has it; what of this leaves is decided by the draft alone."""

    source_id: UUID
    kind: PublicationKind
    author_id: UUID
    title: str
    body: str
    created_at: datetime
    category: str = ""
    phase: str = ""
    size: str = ""
    supplier_name: str = ""
    supplier_website: str = ""
    response: int | None = None
    quality: int | None = None
    value: int | None = None
    would_use_again: bool | None = None
    is_answered: bool = False
    is_closed: bool = False
    """Whether its network takes no more replies to it."""
    is_common_category: bool = True
    """Whether other networks have this category too; one of our own making would say where a thing came from."""
    stays: str = ""


class Adapter(Protocol):
    """What sharing asks of a feature."""

    kind: str
    plural: str

    def load(self, source_id: UUID) -> Source | None:
        """Return the thing, or None when it is gone."""

    def set_publication(self, source_id: UUID, publication_id: UUID | None, *, received: int = 0) -> None:
        """Write the thing's own marks: the publication it has now, how many answers came home, what is answered."""

    def path(self, source_id: UUID) -> str:
        """Return the path of its page."""

    def categories(self) -> list[str]:
        """Return the names of the categories its things have."""


class UnknownKindError(LookupError):
    """No feature has registered an adapter of this kind."""


_adapters: dict[str, Adapter] = {}


def register_adapter(adapter: Adapter) -> None:
    """Make a feature's things shareable."""
    _adapters[adapter.kind] = adapter


def adapters() -> list[Adapter]:
    """Return every feature's adapter."""
    return list(_adapters.values())


def adapter_of_plural(plural: str) -> Adapter:
    """Return the adapter whose pages are under this path; raises UnknownKindError."""
    for adapter in _adapters.values():
        if adapter.plural == plural:
            return adapter
    raise UnknownKindError(plural)


def adapter_for(kind: str) -> Adapter:
    """Return a feature's adapter; raises UnknownKindError."""
    try:
        return _adapters[kind]
    except KeyError:
        raise UnknownKindError(kind) from None
