"""`manage.py list_requests [--json]`: who asks for a network and waits for an answer."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from shared_apps.operator.serializers import RequestSerializer
from shared_apps.requests.selectors import waiting_requests


class Command(BaseCommand):
    """A table for people, or JSON for programs."""

    help = "List the requests for a network that wait for an answer, the oldest first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the form of the answer."""
        parser.add_argument("--json", action="store_true", help="Print a list of objects.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line, or one object, for each request."""
        found = list(waiting_requests())
        if options["json"]:
            self.stdout.write(json.dumps(RequestSerializer(found, many=True).data, ensure_ascii=False, indent=2))
            return
        for each in found:
            self.stdout.write(f"{each.id}  {each.subdomain:<31}{each.members:>6}  {each.name} ({each.email})")
        if not found:
            self.stdout.write("Nobody waits.")
