"""Receives email for every network, by SMTP or LMTP."""

import asyncio
import signal
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from shared_apps.mail.listening import HOST, Listener


class Command(BaseCommand):
    """Ends with Ctrl-C or a termination signal."""

    help = "Receives email for every network, from a mail server on this machine; ends with Ctrl-C."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=settings.MAIL_PORT, help="SMTP; by default MAIL_PORT.")
        parser.add_argument("--lmtp-port", type=int, default=settings.LMTP_PORT, help="LMTP; by default LMTP_PORT.")

    def handle(self, *args: object, port: int, lmtp_port: int, **options: Any) -> None:
        if not port and not lmtp_port:
            raise CommandError("Name a port: --port, --lmtp-port, or MAIL_PORT or LMTP_PORT in the environment.")
        try:
            asyncio.run(self.listen(port, lmtp_port))
        except OSError as error:
            raise CommandError(f"Mail cannot be received: {error.strerror or error}.") from None

    async def listen(self, port: int, lmtp_port: int) -> None:
        listener, asked_to_stop = Listener(), asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, asked_to_stop.set)
        try:
            for name, wanted in (("smtp", port), ("lmtp", lmtp_port)):
                if wanted:
                    opened = await listener.open(wanted, is_lmtp=name == "lmtp")
                    self.stdout.write(f"Receiving mail on {name}://{HOST}:{opened}")
                    self.stdout.flush()
            await asked_to_stop.wait()
        finally:
            await listener.close()
