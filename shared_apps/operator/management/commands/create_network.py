"""`manage.py create_network NAME --subdomain S --owner-email E`: put a network on line, or finish one."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shared_apps.audit.services import Actor
from shared_apps.operator import services
from tenants.beginnings import TEMPLATES, USUAL
from tenants.lifecycle import Progress


class Command(BaseCommand):
    """Ends with the lines `address: URL` and `invitation: URL`; run again, it finishes and issues a fresh link."""

    help = "Put a network on line. Run again with the same subdomain and owner, it finishes or issues a fresh link."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the name, the subdomain, the owner's address, and what it begins with."""
        parser.add_argument("name", help="The network's name, as its members say it.")
        parser.add_argument("--subdomain", required=True, help="Its address: SUBDOMAIN.<the platform's domain>.")
        parser.add_argument("--owner-email", required=True, help="Who takes it over, by a link in an email.")
        parser.add_argument("--region", default="", help="Such as “South East”.")
        keys = [each.key for each in TEMPLATES]
        parser.add_argument("--template", default=USUAL.key, choices=keys, help="What it begins with.")
        parser.add_argument("--examples", action="store_true", help="Begin with a few discussions that are made up.")
        parser.add_argument("--plan", default="", help="What it has on trial: small, medium, large or any.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Show each step on the error stream, and the two lines on the output."""
        try:
            done = services.onboard_network(
                name=options["name"],
                subdomain=options["subdomain"],
                owner_email=options["owner_email"],
                region=options["region"],
                template=options["template"],
                examples=options["examples"],
                plan=options["plan"],
                by=Actor.system("command"),
                on_progress=self._show,
            )
        except services.NETWORK_ERRORS as error:
            raise CommandError(" ".join(str(error).split())) from None
        self.stdout.write(f"address: {done.address}")
        self.stdout.write(f"invitation: {done.invitation or 'accepted already'}")

    def _show(self, progress: Progress) -> None:
        if progress.seconds is not None:
            line = f"[{progress.number}/{progress.total}] {progress.step.label}: {progress.seconds:.2f} s"
            self.stderr.write(line, self.style.NOTICE)
