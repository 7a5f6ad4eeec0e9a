"""`manage.py migrate_networks [--jobs N]`: bring every schema to this release; run again, it goes on."""

from argparse import ArgumentParser
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shared_apps.audit.services import Actor
from shared_apps.core.commands import named_network
from shared_apps.operator import services
from tenants import upgrading
from tenants.enums import UpgradeState
from tenants.models import Network

TELL_EVERY = 5.0  # seconds between two lines of progress
MOST_JOBS = 32


class Command(BaseCommand):
    """Platform, Collective, canaries, then the others; ends with what failed and why, and exits 1 when any did."""

    help = (
        "Bring every schema to this release: the platform, the Collective, canary networks, then the others, each in "
        "a transaction of its own. A network that fails delays no other and is named; run again, it goes on."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take how many at once, which, and whether canaries decide."""
        parser.add_argument("--jobs", type=int, default=2, help="How many networks at once, on as many connections.")
        parser.add_argument("--network", metavar="SUBDOMAIN", help="Only this network.")
        parser.add_argument("--past-canaries", action="store_true", help="Go on also when a canary network fails.")
        parser.add_argument("--dry-run", action="store_true", help="Say which networks are behind, and change nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Upgrade, and end with one line and one for each network that failed."""
        self.quiet, self.started = options["verbosity"] == 0, monotonic()
        self.told, self.ended = self.started, 0
        only = named_network(options["network"]) if options["network"] else None
        if not 1 <= options["jobs"] <= MOST_JOBS:
            raise CommandError(f"--jobs takes a number from 1 to {MOST_JOBS}.")
        if options["dry_run"]:
            self._list(only)
            return
        for name in services.upgrade_platform():
            self._say(f"{name}: migrated")
        report = services.upgrade_networks(
            by=Actor.system("command"),
            only=only,
            jobs=options["jobs"],
            past_canaries=options["past_canaries"],
            on_result=self._tell,
        )
        self._sum_up(report)

    def _list(self, only: Network | None) -> None:
        behind = upgrading.networks_behind(only=only)
        for network in behind:
            self.stdout.write(f"{network.subdomain:<31}{'canary' if network.is_canary else ''}")
        self.stdout.write(f"{len(behind):,} to upgrade." if behind else "Nothing to do.")

    def _tell(self, result: upgrading.Result, total: int) -> None:
        self.ended += 1
        if result.state == UpgradeState.FAILED:
            self._say(f"{result.network.subdomain}: failed at {_where(result)}")
        if monotonic() - self.told > TELL_EVERY:
            self.told = monotonic()
            self._say(f"{self.ended:,} of {total:,} networks, {self.told - self.started:.0f} s")

    def _sum_up(self, report: upgrading.Report) -> None:
        seconds = monotonic() - self.started
        if not report.results:
            self._say(f"Nothing to do. {seconds:.1f} s")
            return
        done = len(report.results) - len(report.failed)
        self._say(
            f"{done:,} upgraded, {len(report.failed):,} failed, {len(report.held_back):,} held back. {seconds:.1f} s"
        )
        if report.failed:
            lines = [f"{each.network.subdomain}: {_where(each)}: {each.error}" for each in report.failed]
            if report.held_back:
                lines.append("A canary failed: mend it and run again, or run with --past-canaries.")
            raise CommandError("\n".join(lines))

    def _say(self, line: str) -> None:
        if not self.quiet:
            self.stderr.write(line, self.style.NOTICE)


def _where(result: upgrading.Result) -> str:
    return result.migration or "its beginning"
