"""`manage.py close_network SUBDOMAIN`: announce that a network closes, take that back, or delete it now."""

import time
from argparse import ArgumentParser, BooleanOptionalAction
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from shared_apps.audit.services import Actor
from shared_apps.closing import selectors, services
from shared_apps.closing.enums import AskedBy, ClosingState
from shared_apps.closing.models import Closing
from shared_apps.closing.services import Plan
from shared_apps.core.commands import named_network
from tenants.models import Network
from tenants.services import WrongStateError

_WAITS = (services.BusyError, services.GatewayError, services.AlreadyRunningError, WrongStateError)


class Command(BaseCommand):
    """Nothing is deleted without the subdomain typed again, and `--dry-run` says what that would be."""

    help = "Announce that a network closes, with 30 days' notice; --stop takes it back, --now deletes it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the network, and what is decided about it."""
        parser.add_argument("subdomain", help="The network's subdomain; list_networks shows them.")
        parser.add_argument("--on", default="", metavar="DAY", help="The closing day, as 2027-01-31. By default soon.")
        parser.add_argument("--reason", default="The platform closes it.", help="Why; its owners read it.")
        parser.add_argument("--words", default="", help="A word to the members.")
        parser.add_argument(
            "--keep-publications",
            action=BooleanOptionalAction,
            help="Let what it shared with other networks stay, unnamed, or not. By default as was announced, or not.",
        )
        parser.add_argument("--stop", action="store_true", help="Take it back.")
        parser.add_argument("--now", action="store_true", help="Close and delete it without notice.")
        parser.add_argument("--confirm", default="", metavar="SUBDOMAIN", help="With --now: instead of being asked.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would be deleted, and change nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and say so, or say in one line why not."""
        network = named_network(options["subdomain"])
        try:
            if options["dry_run"]:
                self._show(network)
            elif options["stop"]:
                services.call_off(network, now=timezone.now(), by=_actor())
                self.stdout.write(f"{network.name} does not close.")
            elif options["now"]:
                self._delete(network, options)
            else:
                self._announce(network, options)
        except (services.ClosingError, WrongStateError) as error:
            raise CommandError(str(error)) from None

    def _show(self, network: Network) -> None:
        for what, how_much in selectors.preview_in_words(network):
            self.stdout.write(f"{what}: {how_much}")

    def _announce(self, network: Network, options: dict[str, Any]) -> None:
        now = timezone.now()
        closes_on = _day(options["on"]) if options["on"] else timezone.localdate(now) + selectors.NOTICE
        plan = Plan(closes_on, bool(options["keep_publications"]), options["words"], options["reason"])
        closing = services.announce(network, plan, asked_by=AskedBy.OPERATOR, now=now, by=_actor())
        self.stdout.write(f"{network.name} closes on {closing.closes_at:%Y-%m-%d}.")
        self.stdout.write(f"It is deleted on {timezone.localdate(closing.deletes_at):%Y-%m-%d}.")

    def _delete(self, network: Network, options: dict[str, Any]) -> None:
        self._ask(network, options["confirm"])
        said = {"reason": options["reason"], "keeps_publications": _keeps(network, options["keep_publications"])}
        closing = services.close_now(network, **said, now=timezone.now(), by=_actor())
        self.stdout.write(f"{network.name} has closed.")
        self._finish(closing)
        self.stdout.write(closing.certificate)

    def _ask(self, network: Network, confirmed: str) -> None:
        if not confirmed:
            self._show(network)
            confirmed = input("This cannot be taken back. Type the subdomain to delete it: ")
        if confirmed.strip() != network.subdomain:
            raise CommandError("This is not its subdomain. Nothing is deleted.")

    def _finish(self, closing: Closing) -> None:
        """Wait until requests that were under way have ended, and delete; the schedule would, if this were stopped."""
        until = time.monotonic() + 2 * services.QUIET.total_seconds()
        while closing.state != ClosingState.DELETED:
            try:
                services.advance(closing, now=timezone.now())
            except _WAITS as error:
                if time.monotonic() > until:
                    raise CommandError(f"{error} It is tried again every 15 minutes.") from None
                time.sleep(1)


def _actor() -> Actor:
    return Actor.system("command")


def _keeps(network: Network, said: bool | None) -> bool:
    announced = selectors.open_closing(network)
    return said if said is not None else announced is not None and announced.keeps_publications


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError("Give the day as 2027-01-31.") from None
