"""How a feature makes what people write in it reportable: it registers one small adapter in its AppConfig.ready.

class ReplyAdapter:
    kind, noun = "reply", "reply"
    def load(self, object_id): ...          # Reportable, or None when it is gone
    def hide(self, object_id, *, reason, by): ...
    def show(self, object_id, *, by): ...
    def recent_of(self, author_id): ...     # the newest five of one author
    def count_standing(self, author_id): ...
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from tenant_apps.members.models import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class Reportable:
    """A thing that can be reported, as its feature has it now; `origin` names another network that it came from."""

    kind: str
    object_id: UUID
    title: str
    text: str
    author_id: UUID | None
    author_name: str
    written_at: datetime | date
    path: str
    is_hidden: bool = False
    is_anonymous: bool = False
    origin: str = ""


class Adapter(Protocol):
    """What moderation asks of a feature."""

    kind: str
    noun: str

    def load(self, object_id: UUID) -> Reportable | None:
        """Return the thing, or None when it is gone."""

    def hide(self, object_id: UUID, *, reason: str, by: Member) -> None:
        """Take it out of everybody's sight; hiding it twice is the same as once."""

    def show(self, object_id: UUID, *, by: Member) -> None:
        """Let it be seen again."""

    def recent_of(self, author_id: UUID) -> list[Reportable]:
        """Return the newest few that a member wrote, hidden or not; none that they wrote anonymously."""

    def count_standing(self, author_id: UUID) -> int:
        """Return how many that a member wrote are to be seen."""


class UnknownKindError(LookupError):
    """No feature has registered an adapter of this kind."""


_adapters: dict[str, Adapter] = {}


def register_reportable(adapter: Adapter) -> None:
    """Make what people write in a feature reportable."""
    _adapters[adapter.kind] = adapter


def adapters() -> list[Adapter]:
    """Return every feature's adapter."""
    return list(_adapters.values())


def adapter_for(kind: str) -> Adapter:
    """Return a feature's adapter; raises UnknownKindError."""
    try:
        return _adapters[kind]
    except KeyError:
        raise UnknownKindError(kind) from None
