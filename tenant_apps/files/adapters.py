"""What files can hang on: the apps above register here who may see, and add to, the files of their things."""

from typing import Protocol
from uuid import UUID

from tenant_apps.members.models import Member


class FileOwner(Protocol):
    """Answers for the things of one kind."""

    kind: str

    def can_see(self, member: Member, object_id: UUID) -> bool:
        """Whether a member sees the thing now, and so its files."""
        ...

    def can_attach(self, member: Member, object_id: UUID) -> bool:
        """Whether a member may add a file to it."""
        ...

    def can_remove(self, member: Member, object_id: UUID) -> bool:
        """Whether a member may remove a file of somebody else from it."""
        ...

    def path(self, object_id: UUID) -> str:
        """Return the path of its page, or "" when it is gone."""
        ...


_owners: dict[str, FileOwner] = {}


def register_owner(owner: FileOwner) -> None:
    """Add a kind; a second one of the same name replaces the first."""
    _owners[owner.kind] = owner


def owner_of(kind: str) -> FileOwner | None:
    """Return who answers for a kind, or None for one that nobody registered."""
    return _owners.get(kind)
