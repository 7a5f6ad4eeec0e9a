"""`manage.py export_network SUBDOMAIN FILE [--resume]`: a network with everything, in one archive."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from shared_apps.audit.services import Actor
from shared_apps.core.commands import named_network
from tenant_apps.portability import services
from tenant_apps.portability.management.commands import TellingCommand


class Command(TellingCommand):
    """Progress on the error stream; what the archive holds, and its checksum, on the output."""

    help = (
        "Write a network into one archive (ZIP): every table as lines of JSON, sheets, uploaded files, pages to read, "
        "and a manifest with a checksum of each. All of it is of one moment, and the network goes on meanwhile."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take which, where to, and whether to go on."""
        parser.add_argument("subdomain", help="The network's subdomain; list_networks shows them.")
        parser.add_argument("file", type=Path, metavar="FILE", help="The archive to write, such as west-mids.zip.")
        parser.add_argument("--resume", action="store_true", help="Keep the files that an interrupted run has copied.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Export, and say what there is."""
        network, path = named_network(options["subdomain"]), options["file"]
        if path.exists():
            raise CommandError(f"{path} is there already. Choose another name.")
        try:
            done = services.export_network(
                network, path, by=Actor.system("command"), resume=options["resume"], on_progress=self.tell
            )
        except services.OldReleaseError as error:
            raise CommandError(str(error)) from None
        except services.ArchiveBusyError:
            raise CommandError(f"Another process is writing {path}. Choose another name.") from None
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from None
        self.stdout.write(
            f"{done.path}: {done.tables} tables with {done.rows:,} rows, {done.files:,} files, {done.size:,} bytes"
        )
        if done.missing:
            self.stdout.write(f"{done.missing:,} files are named but gone or damaged; manifest.json lists them.")
        self.stdout.write(f"SHA-256: {done.sha256}")
