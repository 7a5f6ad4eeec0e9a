"""Says, before anything is written, what becomes of each message of an archive: which discussion, or why none.

Two passes: the headers of all messages, from which the threads are found, then one text after another. Only a few
words of each message are kept, so that memory grows with their number and not with their size.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import batched
from typing import BinaryIO
from uuid import UUID

from shared_apps.mail.reading import MailMessage, read_message
from tenant_apps.discussions.enums import DiscussionKind, Fate
from tenant_apps.discussions.importing.mbox import Place, places, read
from tenant_apps.discussions.importing.senders import sender_of
from tenant_apps.discussions.importing.texts import asks, title_of
from tenant_apps.discussions.importing.threads import Header, threads
from tenant_apps.discussions.importing.words import Words, words_of

LONGEST_ID = 255
_LARGEST_HEAD = 512 * 1024
_MOST_REFERENCES = 30
_EARLIEST = datetime(1985, 1, 1, tzinfo=UTC)
_SKEW = timedelta(hours=1)  # by which clocks differ without anybody minding
_LOOKED_UP = 5_000

Known = Callable[[Collection[str]], Mapping[str, UUID]]  # ids of messages to the discussions they are in
OnProgress = Callable[[str, int, int], None]  # what is being done, how many, of how many


@dataclass(slots=True)
class PlannedMessage:
    """What becomes of one message. `sender` is a key of `senders.Sender`; `files` is how many may be attached."""

    number: int
    start: int
    end: int
    key: str
    subject: str
    date: datetime
    sender: str = ""
    name: str = ""
    fate: Fate = Fate.BRINGS
    asks: bool = False
    files: int = 0
    is_redated: bool = False
    is_shortened: bool = False

    @property
    def place(self) -> Place:
        """Where it lies in the file."""
        return Place(self.number, self.start, self.end)


@dataclass(slots=True)
class PlannedThread:
    """Messages of one discussion in their order; without a `discussion` they begin one."""

    title: str
    kind: DiscussionKind
    messages: list[PlannedMessage]
    discussion: UUID | None = None


@dataclass(slots=True)
class Plan:
    """What would happen: the threads with what they bring, and all that is left out."""

    threads: list[PlannedThread] = field(default_factory=list)
    left_out: list[PlannedMessage] = field(default_factory=list)

    @property
    def brought(self) -> Iterator[PlannedMessage]:
        """Every message that becomes something."""
        return (message for thread in self.threads for message in thread.messages)

    def count_brought(self) -> int:
        """Return how many messages become something."""
        return sum(len(thread.messages) for thread in self.threads)

    def counts(self) -> dict[str, int]:
        """Return how many messages have each fate."""
        found = Counter(message.fate.value for message in self.left_out)
        return {Fate.BRINGS.value: self.count_brought(), **found}

    def senders(self) -> dict[str, str]:
        """Return everybody's name by key: the last one that is a name."""
        ordered = sorted(self.brought, key=lambda message: message.date)
        return {message.sender: message.name for message in ordered}

    def to_json(self) -> str:
        """Return the plan as it is kept until somebody says yes to it."""
        return json.dumps(asdict(self), default=str, ensure_ascii=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Plan":
        """Return a kept plan."""
        raw = json.loads(text)
        found = [
            PlannedThread(
                title=each["title"],
                kind=DiscussionKind(each["kind"]),
                messages=[_message(values) for values in each["messages"]],
                discussion=UUID(each["discussion"]) if each["discussion"] else None,
            )
            for each in raw["threads"]
        ]
        return cls(found, [_message(values) for values in raw["left_out"]])


def make_plan(file: BinaryIO, *, known: Known, now: datetime, on_progress: OnProgress | None = None) -> Plan:
    """Return what would become of a file's messages; raises NotMboxError."""
    told = on_progress or (lambda doing, done, total: None)
    messages, headers = _first_pass(file, now, told)
    here = _known(known, headers, messages)
    _second_pass(file, [each for each in messages.values() if each.fate == Fate.BRINGS and each.key not in here], told)
    for each in messages.values():
        if each.fate == Fate.BRINGS and each.key in here:
            each.fate = Fate.KNOWN
    plan = Plan(left_out=[each for each in messages.values() if each.fate != Fate.BRINGS])
    for thread in threads(headers):
        _in_their_order(thread, messages, now)
        planned = _planned(thread, messages, here)
        if planned.messages:
            plan.threads.append(planned)
    return plan


def _first_pass(file: BinaryIO, now: datetime, told: OnProgress) -> tuple[dict[int, PlannedMessage], list[Header]]:
    messages: dict[int, PlannedMessage] = {}
    headers: list[Header] = []
    keys: set[str] = set()
    date = None
    found = list(places(file))
    for place in found:
        head = read_message(_head(file, place))
        key = _key(head, file, place)
        dated = _date_of(head, now)
        date = dated or date or _EARLIEST
        message = PlannedMessage(place.number, place.start, place.end, key, head.subject[:200], date)
        message.is_redated = dated is None or dated != head.date
        messages[place.number] = message
        message.fate = _fate_of_head(head, is_second=key in keys)
        if message.fate not in (Fate.BROKEN, Fate.TWICE):
            keys.add(key)
            headers.append(_header(head, message))
        if place.number % 200 == 0 or place.number == len(found):
            told("Reading headers", place.number, len(found))
    return messages, headers


def _second_pass(file: BinaryIO, wanted: list[PlannedMessage], told: OnProgress) -> None:
    for number, message in enumerate(wanted, start=1):
        words = words_of(read(file, message.place))
        message.fate = words.fate
        if words.fate == Fate.BRINGS:
            _take(message, words)
        if number % 50 == 0 or number == len(wanted):
            told("Reading texts", number, len(wanted))


def _take(message: PlannedMessage, words: Words) -> None:
    sender = sender_of(words.message)
    message.sender, message.name = sender.key, sender.name
    message.asks = asks(words.markdown) or asks(message.subject)
    message.files = len(words.files)
    message.is_shortened = words.is_shortened


def _known(known: Known, headers: list[Header], messages: dict[int, PlannedMessage]) -> dict[str, UUID]:
    """Return the discussions of what was brought before: of the messages, and of those they reply to."""
    wanted = {messages[header.key].key for header in headers}
    wanted.update(each for header in headers for each in header.references if len(each) <= LONGEST_ID)
    found: dict[str, UUID] = {}
    for some in batched(wanted, _LOOKED_UP):
        found.update(known(some))
    return found


def _in_their_order(thread: list[Header], messages: dict[int, PlannedMessage], now: datetime) -> None:
    """Give a reply that is dated before what it replies to a time just after it; computers' clocks are often wrong."""
    by_id = {header.message_id: messages[header.key] for header in thread if header.message_id}
    for header in sorted(thread, key=lambda each: len(each.references)):
        message = messages[header.key]
        parent = next((by_id[each] for each in reversed(header.references) if each in by_id), None)
        if parent is not None and parent is not message and message.date < parent.date:
            message.is_redated = message.is_redated or parent.date - message.date > _SKEW
            message.date = min(parent.date + timedelta(seconds=1), now)


def _planned(thread: list[Header], messages: dict[int, PlannedMessage], here: Mapping[str, UUID]) -> PlannedThread:
    everybody = [messages[header.key] for header in thread]
    brought = sorted(
        (each for each in everybody if each.fate == Fate.BRINGS), key=lambda each: (each.date, each.number)
    )
    ids = [each.key for each in everybody] + [each for header in thread for each in reversed(header.references)]
    discussion = next((here[each] for each in ids if each in here), None)
    title = title_of(brought[0].subject) if brought else ""
    kind = DiscussionKind.QUESTION if brought and brought[0].asks else DiscussionKind.DISCUSSION
    return PlannedThread(title, kind, brought, discussion)


def _head(file: BinaryIO, place: Place) -> bytes:
    file.seek(place.start)
    raw = file.read(min(place.size, _LARGEST_HEAD))
    ends = [at for at in (raw.find(b"\n\n"), raw.find(b"\n\r\n")) if at >= 0]
    return raw[: min(ends) + 1] if ends else raw


def _key(head: MailMessage, file: BinaryIO, place: Place) -> str:
    """Return what tells the message from others wherever it is found: its id, or a hash where it has none."""
    if head.message_id and len(head.message_id) <= LONGEST_ID:
        return head.message_id
    told = hashlib.sha256(
        "\n".join((head.message_id, head.from_address, head.subject, str(head.date))).encode("utf-8", "replace")
    )
    if not head.message_id:
        raw = read(file, place)
        told.update(b"".join(raw.partition(b"\n\n")[2].split()) or raw)
    return f"sha256:{told.hexdigest()}"


def _date_of(head: MailMessage, now: datetime) -> datetime | None:
    """Return when it was sent; where that cannot be, when it was received; None where neither can be."""
    for date in (head.date, _received(head)):
        if date is not None and _EARLIEST <= date <= now + timedelta(days=1):
            return min(date, now)
    return None


def _received(head: MailMessage) -> datetime | None:
    value = head.headers.get("received", "").rpartition(";")[2].strip()
    return read_message(f"Date: {value[:100]}\n".encode("utf-8", "replace")).date if value else None


def _fate_of_head(head: MailMessage, *, is_second: bool) -> Fate:
    if not head.headers or not (head.from_address or head.subject or head.message_id or head.headers.get("from")):
        return Fate.BROKEN
    return Fate.TWICE if is_second else Fate.BRINGS


def _header(head: MailMessage, message: PlannedMessage) -> Header:
    """Return what threading needs; some programs name the person replied to where the message should be named."""
    replied_to = (head.in_reply_to,) if head.in_reply_to and head.in_reply_to not in head.references else ()
    references = tuple(each for each in head.references or replied_to if each.strip("<>").lower() not in head.to)
    return Header(
        key=message.number,
        message_id=head.message_id,
        references=references[:1] + references[1:][-_MOST_REFERENCES:],
        subject=message.subject,
        date=message.date,
        thread_index=head.headers.get("thread-index", "")[:400],
    )


def _message(values: dict) -> PlannedMessage:
    return PlannedMessage(**values | {"date": datetime.fromisoformat(values["date"]), "fate": Fate(values["fate"])})
