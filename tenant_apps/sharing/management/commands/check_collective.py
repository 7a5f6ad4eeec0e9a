"""`manage.py check_collective`: compare what the Collective shows with what the networks share."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenant_apps.sharing import rebuilding


class Command(BaseCommand):
    """Prints each difference on a line, ids only, and ends with an error when there is one."""

    help = (
        "List every difference between what networks share and what the Collective shows; non-zero when there is one."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare."""
        drift = rebuilding.find_drift()
        for line in drift:
            self.stdout.write(line)
        if drift:
            raise CommandError(
                f"{len(drift)} differences. rebuild_collective mends publications; it never touches replies."
            )
        self.stdout.write("The Collective shows exactly what the networks share.")
