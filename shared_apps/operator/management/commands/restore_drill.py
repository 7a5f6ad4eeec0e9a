"""`manage.py restore_drill [--restored URL] [--dry-run]`: prove that what is backed up can be restored."""

from argparse import ArgumentParser
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from shared_apps.operator import drill, selectors


class Command(BaseCommand):
    """Ends with one line of figures, and exits 1 with what is wrong."""

    help = (
        "Dump the database now, restore it into a scratch database, insert into every table, compare counts and "
        "checksums, report, and drop it. With --restored, look so at a database that was restored from a backup."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take where to look."""
        parser.add_argument("--restored", metavar="URL", help="A database that a backup was restored into.")
        parser.add_argument(
            "--server",
            metavar="URL",
            default=settings.DRILL_DATABASE_URL,
            help="Whose role makes the scratch database; by default DRILL_DATABASE_URL, or ours.",
        )
        parser.add_argument("--dry-run", action="store_true", help="Say what would be copied, and make nothing.")

    def handle(self, *args: Any, restored: str | None, server: str, dry_run: bool, **options: Any) -> None:
        """Hold the drill."""
        live, began = drill.own_url(), monotonic()
        try:
            if dry_run:
                self._look_ahead(live, _checked(server) if server else live)
                return
            if restored:
                findings = drill.examine(_checked(restored), drill.measure(live))
            else:
                findings = drill.examine_dump(live, _checked(server) if server else live)
        except drill.DrillError as error:
            raise CommandError(str(error)) from None
        self._report(findings, exact=not restored, seconds=monotonic() - began)

    def _look_ahead(self, live: str, server: str) -> None:
        drill.refuse_impossible(live, server)
        ahead = selectors.drill_ahead()
        self.stdout.write(f"{ahead.tables:,} tables of {ahead.size:,} bytes would be copied. Nothing was made.")

    def _report(self, findings: drill.Findings, *, exact: bool, seconds: float) -> None:
        if not exact and findings.differ:
            self.stderr.write(f"Changed since the backup: {', '.join(findings.differ)}")
        if findings.unproved:
            self.stderr.write(f"Empty, and no row could be made up for: {', '.join(findings.unproved)}")
        if findings.wrong:
            raise CommandError("\n".join(findings.wrong))
        self.stdout.write(
            f"{findings.tables:,} tables with {findings.rows:,} rows restored, {findings.inserted:,} took a row, "
            f"{len(findings.differ):,} differ. {seconds:.1f} s"
        )


def _checked(url: str) -> str:
    if urlsplit(url).scheme not in {"postgres", "postgresql"}:
        raise drill.DrillError("An address begins with postgresql://.")
    return url
