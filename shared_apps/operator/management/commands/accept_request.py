"""`manage.py accept_request ID`: put the network on line that somebody asked for."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from shared_apps.audit.services import Actor
from shared_apps.operator import services
from shared_apps.operator.management.commands import named_request
from shared_apps.requests.services import RequestError
from tenants.beginnings import TEMPLATES
from tenants.selectors import network_url


class Command(BaseCommand):
    """A worker brings the network on line; who asked is invited as its owner."""

    help = "Accept a request for a network, as it was asked or with what is changed here."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the request, and what is to be otherwise."""
        parser.add_argument("id", help="The request's id; list_requests shows them.")
        parser.add_argument("--name", help="Another name.")
        parser.add_argument("--subdomain", help="Another subdomain.")
        parser.add_argument("--region", help="Another region.")
        parser.add_argument("--plan", help="What it has on trial: small, medium, large or any.")
        parser.add_argument("--template", choices=[each.key for each in TEMPLATES], help="What it begins with.")
        parser.add_argument("--examples", action="store_true", help="Begin with a few discussions that are made up.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Accept it, and say where the network will be."""
        names = ("name", "subdomain", "region", "plan", "template", "examples")
        changes = {name: options[name] for name in names if options[name] is not None}
        by, now = Actor.system("command"), timezone.now()
        try:
            network = services.accept_request(named_request(options["id"]), **changes, now=now, by=by)
        except (RequestError, *services.NETWORK_ERRORS) as error:
            raise CommandError(" ".join(str(error).split())) from None
        self.stdout.write(f"address: {network_url(network)}")
        self.stdout.write("A worker brings it on line and invites its owner; list_networks shows how far it is.")
