"""`manage.py decline_request ID --answer WORDS`: say no to somebody who asked for a network."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from shared_apps.audit.services import Actor
from shared_apps.operator.management.commands import named_request
from shared_apps.requests import services


class Command(BaseCommand):
    """Who asked gets the words by email."""

    help = "Decline a request for a network, with words that are emailed to who asked."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the request and the words."""
        parser.add_argument("id", help="The request's id; list_requests shows them.")
        parser.add_argument("--answer", required=True, help="Why; they read it as it is.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Decline it and say so."""
        asked, by = named_request(options["id"]), Actor.system("command")
        try:
            services.decline(asked, answer=options["answer"], now=timezone.now(), by=by)
        except services.RequestError as error:
            raise CommandError(str(error)) from None
        self.stdout.write("Declined.")
