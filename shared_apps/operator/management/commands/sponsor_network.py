"""`manage.py sponsor_network SUBDOMAIN --by NAME --until DAY`: let somebody else pay, and end what a card pays."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from shared_apps.audit.services import Actor
from shared_apps.billing import selectors, services
from shared_apps.billing.enums import EndOfCard
from shared_apps.billing.models import Subscription
from shared_apps.operator.management.commands import named_network


class Command(BaseCommand):
    """Where a card pays, `--end-card` says when that ends; the network's owners are told by email."""

    help = "Let somebody else pay for a network until a day; --end ends that."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the network, who pays and until when, and what becomes of a card."""
        parser.add_argument("subdomain", help="The network's subdomain; list_networks shows them.")
        parser.add_argument("--by", default="", metavar="NAME", help="Who pays.")
        parser.add_argument("--until", type=date.fromisoformat, metavar="DAY", help="The last day, as 2027-08-31.")
        parser.add_argument("--end", action="store_true", help="Nobody else pays any more.")
        parser.add_argument(
            "--end-card",
            default="",
            choices=EndOfCard.values,
            help="now: at once, and what is not used is credit; period: when the time that is paid for ends.",
        )
        parser.add_argument("--dry-run", action="store_true", help="Say whether a card pays, and change nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and say so, or say in one line why not."""
        network = named_network(options["subdomain"])
        subscription = selectors.subscription_of(network)
        if subscription is None:
            raise CommandError(f"{network.name} has no plan yet.")
        if not options["dry_run"] and bool(options["until"]) == options["end"]:
            raise CommandError("Give --by and --until, or --end.")
        try:
            self.stdout.write(_card(subscription) if options["dry_run"] else _sponsor(subscription, options))
        except services.CardPaysError as error:
            raise CommandError(f"{error} Give --end-card now or --end-card period.") from None
        except (services.BillingError, services.GatewayError) as error:
            raise CommandError(str(error)) from None


def _card(subscription: Subscription) -> str:
    renewal = services.renewal_of(subscription)
    if renewal is None or renewal.is_ending:
        return "No card pays for it that would be charged again."
    return "A card pays for it: --end-card says when that ends."


def _sponsor(subscription: Subscription, options: dict[str, Any]) -> str:
    until = selectors.end_of(options["until"]) if options["until"] else None
    said: dict[str, Any] = {"now": timezone.now(), "by": Actor.system("command")}
    services.set_sponsor(subscription, sponsor=options["by"], until=until, end_card=options["end_card"], **said)
    name = subscription.network.name
    return f"{options['by']} pays for {name} until {options['until']}." if until else f"Nobody else pays for {name}."
