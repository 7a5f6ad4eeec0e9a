"""Reads a raw email message into what the product needs of it: never raises, whatever the bytes, in linear time."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import MappingProxyType

from shared_apps.mail.reading.auto import Bounced, find_bounced, is_automatic
from shared_apps.mail.reading.charsets import decode_header
from shared_apps.mail.reading.flowed import unflowed
from shared_apps.mail.reading.html import html_text
from shared_apps.mail.reading.mime import Part, parse

_ID = re.compile(r"<[^<>\s]{1,995}>")
_MOST_REFERENCES = 200
_ADDRESS = re.compile(r"[^\s<>,;:\"()\[\]]{1,64}@[^\s<>,;:\"()\[\]]{1,255}")
_TEXTS = ("text/plain", "text/html")
_NOISE = {  # what programs add for programs
    *("application/ms-tnef", "application/vnd.ms-tnef", "application/pkcs7-signature", "application/x-pkcs7-signature"),
    *("application/pgp-signature", "application/applefile", "message/delivery-status", "text/rfc822-headers"),
    *("message/disposition-notification", "message/feedback-report", "text/x-amp-html"),
}
_EXTENSIONS = {"text/calendar": "invitation.ics", "message/rfc822": "message.eml", "text/vcard": "contact.vcf"}
_STUBS = re.compile(
    r"\s*(?:this (?:e-?mail|message) (?:requires|contains|is in) html|your (?:e-?mail|mail) (?:client|program|reader)"
    r" (?:does not|doesn't|cannot)|this is an html (?:e-?mail|message)|please view this (?:e-?mail|message) in html"
    r"|to view (?:this|the) (?:e-?mail|message), please use an html)[^\n]{0,200}\s*\Z",
    re.IGNORECASE,
)
_IS_HTML = re.compile(r"\s*<(?:!doctype html|html|head|body|div|p|table)[\s>]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MailAttachment:
    """A file that came with a message; its type is what the sender claims."""

    name: str
    content_type: str
    content: bytes
    is_inline: bool = False  # a picture that stands in the text
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class MailMessage:
    """What a message says. Message ids keep their angle brackets; header names are in lower case."""

    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    from_name: str = ""
    from_address: str = ""
    to: tuple[str, ...] = ()  # addresses of To and Cc, in lower case
    subject: str = ""
    date: datetime | None = None
    text: str = ""
    html: str = ""
    attachments: tuple[MailAttachment, ...] = ()
    is_auto: bool = False
    is_bounce: bool = False
    bounced: Bounced = ()  # (address, whether it failed for good)
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def read_message(raw: bytes) -> MailMessage:
    """Return the message in these bytes; bytes that are no message at all are its text."""
    root = parse(bytes(raw))
    plain, html = _bodies(root)
    headers = root.headers
    name, address = _sender(headers)
    is_bounce, bounced = find_bounced(root, address, plain)
    return MailMessage(
        message_id=next(iter(_ids(headers.get("message-id", ""))), ""),
        in_reply_to=next(iter(_ids(headers.get("in-reply-to", ""))), ""),
        references=_ids(headers.get("references", "")),
        from_name=name,
        from_address=address,
        to=_addresses(headers.get("to", ""), headers.get("cc", "")),
        subject=decode_header(headers.get("subject", "")),
        date=_date(headers.get("date", "")),
        text=plain,
        html=html,
        attachments=tuple(_attachments(root)),
        is_auto=is_automatic(root) and not is_bounce,
        is_bounce=is_bounce,
        bounced=bounced,
        headers=MappingProxyType({key: decode_header(value) for key, value in headers.items()}),
    )


def _bodies(root: Part) -> tuple[str, str]:
    """Return the best text and all HTML: in each choice the plain part, unless it only says to look at the HTML."""
    texts, htmls = [], []
    for part in _chosen(root):
        text = part.text()
        if part.content_type == "text/html" or _IS_HTML.match(text):
            htmls.append(text)
            text = html_text(text)
        else:
            text = unflowed(text, part.parameters)
        texts.append(text.strip("\n"))
    htmls += [part.text() for part in _alternatives(root)]
    return "\n\n".join(text for text in texts if text.strip()), "\n".join(htmls)


def _chosen(root: Part) -> list[Part]:
    """The parts whose text is the message."""
    chosen, waiting = [], [root]
    while waiting:
        part = waiting.pop()
        if part.content_type == "multipart/alternative" and part.children:
            waiting.append(_best(part.children))
        elif part.children:
            waiting.extend(reversed(part.children if part.content_type != "multipart/related" else part.children[:1]))
        elif _is_body(part):
            chosen.append(part)
    return chosen


def _best(choices: list[Part]) -> Part:
    for kind in _TEXTS:
        for choice in choices:
            texts = [part for part in choice.walk() if part.content_type == kind and _is_body(part)]
            if texts and any(_says_something(part) for part in texts):
                return choice
    return choices[-1]


def _says_something(part: Part) -> bool:
    text = part.text()
    return bool(text.strip()) and not (part.content_type == "text/plain" and len(text) < 500 and _STUBS.match(text))


def _alternatives(root: Part) -> list[Part]:
    """HTML parts beside a chosen plain one."""
    chosen = {id(part) for part in _chosen(root)}
    return [
        part
        for part in root.walk()
        if part.content_type == "text/html" and _is_body(part) and id(part) not in chosen and not part.children
    ]


def _is_body(part: Part) -> bool:
    if part.children or part.disposition() == "attachment":
        return False
    if part.content_type.startswith("multipart/"):
        return True  # one whose parts cannot be found
    is_text = part.content_type in (*_TEXTS, "text/enriched", "text/markdown", "text")
    return is_text and not (part.filename() and part.disposition() == "inline") and not _named_file(part)


def _named_file(part: Part) -> bool:
    return bool(part.filename()) and part.content_type == "text/plain" and not part.disposition()


def _attachments(root: Part) -> list[MailAttachment]:
    related = {id(child) for part in root.walk() if part.content_type == "multipart/related" for child in part.children}
    return [
        MailAttachment(
            name=part.filename() or _default_name(part, number),
            content_type=part.content_type,
            content=part.content(),
            is_inline=part.disposition() == "inline" or (id(part) in related and part.disposition() != "attachment"),
            content_id=part.headers.get("content-id", "").strip("<> "),
        )
        for number, part in enumerate(_leaves(root), start=1)
        if not _is_body(part) and part.content_type not in _NOISE and part.filename().lower() != "winmail.dat"
    ]


def _leaves(root: Part) -> list[Part]:
    return [part for part in root.walk() if not part.children]


def _default_name(part: Part, number: int) -> str:
    subtype = re.sub(r"[^a-z0-9]", "", part.content_type.partition("/")[2].removeprefix("x-"))
    return _EXTENSIONS.get(part.content_type, f"attachment-{number}.{subtype or 'bin'}")


def _sender(headers: dict[str, str]) -> tuple[str, str]:
    value = headers.get("from") or headers.get("sender", "")
    address = next(iter(_addresses(value[value.rfind("<") + 1 :]) or _addresses(value)), "")
    name = value[: value.rfind("<")] if "<" in value else ""
    if not name and (comment := re.search(r"\(([^()]*)\)", value)):
        name = comment[1]
    return decode_header(re.sub(r"\\(.)", r"\1", name.strip().strip('"'))).strip('" '), address


def _addresses(*values: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found.lower() for value in values for found in _ADDRESS.findall(value)))


def _ids(value: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_ID.findall(value)))[-_MOST_REFERENCES:]


def _date(value: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(value[:200])
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError, AttributeError):
        return None
