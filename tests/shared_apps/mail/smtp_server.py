"""A real mail server on loopback that keeps what it is given and refuses two addresses."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Post:
    """What the server was given, and the port it listens on."""

    port: int = 0
    messages: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Refuse gone@ for good and busy@ for now."""
        if address.startswith("gone@"):
            return "550 5.1.1 gone@ is not here"
        if address.startswith("busy@"):
            return "451 4.3.0 busy@ must wait"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the same
        """Keep the message."""
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
        self.recipients += envelope.rcpt_tos
        return "250 OK"


@contextmanager
def running() -> Iterator[Post]:
    """Serve from a thread with its own event loop, on a port that the system chooses."""
    post, loop = Post(), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    serving = loop.create_server(lambda: SMTP(post, loop=loop), "127.0.0.1", 0)
    server = asyncio.run_coroutine_threadsafe(serving, loop).result(20)
    post.port = server.sockets[0].getsockname()[1]
    try:
        yield post
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(20)
        loop.close()


@contextmanager
def asked_by(settings: Any) -> Iterator[Post]:
    """Serve, and let the product send its email there."""
    with running() as post:
        options = {"host": "127.0.0.1", "port": post.port, "timeout": 20}
        settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}
        yield post
