"""`manage.py network_domain SUBDOMAIN [--check] [--remove]`: how a network's own domain stands."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from shared_apps.audit.services import Actor
from shared_apps.core.commands import named_network
from shared_apps.domains import selectors, services
from shared_apps.domains.models import OwnDomain
from tenants.models import Network


class Command(BaseCommand):
    """Says the records to set and what was found; its owners claim it, at /manage/address/."""

    help = "Show a network's own domain, look at its DNS records now, or remove it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the network and what to do."""
        parser.add_argument("subdomain", help="The network's subdomain; list_networks shows them.")
        parser.add_argument("--check", action="store_true", help="Look at its DNS records now.")
        parser.add_argument("--remove", action="store_true", help="Take it away; its owners are told.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and say how it stands."""
        network = named_network(options["subdomain"])
        domain = _domain_of(network)
        if options["remove"]:
            services.remove(domain, by=Actor.system("command"))
            self.stdout.write(f"{domain.host} is removed.")
            return
        if options["check"]:
            services.check(domain.id, now=timezone.now(), server=settings.DNS_RESOLVER)
            domain = _domain_of(network)
        self.stdout.write(f"{domain.host}: {domain.get_state_display()}. {domain.get_finding_display()}.")
        for kind, name, value in selectors.records_of(domain):
            self.stdout.write(f"{kind:<6}{name} {value}")


def _domain_of(network: Network) -> OwnDomain:
    domain = selectors.domain_of(network)
    if domain is None:
        raise CommandError("It has no domain of its own, and none is claimed.")
    return domain
