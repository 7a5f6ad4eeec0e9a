"""Programs that go on writing whatever dies, and the ledger of what they were told is done."""

import http.client
import json
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

from shared_apps.accounts.selectors import account_of_email
from shared_apps.accounts.services import create_network_token
from shared_apps.audit.services import Actor
from tenant_apps.discussions.models import Discussion
from tenant_apps.notifications.enums import DISCUSSION, Level
from tenant_apps.notifications.services import set_level
from tenants.context import in_network
from tenants.models import Network
from tenants.selectors import host_of
from tests.builders.discussions import make_discussion
from tests.builders.members import make_member
from tests.deploy.browsing import exchange

TRY_AGAIN_SECONDS = 0.05
ALLOWED = 28  # replies of one member in an hour; moderation/limits.py has 30


@dataclass(frozen=True)
class Place:
    """A network with a question that its members reply to; whoever asked it is told of each reply by email."""

    subdomain: str
    host: str
    schema: str
    discussion: Discussion
    asker: str
    tokens: list[str]


@dataclass(frozen=True)
class Entry:
    """A reply that was acknowledged, and when it was sent the last time and acknowledged."""

    place: str
    body: str
    id: str
    asked: float
    answered: float


def make_place(network: Network, members: int) -> Place:
    """Have so many members of a network ready to reply by programs of theirs."""
    asker = make_member(network, name="Asker", days_here=30)
    with in_network(network):
        discussion = make_discussion(asker, title=f"Canary of {network.subdomain}")
    tokens = [_token(network, number, discussion) for number in range(members)]
    return Place(network.subdomain, host_of(network), network.schema_name, discussion, asker.email, tokens)


def _token(network: Network, number: int, discussion: Discussion) -> str:
    """Have a member who writes by a program, and hears nothing of what the others write."""
    member = make_member(network, name=f"Writer {number}", days_here=30)
    with in_network(network):
        set_level(member, kind=DISCUSSION, object_id=discussion.id, level=Level.MUTE)
    account = account_of_email(member.email)
    return create_network_token(account, network_id=network.id, name="load", by=Actor.system()).secret


class Load:
    """Programs that reply one after the other, and send again what was not answered, with the same key."""

    def __init__(self, port: int, places: list[Place], *, threads: int, pause: float) -> None:
        self.port, self.places, self.threads, self.pause = port, places, threads, pause
        self.ledger: list[Entry] = []
        self.sent: dict[str, set[str]] = defaultdict(set)  # by place: also what nobody knows the end of
        self.refused: list[tuple[int, str]] = []
        self._stopping = threading.Event()

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Write until the end of the block, or until nobody may write any more this hour."""
        writers = [
            threading.Thread(target=self._write, args=(place, place.tokens[number :: self.threads]))
            for place in self.places
            for number in range(self.threads)
        ]
        for writer in writers:
            writer.start()
        try:
            yield
        finally:
            self._stopping.set()
            for writer in writers:
                writer.join()

    def of(self, place: Place) -> list[Entry]:
        """Return what a place has acknowledged."""
        return [each for each in list(self.ledger) if each.place == place.subdomain]

    def answered_since(self, moment: float) -> float | None:
        """Return when each place had acknowledged something that was sent after a moment, None before it has."""
        firsts = [
            min((each.answered for each in self.of(place) if each.asked > moment), default=None)
            for place in self.places
        ]
        return None if None in firsts else max(firsts)

    def _write(self, place: Place, tokens: list[str]) -> None:
        for token in [token for _ in range(ALLOWED) for token in tokens]:
            if self._stopping.is_set():
                return
            self._reply(place, token)
            self._stopping.wait(self.pause)

    def _reply(self, place: Place, token: str) -> None:
        body, key = f"Canary of {place.subdomain} {uuid4()}", str(uuid4())
        self.sent[place.subdomain].add(body)
        while not self._stopping.is_set():
            asked = time.monotonic()
            status, said = self._send(place, token, body, key)
            if status == 201:
                self.ledger.append(Entry(place.subdomain, body, json.loads(said)["id"], asked, time.monotonic()))
                return
            if 400 <= status < 500 and status != 409:  # 409: the first try is still under way
                self.refused.append((status, said))
                return
            self._stopping.wait(TRY_AGAIN_SECONDS)

    def _send(self, place: Place, token: str, body: str, key: str) -> tuple[int, str]:
        headers = {
            "Host": place.host,
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        }
        path = f"/api/v1/discussions/{place.discussion.id}/replies/"
        try:
            answer = exchange(self.port, "POST", path, json.dumps({"body": body}), headers)
        except (OSError, http.client.HTTPException):
            return 0, ""
        return answer.status, answer.text
