"""Where the apps above say what notifications cannot know: an email's reply address, and what can be followed."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from tenant_apps.members.models import Member

ReplyAddresses = Callable[[Iterable[Member], str, UUID], Mapping[UUID, str]]


@dataclass(frozen=True, slots=True)
class Topic:
    """Something members may follow as a whole, such as a category: the kind and id of a Follow, and its name."""

    kind: str
    id: UUID
    name: str


_reply_addresses: list[ReplyAddresses] = []
_topics: list[Callable[[], Iterable[Topic]]] = []


def register_reply_addresses(addresses: ReplyAddresses) -> None:
    """Let emails about a thing be answered by email.

    `addresses(members, about_kind, about_id)` returns, by member id, the address to which each may reply, for all of
    them in a constant number of queries; who is not in it gets an email without one.
    """
    _reply_addresses[:] = [addresses]


def reply_addresses(members: Iterable[Member], about_kind: str, about_id: UUID | None) -> Mapping[UUID, str]:
    """Return the address to which each member may reply about a thing."""
    if about_id is None or not _reply_addresses:
        return {}
    return _reply_addresses[0](members, about_kind, about_id)


def register_topics(topics: Callable[[], Iterable[Topic]]) -> None:
    """Let the topics of the current network be chosen from on the page of preferences."""
    _topics.append(topics)


def topics() -> list[Topic]:
    """Return what members of the current network may follow as a whole."""
    return [topic for source in _topics for topic in source()]
