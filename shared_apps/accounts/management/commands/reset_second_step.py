"""Removes the second step of somebody who lost it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shared_apps.accounts import services
from shared_apps.accounts.management.commands import named_account
from shared_apps.audit.enums import Via
from shared_apps.audit.services import Actor


class Command(BaseCommand):
    """For those who cannot be helped by an owner: owners themselves, and people of several networks."""

    help = "Remove an account's passkeys, authenticator app and recovery codes; its sessions end, and it gets an email."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whose they are."""
        parser.add_argument("email", help="the account's address; make sure, by telephone, that it is they who ask")
        parser.add_argument("--dry-run", action="store_true", help="say what there is and remove nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Remove them, or say in one line why not."""
        account = named_account(options["email"])
        if not account.has_second_step:
            raise CommandError(f"{account.email} has no second step.")
        if options["dry_run"]:
            self.stdout.write(f"{account.email} has a second step; it would be removed.")
            return
        services.remove_second_step(account, by=Actor.system(Via.COMMAND, label="command"))
        self.stdout.write(f"The second step of {account.email} is removed, and they are told by email.")
