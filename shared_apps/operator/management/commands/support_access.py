"""`manage.py support_access SUBDOMAIN --operator EMAIL`: ask a network's owners to let an operator look in."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from shared_apps.accounts.selectors import account_of_email
from shared_apps.audit.enums import Via
from shared_apps.audit.services import Actor
from shared_apps.core.commands import named_network
from shared_apps.grants import selectors, services
from shared_apps.grants.enums import Minutes


class Command(BaseCommand):
    """The owners answer in the network; nothing here lets anybody in."""

    help = "Ask a network's owners to let an operator look in, or with --end take it back or end the visit."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the network, the operator, and why and how long, or that it is over."""
        parser.add_argument("subdomain", help="The network's subdomain; list_networks shows them.")
        parser.add_argument("--operator", required=True, help="Address of the operator who looks in.")
        parser.add_argument("--reason", default="", help="Why; the owners read it.")
        parser.add_argument("--minutes", type=int, choices=Minutes.values, default=Minutes.AN_HOUR.value)
        parser.add_argument("--end", action="store_true", help="End what is asked for or allowed.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and say so, or say in one line why not."""
        network, account = named_network(options["subdomain"]), account_of_email(options["operator"])
        if account is None or not account.is_operator:
            raise CommandError("No operator has this address. See make_operator.")
        by, now = Actor(account_id=account.pk, label="", via=Via.COMMAND), timezone.now()
        try:
            if options["end"]:
                self._end(selectors.open_grant(network, account.pk), now=now, by=by)
                return
            services.ask(network, account, reason=options["reason"], minutes=options["minutes"], now=now, by=by)
        except services.GrantError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"The owners of {network.name} are asked.")

    def _end(self, grant: Any, **said: Any) -> None:
        if grant is None:
            raise CommandError("Nothing is asked for or allowed there.")
        services.end(grant, **said)
        self.stdout.write("Ended.")
