"""Turns a template and its values into the text and HTML parts of a message, and builds its headers."""

import hashlib
from dataclasses import dataclass
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.template import Context, Template, loader

from shared_apps.mail.models import AnyMessage
from tenants import selectors
from tenants.context import current_kind, current_network

PLATFORM_NAME = "SBM Collective"
PLATFORM_COLOUR = "#3a3f94"
_LONGEST_SUBJECT = 200
_CONTRAST = 4.5
AUTOMATIC = {  # so that nobody's out-of-office answers it (RFC 3834, and Exchange's own)
    "Auto-Submitted": "auto-generated",
    "X-Auto-Response-Suppress": "OOF, AutoReply",
}
_SIGNATURE = "-- "  # mail programs fold what follows it (RFC 3676, 4.3)


class HeaderError(Exception):
    """An address for a header is not one, or holds characters that could begin another header."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose name, colour and address a message carries."""

    name: str
    colour: str
    host: str
    is_network: bool = False
    site: str = ""  # where its pages are, if not on that host

    @property
    def ink(self) -> str:
        """The colour, darkened until white words on it reach a contrast of 4.5:1."""
        return darkened(self.colour)

    @property
    def url(self) -> str:
        """The address of the site's first page."""
        return selectors.url_of(self.site or self.host)


def sender_of(host: str | None) -> Sender:
    """Return the sender of messages from a host, or of the current schema when it is None."""
    network = current_network()
    if network is None or host not in (None, selectors.first_host_of(network)):
        network = selectors.network_of_host(host) if host else None
    if network is not None:
        hosts = {"host": selectors.first_host_of(network), "site": selectors.host_of(network)}
        return Sender(network.name, network.colour, is_network=True, **hosts)
    return Sender(PLATFORM_NAME, PLATFORM_COLOUR, host or selectors.host_of(None, current_kind()))


def render(template: str, values: dict[str, Any]) -> tuple[str, str]:
    """Return the text and the HTML of `templates/mail/<template>`; only the HTML is escaped."""
    text = _template(f"{template}.txt").render(Context(values, autoescape=False))
    html = _template(f"{template}.html").render(Context(values))
    return _tidy(text), html.strip() + "\n"


def clean_subject(subject: str) -> str:
    """Return the subject on one line, without control characters, cut to 200 characters."""
    line = " ".join("".join(char if char.isprintable() else " " for char in subject).split())
    return line if len(line) <= _LONGEST_SUBJECT else line[: _LONGEST_SUBJECT - 1].rstrip() + "…"


def clean_address(address: str) -> str:
    """Return an email address; raises HeaderError."""
    try:
        validate_email(address)
    except ValidationError as error:
        raise HeaderError("This is not an email address.") from error
    return address


def build_headers(message: AnyMessage, *, unsubscribe_url: str | None, reply_to: str | None) -> dict[str, str]:
    """Return the headers beside From, To, Subject and Date.

    Every message of a thread refers to one root that was never sent, so mail programs gather them whatever they
    missed. The Message-ID is the row's, so that a second sending after a crash is known for the same message.
    """
    headers = {"Message-ID": f"<{message.id}@{message.host}>", **AUTOMATIC}
    if message.thread_key:
        root = thread_root(message.thread_key, host=message.host)
        headers |= {"In-Reply-To": root, "References": root}
    if unsubscribe_url:
        headers |= list_headers(unsubscribe_url, host=message.host, kind=message.kind)
    if reply_to:
        headers["Reply-To"] = clean_address(reply_to)
    return headers


def thread_root(thread_key: str, *, host: str) -> str:
    """Return the id of the message that was never sent and that a whole thread refers to."""
    return f"<thread.{hashlib.sha256(thread_key.encode()).hexdigest()[:32]}@{host}>"


def list_headers(unsubscribe_url: str, *, host: str, kind: str) -> dict[str, str]:
    """Return what marks a message as one of a list (RFC 2919) that one click stops (RFC 8058).

    Gmail counts complaints by the parts of Feedback-ID: what kind of news, whose, ours; none of them is a person.
    """
    return {
        "List-Unsubscribe": f"<{_clean_url(unsubscribe_url)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Id": f"<{host}>",
        "Precedence": "list",
        "Feedback-ID": f"{kind}:{host}:sbm-collective",
    }


def darkened(colour: str) -> str:
    """Return the colour (#rrggbb), darkened as far as white words on it need (WCAG 2.2, 1.4.3)."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    while 1.05 / (_luminance(channels) + 0.05) < _CONTRAST:
        channels = [channel * 0.95 for channel in channels]
    return "#" + "".join(f"{int(channel * 255):02x}" for channel in channels)


def _luminance(channels: list[float]) -> float:
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _clean_url(url: str) -> str:
    if not url.startswith(("https://", "http://")) or any(
        not 0x21 <= ord(char) <= 0x7E or char in "<>" for char in url
    ):
        raise HeaderError("This address cannot stand in a header.")
    return url


def _template(name: str) -> Template:
    return cast("Any", loader.get_template(f"mail/{name}")).template  # Django's own, which takes a Context


def _tidy(text: str) -> str:
    """Remove the blank lines that template tags leave behind, keeping one between paragraphs."""
    lines: list[str] = []
    for line in (line if line == _SIGNATURE else line.rstrip() for line in text.strip().splitlines()):
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines) + "\n"
