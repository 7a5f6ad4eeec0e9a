"""The operator's commands, and what those that act on one network have in common."""

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from shared_apps.audit.services import Actor
from shared_apps.core.commands import named_network
from shared_apps.operator import services
from shared_apps.requests.models import NetworkRequest
from shared_apps.requests.selectors import get_request


def named_request(request_id: str) -> NetworkRequest:
    """Return the request; raises CommandError when there is none."""
    try:
        asked = get_request(UUID(request_id))
    except ValueError:
        asked = None
    if asked is None:
        raise CommandError(f"There is no request with the id {request_id[:60]!a}. See list_requests.")
    return asked


class NetworkCommand(BaseCommand):
    """Finds the network and does `act` to it; a wrong state is one clear line."""

    act: Callable[..., None]
    done: str

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the subdomain."""
        parser.add_argument("subdomain", help="The network's subdomain; list_networks shows them.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say so."""
        network = named_network(options["subdomain"])
        try:
            self.act(network, by=Actor.system("command"))
        except services.NETWORK_ERRORS as error:
            raise CommandError(str(error)) from None
        self.stdout.write(self.done.format(name=network.name))
