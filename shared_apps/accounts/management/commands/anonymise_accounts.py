"""Tells and anonymises the accounts that have belonged to no network for long, as the schedule does each night."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from shared_apps.accounts import services
from shared_apps.audit.enums import Via
from shared_apps.audit.services import Actor


class Command(BaseCommand):
    """Names nobody: whose account it is, is theirs."""

    help = "Tell whose account ends in a month that it does, and anonymise those that were told a month ago."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whether to do it."""
        parser.add_argument("--dry-run", action="store_true", help="Say how many, and change nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and say of how many."""
        by, dry_run = Actor.system(Via.COMMAND, label="command"), options["dry_run"]
        review = services.review_accounts(timezone.now(), by=by, dry_run=dry_run)
        would = "would be " if dry_run else ""
        self.stdout.write(f"{review.found} newly {would}noted to belong to no network.")
        self.stdout.write(f"{review.told} {would}told that their account ends.")
        self.stdout.write(f"{review.anonymised} {would}anonymised.")
