"""Raw emails, as people's programs write them."""

import re
from email.message import EmailMessage
from email.utils import make_msgid

from shared_apps.jobs.worker import Worker
from shared_apps.mail import services as mail
from shared_apps.mail.models import InboundMessage
from tenants.context import in_network, in_public
from tenants.models import Network


def raw_email(
    *,
    sender: str,
    to: str,
    subject: str = "Re: Boilers",
    text: str = "Ours lasted ten years.",
    message_id: str = "",
    in_reply_to: str = "",
    headers: dict[str, str] | None = None,
    files: tuple[tuple[str, bytes], ...] = (),
) -> bytes:
    """Return a plain message."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Message-ID"] = message_id or make_msgid(domain="school.example")
    if in_reply_to:
        message["In-Reply-To"] = message["References"] = in_reply_to
    for name, value in (headers or {}).items():
        message[name] = value
    message.set_content(text)
    for name, content in files:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def send_in(raw: bytes, *, to: str, mail_from: str = "someone@school.example") -> None:
    """Let a message come in, and have it read."""
    with in_public():
        mail.receive(raw, to=to, mail_from=mail_from)
    Worker().drain()


def code_in(text: str) -> str:
    """Return the code that an email asks to be typed."""
    return re.search(r"^\s+([A-Z0-9-]{4,})\s*$", text, re.MULTILINE)[1]


def stored(network: Network) -> list[InboundMessage]:
    """Return what came in for a network, oldest first."""
    with in_network(network):
        return list(InboundMessage.objects.order_by("received_at", "id"))
