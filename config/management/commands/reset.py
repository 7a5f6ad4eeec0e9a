"""Deletes the embedded database and everything the demo made."""

import shutil
import sys
from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from config import localpg, supervisor
from config.env import RUN


class Command(BaseCommand):
    """The next `make run` starts as from a fresh clone; what is installed stays."""

    help = "Deletes the embedded database and uploaded files. A database named by DATABASE_URL is not touched."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would be deleted and delete nothing")

    def handle(self, *args: object, **options: object) -> None:
        if options["dry_run"]:
            data = localpg.find_cluster("main").data
            self.stdout.write(f"Would delete the embedded database in {data} and uploaded files in {RUN / 'media'}.")
            return
        try:
            with supervisor.only_one():
                localpg.destroy("main")
        except (supervisor.CannotRunError, localpg.LocalPostgresError) as error:
            sys.exit(str(error))
        shutil.rmtree(RUN / "media", ignore_errors=True)
        (RUN / "stripe.json").unlink(missing_ok=True)  # what the stand-in for Stripe knows is of that database
        self.stdout.write("The embedded database and the demo are gone; make run makes them anew.")
