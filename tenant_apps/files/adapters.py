"""What files can hang on: the apps above register here who may see, and add to, the files of their things."""

from collections.abc import Callable
from typing import Protocol
from uuid import UUID

from shared_apps.audit.services import Actor
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

    def actor(self, member: Member, object_id: UUID) -> Actor:
        """Return who acts for the audit: nobody by name where the thing does not name them."""
        ...

    def path(self, object_id: UUID) -> str:
        """Return the path of its page, or "" when it is gone."""
        ...


Refusal = Callable[[Member], str]

_owners: dict[str, FileOwner] = {}
_refusals: list[Refusal] = []


def register_owner(owner: FileOwner) -> None:
    """Add a kind; a second one of the same name replaces the first."""
    _owners[owner.kind] = owner


def register_refusal(refusal: Refusal) -> None:
    """Add a rule of who may attach nothing, wherever it is; it returns why, or nothing. Adding one twice is as once."""
    if refusal not in _refusals:
        _refusals.append(refusal)


def refusal_to_attach(member: Member) -> str:
    """Return why a member may attach nothing now, or nothing."""
    return next((words for refusal in _refusals if (words := refusal(member))), "")


def owner_of(kind: str) -> FileOwner | None:
    """Return who answers for a kind, or None for one that nobody registered."""
    return _owners.get(kind)
