"""`manage.py restore_network FILE --subdomain S`: a network from its archive, beside those that live."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from shared_apps.audit.services import Actor
from tenant_apps.portability import services
from tenant_apps.portability.management.commands import TellingCommand
from tenants.selectors import network_url


class Command(TellingCommand):
    """Progress on the error stream; the address on the output."""

    help = (
        "Make a network from an archive of export_network, here or in another installation, beside the live ones. "
        "Nobody is told anything; what the original shares stays the original's. An interrupted run is begun anew."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the archive, where it goes, and what of it leaves."""
        parser.add_argument("file", type=Path, metavar="FILE", help="An archive that export_network wrote.")
        parser.add_argument("--subdomain", required=True, metavar="S", help="A subdomain that is free.")
        parser.add_argument("--name", default="", help="Another name than in the archive.")
        parser.add_argument("--publish", action="store_true", help="Publish again what it had shared.")
        parser.add_argument("--dry-run", action="store_true", help="Check the archive, and change nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check or restore, and say what there is."""
        wanted = {name: options[name] for name in ("subdomain", "name")} | {"on_progress": self.tell}
        try:
            if options["dry_run"]:
                found = services.plan_restore(options["file"], **wanted)
            else:
                found = services.restore_network(
                    options["file"], **wanted, publish=options["publish"], by=Actor.system("command")
                )
        except services.RestoreRefusedError as error:
            raise CommandError(" ".join(str(error).split())) from None
        self.stdout.write(f"{found.name}: {found.rows:,} rows, {found.files:,} files")
        if found.stands_alone:
            self.stdout.write(f"Nothing of it can be merged back: {found.stands_alone}.")
        if found.unknown_schools:
            self.stdout.write(
                f"Schools that the register here does not have: {found.unknown_schools:,}. They stay names alone, "
                "unless import_schools is run before this."
            )
        if found.network is None:
            self.stdout.write("The archive is whole. Nothing was written: this was a dry run.")
        else:
            self.stdout.write(f"address: {network_url(found.network)}")
