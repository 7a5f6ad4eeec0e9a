"""Listens for incoming mail as SMTP and as LMTP, on loopback, behind a mail server that faces the world.

The event loop never touches the database: everything that does runs in one thread, which looks after its connection.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import close_old_connections, connection

from shared_apps.mail import services
from tenants import context

HOST = "127.0.0.1"
_LATER = "451 4.3.0 This cannot be stored now. Please try again later"
_LONGEST_LINE = 2**20  # other programs break the rule of 998 characters, and lose nothing by it
_SECONDS = 300  # a silent connection is closed (RFC 5321, 4.5.3.2)

logger = logging.getLogger("sbm.mail")


class Receiver:
    """Answers recipients and messages; a message is confirmed when it is committed."""

    def __init__(self, run: Callable[..., Any], *, for_each: bool) -> None:
        self.run, self.for_each = run, for_each

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take or refuse a recipient."""
        reply = await self._reply(services.check_address, address)
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the same
        """Store the message for each recipient; LMTP answers for each of them (RFC 2033, 4.2), SMTP for all."""
        raw, mail_from = bytes(envelope.content or b""), envelope.mail_from or ""
        replies = [
            await self._reply(services.receive, raw, to=address, mail_from=mail_from) for address in envelope.rcpt_tos
        ]
        return "\r\n".join(replies) if self.for_each else _worst(replies)

    async def _reply(self, act: Callable[..., Any], *args: Any, **kwargs: Any) -> str:
        try:
            await self.run(act, *args, **kwargs)
        except services.NotTakenError as error:
            return error.reply
        except Exception:
            logger.exception("mail was not stored and is asked for again")
            return _LATER
        return "250 2.0.0 OK"


class _Smtp(SMTP):
    line_length_limit = _LONGEST_LINE


class _Lmtp(LMTP):
    line_length_limit = _LONGEST_LINE


class Listener:
    """One or two open ports, and the thread in which the database is used."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")
        self._servers: list[asyncio.Server] = []

    async def open(self, port: int, *, is_lmtp: bool = False) -> int:
        """Listen, on a port that the system chooses for 0, and return the port."""
        loop, protocol = asyncio.get_running_loop(), _Lmtp if is_lmtp else _Smtp
        receiver = Receiver(self._run, for_each=is_lmtp)
        server = await loop.create_server(
            lambda: protocol(
                receiver,
                data_size_limit=services.LONGEST,
                enable_SMTPUTF8=True,
                ident="SBM Collective",
                timeout=_SECONDS,
                loop=loop,
            ),
            HOST,
            port,
        )
        self._servers.append(server)
        return int(server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Take no more, finish what is being stored, and close the thread's connection."""
        for server in self._servers:
            server.close()
        await asyncio.get_running_loop().run_in_executor(self._thread, _close)
        self._thread.shutdown()

    async def _run(self, act: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        work = asyncio.get_running_loop().run_in_executor(self._thread, lambda: _in_public(act, *args, **kwargs))
        return await work


def _in_public(act: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """As a request does: a connection that is too old or broken is replaced, and the schema is left."""
    close_old_connections()
    try:
        context.leave()
        return act(*args, **kwargs)
    finally:
        close_old_connections()


def _close() -> None:
    """Close the connection of the thread that calls this."""
    connection.close()


def _worst(replies: list[str]) -> str:
    """Return one reply for all: later if any must be sent again, refused only if nobody took it."""
    later = [reply for reply in replies if reply.startswith("4")]
    taken = [reply for reply in replies if reply.startswith("2")]
    return (later or taken or replies)[0]
