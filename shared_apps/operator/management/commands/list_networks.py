"""`manage.py list_networks [--json]`: every network with its state and members."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from shared_apps.operator.selectors import networks


class Command(BaseCommand):
    """A table for people, or JSON for programs."""

    help = "List every network with its subdomain, state and number of members."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the form of the answer."""
        parser.add_argument("--json", action="store_true", help="Print a list of objects.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line, or one object, for each network."""
        rows = [
            {"name": each.name, "subdomain": each.subdomain, "state": each.state, "members": each.member_count}
            for each in networks().order_by("name")
        ]
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
            return
        for row in rows:
            self.stdout.write(f"{row['subdomain']:<31}{row['state']:<11}{row['members']:>6}  {row['name']}")
        if not rows:
            self.stdout.write("No networks yet. Add one with create_network.")
