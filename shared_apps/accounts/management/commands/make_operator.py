"""`manage.py make_operator EMAIL [--name NAME]`: who looks after the platform."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shared_apps.accounts import services
from shared_apps.audit.enums import Via
from shared_apps.audit.services import Actor


class Command(BaseCommand):
    """An account without a password signs in by a code sent to its address; run again, it changes nothing."""

    help = "Make the account with this address an operator of the platform, and make the account where there is none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whose it is."""
        parser.add_argument("email", help="the account's address; sign-in codes go there")
        parser.add_argument("--name", default="", help="shown in the console")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it, or say in one line why not."""
        actor = Actor.system(Via.COMMAND, label="command")
        try:
            account = services.ensure_operator(options["email"], options["name"], by=actor)
        except services.EmailError as error:
            raise CommandError(str(error) or f"{options['email']} is not an email address.") from None
        self.stdout.write(f"{account.email} is an operator.")
