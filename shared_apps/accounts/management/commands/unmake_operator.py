"""`manage.py unmake_operator EMAIL [--dry-run]`: somebody looks after the platform no more."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shared_apps.accounts import services
from shared_apps.accounts.selectors import account_of_email
from shared_apps.audit.enums import Via
from shared_apps.audit.services import Actor


class Command(BaseCommand):
    """The account goes on as a member of its networks; only a command makes and unmakes operators, never a page."""

    help = "Take the console from an operator: sessions, visits to networks and operator's tokens end at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whose it is."""
        parser.add_argument("email", help="the operator's address")
        parser.add_argument("--dry-run", action="store_true", help="say what would end and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, or say in one line why not."""
        account = account_of_email(options["email"])
        if account is None or not account.is_operator:
            raise CommandError(f"{options['email']} is not an operator.")
        if options["dry_run"]:
            self.stdout.write(f"{account.email} is an operator, and would be none: sessions, visits and tokens end.")
            return
        services.unmake_operator(account, by=Actor.system(Via.COMMAND, label="command"))
        self.stdout.write(f"{account.email} is an operator no more, and signed out everywhere.")
