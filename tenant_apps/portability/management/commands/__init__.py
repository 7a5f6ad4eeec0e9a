"""What the commands of this app have in common: saying how far they are."""

from time import monotonic

from django.core.management.base import BaseCommand

from tenant_apps.portability.services import Progress

TELL_EVERY = 2.0  # seconds between two lines about the same


class TellingCommand(BaseCommand):
    """Says on the error stream what it does, when that changes and every few seconds."""

    doing, told = "", 0.0

    def tell(self, progress: Progress) -> None:
        """Show a line."""
        if progress.doing == self.doing and monotonic() - self.told < TELL_EVERY:
            return
        self.doing, self.told = progress.doing, monotonic()
        count = f" {progress.done:,} of {progress.total:,}" if progress.total else ""
        self.stderr.write(f"{progress.doing}{count}", self.style.NOTICE)
