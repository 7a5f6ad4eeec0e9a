"""`manage.py rebuild_collective`: make every publication anew from the networks; replies stay as they are."""

from typing import Any

from django.core.management.base import BaseCommand

from tenant_apps.sharing import rebuilding


class Command(BaseCommand):
    """Publications keep their ids; one that no network shares any more is removed."""

    help = "Make every publication anew from the networks. Ids are kept and replies are never touched."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild network by network, each in a transaction of its own, and say how far it is."""
        total = 0
        for done in rebuilding.rebuild():
            total += done.written
            self.stderr.write(f"{done.network}: {done.written} written, {done.removed} removed")
        self.stdout.write(f"{total} publications.")
