"""Archives of mailing lists whose threads are known, with what mail programs of two decades do to messages.

`X-Truth` says which thread a message belongs to; the product does not read it.
"""

import base64
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.header import Header
from email.utils import format_datetime, formataddr

from tests.cluster import ROOT

BEGAN = datetime(2019, 1, 7, 8, 30, tzinfo=UTC)
PEOPLE = (
    ("Priya Raman", "priya.raman@ladywood.example"),
    ("Dawn Okafor", "dawn@kingsheath.example"),
    ("Jürgen Weiß", "j.weiss@selly.example"),
    ("Siân Pryce", "sian@llan.example"),
    ("O'Brien, Tom", "tom.obrien@st-marys.example"),
    ("", "office@harborne.example"),
)
_SUBJECTS = (
    "Who does your PAT testing?",
    "Boiler replacement",
    "Minibus hire for Friday",
    "Photocopier lease – anyone renegotiated?",
    "Catering contract ends in July",
    "Census return",
    "Fire doors",
    "Supply agency rates?",
    "Wi-Fi in the hall",
    "Grounds maintenance – prices",
)
_TEXTS = (
    "Ours has retired. Who do you use, and what do they charge?",
    "We paid £2,400 last year.\nIt was # 1 of three quotes:\n- cheap\n- quick",
    "Happy to share our specification. Ring me on 0121 496 0000.",
    "1. Ask for references\n2. Visit another school",
    "Thanks all *very* much.",
)


def message(
    *,
    sender: tuple[str, str] = PEOPLE[0],
    subject: str = "Boiler",
    text: str = "Who replaces boilers?",
    date: datetime | str | None = BEGAN,
    message_id: str = "",
    references: Sequence[str] = (),
    headers: Sequence[tuple[str, str]] = (),
    charset: str = "utf-8",
    quoted: bool = True,
) -> bytes:
    """Return one message of an mbox, with the line that begins it."""
    lines = [f"From: {formataddr(sender, 'utf-8')}", f"To: sbm@lists.example\nSubject: {_encoded(subject)}"]
    if date is not None:
        lines.append(f"Date: {date if isinstance(date, str) else format_datetime(date)}")
    if message_id:
        lines.append(f"Message-ID: {message_id}")
    if references:
        lines += [f"In-Reply-To: {references[-1]}", "References: " + "\n ".join(references)]
    lines += [f"{name}: {value}" for name, value in headers]
    if not any(name.lower() == "content-type" for name, _ in headers):
        lines.append(f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit")
    head = "\n".join(lines).encode("ascii", "replace")
    body = text.encode(charset, "replace")
    if quoted:
        body = b"\n".join(b">" + line if line.lstrip(b">").startswith(b"From ") else line for line in body.split(b"\n"))
    return b"From sbm-bounces@lists.example Mon Jan  7 08:30:00 2019\n" + head + b"\n\n" + body + b"\n\n"


def real_bodies() -> list[str]:
    """Return texts that people wrote, where they stand beside the repository; else none."""
    found = sorted((ROOT.parent / "shared/data/email").glob("*/emails/*.txt"))
    return [path.read_text(errors="replace") for path in found]


class MailingList:
    """Writes a list's messages, with a random's help, and remembers the threads."""

    def __init__(self, seed: int = 3, *, bodies: Sequence[str] = ()) -> None:
        self.chance = random.Random(seed)
        self.bodies = bodies  # instead of invented ones
        self.truth: dict[str, int] = {}
        self.messages: list[tuple[datetime, bytes]] = []
        self.lost = 0
        self.twice = 0

    def write(self, count: int) -> bytes:
        """Return an mbox of at least so many messages, in the order they arrived, some of them twice."""
        thread = 0
        while len(self.messages) < count:
            self._thread(thread, BEGAN + timedelta(hours=31 * thread))
            thread += 1
        in_order = [raw for _, raw in sorted(self.messages, key=lambda each: each[0])]
        again = self.chance.sample(in_order, count // 50)
        self.twice = len(again)
        return b"".join([*in_order, *again])

    def _thread(self, thread: int, begins: datetime) -> None:
        subject = f"{self.chance.choice(_SUBJECTS)} ({thread})"
        index = base64.b64encode(b"\x01" + thread.to_bytes(21, "big")).decode()
        ids: list[str] = []
        for number in range(self.chance.choice((1, 1, 2, 3, 4, 6, 9, 17))):
            begins += timedelta(minutes=self.chance.randint(2, 900))
            own = f"<{thread}.{number}.{self.chance.randrange(10**9)}@mail.example>"
            client = self.chance.choice(("gmail", "outlook", "apple", "phone", "lists"))
            headers = [("X-Truth", str(thread)), ("Thread-Index", index if client == "outlook" or not number else "")]
            raw = message(
                sender=self.chance.choice(PEOPLE),
                subject=self._subject(subject, number, client),
                text=self._text(thread, number, client),
                date=self._date(begins, number),
                message_id=own,
                references=self._references(ids, client),
                headers=[each for each in headers if each[1]],
                charset=self.chance.choice(("utf-8", "iso-8859-1", "windows-1252", "utf-8")),
            )
            ids.append(own)
            if number == 1 and self.chance.random() < 0.05:
                self.lost += 1  # a message that nobody kept still holds its thread together
                continue
            self.truth[own] = thread
            self.messages.append((begins, raw))

    def _references(self, ids: list[str], client: str) -> list[str]:
        if not ids or client == "outlook":
            return []  # which old ones left to Thread-Index
        if client == "phone":
            return ids[-1:]
        return ids[:1] + ids[1:][-10:] if client == "gmail" else ids[-3:]

    def _subject(self, subject: str, number: int, client: str) -> str:
        if not number:
            return subject if client != "lists" else f"[sbm] {subject}"
        return {
            "outlook": f"RE: [sbm] {subject}",
            "gmail": f"Re: {subject}",
            "apple": f"Re: {subject}",
            "phone": f"Re: Re: [sbm] {subject}",
            "lists": f"[sbm] AW: {subject}",
        }[client]

    def _text(self, thread: int, number: int, client: str) -> str:
        own = f"{self.chance.choice(_TEXTS)} Message {number} of {thread}."
        if self.bodies:
            return f"{own}\n\n{self.chance.choice(self.bodies)}"
        if not number:
            return own
        if client == "outlook":
            return (
                f"{own}\n\n-----Original Message-----\nFrom: Priya Raman\nSent: 7 January 2019 08:30\n"
                f"To: sbm@lists.example\nSubject: Boiler\n\nWhat was asked."
            )
        signature = "\n\nSent from my iPhone" if client == "phone" else "\n\n-- \nSchool business manager"
        return f"{own}{signature}\n\nOn 7 Jan 2019, at 08:30, Priya Raman wrote:\n> What was asked.\n>From memory"

    def _date(self, begins: datetime, number: int) -> datetime | str:
        dice = self.chance.random()
        if number and dice < 0.01:
            return datetime(1970, 1, 1, tzinfo=UTC)  # a computer without a battery
        if number and dice < 0.02:
            return datetime(2093, 5, 1, tzinfo=UTC)
        if dice < 0.03:
            return begins.strftime("%a, %d %b %Y %H:%M:%S GMT")
        return begins


def _encoded(subject: str) -> str:
    return subject if subject.isascii() else Header(subject, "utf-8").encode()
