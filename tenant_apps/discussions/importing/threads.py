"""Finds which messages belong to one discussion.

By what they refer to, as Jamie Zawinski's threading does (https://www.jwz.org/doc/threading.html): a message that is
missing still holds its replies together, and a circle of references is broken. What mail programs break is mended
after that: Outlook's Thread-Index, and a "Re:" without references that comes soon after its subject. Who replied to an
old message only to begin a new subject begins a new discussion.
"""

import base64
import binascii
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

SOON = timedelta(days=60)
_INDEX_ROOT = 22  # bytes of a Thread-Index that all messages of a conversation have in common (MS-OXOMSG 2.2.1.3)
_PREFIX = re.compile(
    r"\s*(?:(?:re|aw|sv|antw|odp|rv|res|tr|fwd?|wg|enc|fs|vs|vl)\s*(?:[\[(]\d{1,3}[\])])?\s*[:\uff1a]|\[[^\[\]]{1,60}\])\s*",
    re.IGNORECASE,
)
_REPLY = re.compile(
    r"\s*(?:\[[^\[\]]{1,60}\]\s*)*(?:re|aw|sv|antw|odp|vs|res)\s*(?:[\[(]\d{1,3}[\])])?\s*[:\uff1a]", re.IGNORECASE
)
_PART = re.compile(r"[\[(][^\[\]()]{0,40}\b\d{1,3}/\d{1,3}[\])]")  # "[Minutes 2/5]" goes with the first
_WAS = re.compile(r"\s*[\[(]was:?\s.{0,200}[\])]\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Header:
    """What threading needs of a message; `references` are in order, the message replied to last."""

    key: int
    message_id: str
    references: tuple[str, ...]
    subject: str
    date: datetime
    thread_index: str = ""


def base_subject(subject: str) -> str:
    """Return a subject without "Re:", "Fwd:", the list's tag and "(was: …)", as a title; it may be empty."""
    line, before = " ".join(subject.split()), None
    while line != before:
        before, line = line, _PREFIX.sub("", line, count=1) if _PREFIX.match(line) else line
    return _WAS.sub("", line).strip()


def is_reply(subject: str) -> bool:
    """Whether a subject says that it replies."""
    return bool(_REPLY.match(subject))


def threads(headers: Iterable[Header]) -> list[list[Header]]:
    """Return the discussions, each with its messages in order of time, the discussion that began first first."""
    ordered = sorted(headers, key=lambda header: (header.date, header.key))
    roots = _by_reference(ordered)
    _mend(ordered, roots)
    found: dict[str, list[Header]] = {}
    for header in ordered:
        found.setdefault(_root(roots, _node(header)), []).append(header)
    return list(found.values())


def _by_reference(ordered: list[Header]) -> dict[str, str]:
    """Return each node's parent; a node is a message, there or missing."""
    present = {header.message_id: header for header in reversed(ordered) if header.message_id}
    parents: dict[str, str] = {}
    for header in ordered:
        for parent, child in pairwise(header.references):
            if child not in present:  # one that is there says itself what it replies to
                _join(parents, child, parent)
    for header in ordered:
        if header.references and not _begins_anew(header, present):
            _join(parents, _node(header), header.references[-1])
    return parents


def _begins_anew(header: Header, present: Mapping[str, Header]) -> bool:
    """Whether somebody replied only to have the addresses: another subject, and it does not say "Re:"."""
    replied_to = next((present[each] for each in reversed(header.references) if each in present), None)
    if replied_to is None or is_reply(header.subject) or _PART.search(header.subject):
        return False
    subject, other = base_subject(header.subject).casefold(), base_subject(replied_to.subject).casefold()
    return bool(subject) and bool(other) and subject != other


def _mend(ordered: list[Header], parents: dict[str, str]) -> None:
    present = {_node(header) for header in ordered}
    by_index: dict[str, str] = {}
    by_subject: dict[str, Header] = {}
    for header in ordered:
        index, subject = _index_root(header.thread_index), base_subject(header.subject).casefold()
        last = by_subject.get(subject)
        if not header.references and index in by_index:
            _join(parents, _node(header), by_index[index])
        elif is_reply(header.subject) and last and header.date - last.date <= SOON:
            root = _root(parents, _node(header))
            if not header.references or root not in present:  # what it refers to was lost
                _join(parents, root, _node(last))
        if index:
            by_index.setdefault(index, _node(header))
        if subject:
            by_subject[subject] = header


def _join(parents: dict[str, str], child: str, parent: str) -> None:
    """Hang one node under another, unless it hangs already or a circle would come of it."""
    if child not in parents and _root(parents, parent) != child:
        parents[child] = parent


def _root(parents: dict[str, str], node: str) -> str:
    path = []
    while node in parents:
        path.append(node)
        node = parents[node]
    for each in path[:-1]:  # so that the next walk is short
        parents[each] = node
    return node


def _node(header: Header) -> str:
    return header.message_id or f"message {header.key}"


def _index_root(thread_index: str) -> str:
    try:
        raw = base64.b64decode("".join(thread_index.split()), validate=True)
    except (binascii.Error, ValueError):
        return ""
    return raw[:_INDEX_ROOT].hex() if len(raw) >= _INDEX_ROOT else ""
