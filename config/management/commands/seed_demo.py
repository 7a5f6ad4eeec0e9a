"""`manage.py seed_demo`: load the demonstration networks, people and what they said; run again, it changes nothing."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.demo import loading


class Command(BaseCommand):
    """Refuses to run outside development, because everybody knows the demonstration's password."""

    help = "Load the demonstration: three networks with people, discussions, suppliers, and what they share."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take no more than the usual options."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Load it, unless this is not development."""
        if not settings.DEBUG:
            raise CommandError("The demonstration’s password is public, so it is loaded in development only.")
        loading.load(timezone.localdate())
        if options["verbosity"]:
            self.stdout.write("The demonstration is loaded. Everybody’s password is collective-demo.")
