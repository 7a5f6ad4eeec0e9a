"""Makes an API token and prints it once."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shared_apps.accounts import services
from shared_apps.accounts.management.commands import named_account
from shared_apps.accounts.models import User
from shared_apps.api.services import NewToken
from shared_apps.audit.enums import Via
from shared_apps.audit.services import Actor
from shared_apps.core.commands import named_network


class Command(BaseCommand):
    """The token is the last line, alone on it, so that a script can take it with `tail -1`."""

    help = "Make an API token for an account, for one network or as an operator; it is printed once, on the last line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whose it is and where it works."""
        parser.add_argument("email", help="the account's address")
        where = parser.add_mutually_exclusive_group(required=True)
        where.add_argument("--network", metavar="SUBDOMAIN", help="works on this network's host and the Collective's")
        where.add_argument("--operator", action="store_true", help="works on the platform's host")
        parser.add_argument("--name", default="Made by command", help="what it is for, shown on the account page")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it, or say in one line why not."""
        account = named_account(options["email"])
        actor = Actor.system(Via.COMMAND, label="command")
        try:
            made = self._make(account, options, actor)
        except services.NoAccessError as error:
            raise CommandError(str(error)) from error
        self.stderr.write("Keep it where you keep passwords; it is not shown again.")
        self.stdout.write(made.secret)

    def _make(self, account: User, options: dict[str, Any], actor: Actor) -> NewToken:
        if options["operator"]:
            return services.create_operator_token(account, name=options["name"], by=actor)
        network = named_network(options["network"])
        return services.create_network_token(account, network_id=network.id, name=options["name"], by=actor)
