"""`manage.py grant_roles [--check]`: give the role of DATABASE_URL what it may have of every schema, and no more."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tenants import roles


class Command(BaseCommand):
    """Changes nothing where all is well; with --check it changes nothing at all, and exits 1 with what is wrong."""

    help = (
        "Let the role of DATABASE_URL read and write rows, add to the audit and own nothing. migrate_networks keeps it "
        "so; this puts it right after the first start with DATABASE_OWNER_URL, after a restore, or in doubt."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whether to look only."""
        parser.add_argument("--check", action="store_true", help="Say what is wrong, and change nothing.")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        """Grant, look, and say what is still wrong."""
        if settings.DATABASE_OWNER is None:
            raise CommandError("There is one role: DATABASE_OWNER_URL is not set.")
        with roles.as_owner():
            if not check:
                self.stdout.write(f"{roles.grant_all():,} schemas granted to {settings.DATABASE_APP_ROLE}.")
            wrong = roles.findings()
        if wrong:
            raise CommandError("\n".join(wrong))
        self.stdout.write("The role has what it should, and no more.")
