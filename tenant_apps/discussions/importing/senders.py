"""Says who wrote a message of a mailing list; lists put themselves into From to keep mail servers content."""

import re
from dataclasses import dataclass

from shared_apps.core.markdown import is_blank, tidy_line
from shared_apps.mail.reading import MailMessage

NO_NAME = "Somebody on the mailing list"
_LONGEST = 120
_ADDRESS = re.compile(r"[^\s<>,;:\"()\[\]']{1,64}@[^\s<>,;:\"()\[\]']{1,255}")
_HIDDEN = re.compile(r"([\w.+-]{1,64}) (?:at|\(at\)|\[at\]) ([\w-]{1,63}(?:\.[\w-]{1,63}){1,5})", re.IGNORECASE)
_VIA = re.compile(r"\s+via\s+.{1,200}$", re.IGNORECASE)
_ORIGINALS = ("x-original-sender", "x-original-from", "x-mailfrom", "reply-to")


@dataclass(frozen=True, slots=True)
class Sender:
    """A person of a list: `key` is their address in lower case, or "?" and their name where the archive hides it."""

    key: str
    name: str


def sender_of(message: MailMessage) -> Sender:
    """Return who wrote a message; their name never is their address."""
    name, address = message.from_name, message.from_address
    if _VIA.search(name):
        name = _VIA.sub("", name)
        address = _original(message, but_not=address) or address
    address = (address or _unhidden(message.headers.get("from", ""))).lower()
    name = _shown(name)
    return Sender(address or f"?{name.casefold()}", name)


def _original(message: MailMessage, *, but_not: str) -> str:
    for header in _ORIGINALS:
        found = _ADDRESS.search(message.headers.get(header, ""))
        if found and found[0].lower() != but_not:
            return found[0]
    return ""


def _unhidden(value: str) -> str:
    """Return the address that an archive wrote as "jane at school.example"."""
    found = _HIDDEN.search(value[:500])
    return f"{found[1]}@{found[2]}" if found else ""


def _shown(name: str) -> str:
    name = tidy_line(name.encode("utf-8", "ignore").decode()).strip("'\" ")
    if is_blank(name) or _ADDRESS.search(name) or _HIDDEN.search(name):
        return NO_NAME
    return name[:_LONGEST]
