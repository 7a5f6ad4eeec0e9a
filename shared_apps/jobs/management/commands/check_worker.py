"""`manage.py check_worker`: whether the worker of this machine is alive, for whatever starts it anew when it is not."""

import socket
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from shared_apps.jobs import selectors


class Command(BaseCommand):
    """Says the age of the last sign of life, and fails when it is too old or there was none."""

    help = "Check that the worker of this machine has given a sign of life in the last 30 seconds."
    requires_system_checks = ()  # it is asked every few seconds

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Offer to ask for any machine's."""
        parser.add_argument("--anywhere", action="store_true", help="ask for a worker on any machine")

    def handle(self, *, anywhere: bool, **_options: Any) -> None:
        """Look at the latest heartbeat."""
        at = selectors.last_heartbeat("" if anywhere else socket.gethostname())
        if at is None:
            raise CommandError("No worker has started here." if not anywhere else "No worker has started.")
        age = timezone.now() - at
        words = f"The last sign of life was {max(age.total_seconds(), 0):.0f} s ago."
        if age > selectors.ALIVE_WITHIN:
            raise CommandError(words)
        self.stdout.write(words)
