"""Where the app that reads incoming mail says what it takes; there is one such app, and `mail` knows nothing of it."""

from typing import Protocol
from uuid import UUID


class Inbox(Protocol):
    """What the current network takes, and what is done with it."""

    def takes(self, local_part: str) -> bool:
        """Whether the network has an address with this part before the @, in lower case."""

    def enqueue(self, inbound_id: UUID) -> None:
        """Have a stored message read, by a job of the current transaction."""


_inboxes: list[Inbox] = []


def register_inbox(inbox: Inbox) -> None:
    """Let an inbox take the mail of every network; the last one registered does."""
    _inboxes[:] = [inbox]


def inbox() -> Inbox:
    """Return the inbox."""
    return _inboxes[0]
