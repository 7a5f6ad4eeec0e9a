"""Where the features say what an email can become: a reply to a thing, or something new under an address of theirs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from shared_apps.mail.reading import MailAttachment
from tenant_apps.members.models import Member


class RefusedError(Exception):
    """The email cannot become that; the message says why, for who sent it."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a member wrote, without what it quotes."""

    subject: str
    text: str
    attachments: tuple[MailAttachment, ...]
    by: Member


@dataclass(frozen=True, slots=True)
class Became:
    """What an email was made into, the conversation it belongs to, and the files that were left out, with reasons."""

    kind: str
    id: UUID
    thread_key: str
    left_out: tuple[str, ...] = ()


class Destination(Protocol):
    """A kind of thing that takes email."""

    kind: str

    def take(self, object_id: UUID, incoming: Incoming) -> Became:
        """Make something of an email about a thing, in the current transaction; raises RefusedError."""


@dataclass(frozen=True, slots=True)
class Place:
    """A destination's kind and the thing it is about."""

    kind: str
    object_id: UUID


Names = Callable[[str], UUID | None]

_destinations: dict[str, Destination] = {}
_names: dict[str, Names] = {}


def register_destination(destination: Destination, *, names: Names | None = None) -> None:
    """Let email become a thing; `names(local_part)` returns what has an address of its own."""
    _destinations[destination.kind] = destination
    if names is not None:
        _names[destination.kind] = names


def place_named(local_part: str) -> Place | None:
    """Return what has this part before the @ in the current network."""
    for kind, names in _names.items():
        object_id = names(local_part)
        if object_id is not None:
            return Place(kind, object_id)
    return None


def takes_email(kind: str) -> bool:
    """Whether emails about things of this kind can be answered."""
    return kind in _destinations


def take(place: Place, incoming: Incoming) -> Became:
    """Make something of an email; raises RefusedError."""
    return _destinations[place.kind].take(place.object_id, incoming)
