"""`manage.py import_mbox FILE --network S --category C [--dry-run]`: bring a mailing list into a category."""

import sys
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from shared_apps.audit.enums import Via
from shared_apps.audit.services import Actor
from tenant_apps.discussions import selectors, services
from tenant_apps.discussions.enums import Fate
from tenant_apps.discussions.importing.mbox import NotMboxError
from tenant_apps.discussions.importing.plan import Plan, make_plan
from tenant_apps.discussions.models import Archive, Category
from tenants.context import in_network, in_public
from tenants.enums import NetworkState
from tenants.models import Network
from tenants.selectors import get_network, networks

_SHOWN = 20


class Command(BaseCommand):
    """Reports on standard output; progress goes to standard error."""

    help = (
        "Bring a mailing list's archive (mbox, also of Google Groups) into a category: each thread becomes a "
        "discussion. Nobody is emailed. Run again, it adds only what is new; stopped half-way, it goes on."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the file and where it goes."""
        parser.add_argument("file", type=Path, metavar="FILE", help="The mbox file.")
        parser.add_argument("--network", required=True, metavar="S", help="The network's subdomain.")
        parser.add_argument("--category", required=True, metavar="C", help="The category's name.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would happen, and write nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Plan, report, and bring in what was planned."""
        with in_public():
            network = self._network(options["network"])
        with in_network(network):
            category = self._category(options["category"])
            try:
                self._bring(options["file"], category, is_dry=options["dry_run"])
            except NotMboxError:
                raise CommandError(f"{options['file']} is no mbox: it does not begin with a message.") from None
            except OSError as error:
                raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from None

    def _bring(self, path: Path, category: Category, *, is_dry: bool) -> None:
        with path.open("rb") as file:
            plan = make_plan(file, known=selectors.archived_in, now=timezone.now(), on_progress=self._progress)
            self._report(plan, category)
            if is_dry:
                self.stdout.write("Nothing was written: this was a dry run.")
            elif not plan.threads:
                self.stdout.write("Nothing is new, and nothing was written.")
            else:
                archive = services.bring_planned(
                    plan,
                    file,
                    name=path.name,
                    category=category,
                    by=Actor.system(Via.COMMAND, label="import_mbox"),
                    on_done=self._done,
                )
                self._end(archive)

    def _network(self, subdomain: str) -> Network:
        network = get_network(subdomain)
        if network is None or network.state != NetworkState.LIVE:
            there = ", ".join(each.subdomain for each in networks() if each.state == NetworkState.LIVE) or "none yet"
            raise CommandError(f"There is no network {subdomain} on line. Networks: {there}.")
        return network

    def _category(self, name: str) -> Category:
        category = selectors.category_like(name)
        if category is None:
            there = ", ".join(each.name for each in selectors.categories()) or "none yet"
            raise CommandError(f"There is no category {name}. Categories: {there}.")
        return category

    def _progress(self, doing: str, done: int, total: int) -> None:
        self._line(f"{doing}: {done:,} of {total:,}", is_last=done == total)

    def _done(self, done: int, total: int) -> None:
        self._line(f"Writing: {done:,} of {total:,}", is_last=done == total)

    def _line(self, words: str, *, is_last: bool) -> None:
        """Write over the line before on a terminal; elsewhere only the last counts."""
        if sys.stderr.isatty():
            self.stderr.write(f"\r{words}", ending="\n" if is_last else "")
        elif is_last:
            self.stderr.write(words)

    def _report(self, plan: Plan, category: Category) -> None:
        report = services.report_of(plan)
        self.stdout.write(f"Into {category.name}: {report['discussions']:,} discussions, {report['replies']:,} replies")
        if report["goes_on"]:
            self.stdout.write(f"  of which {report['goes_on']:,} discussions that are here go on")
        if report["from"]:
            self.stdout.write(f"  written from {_day(report['from'])} to {_day(report['until'])}")
        self.stdout.write(f"  by {report['matched']:,} members and {report['unmatched_count']:,} others")
        for fate, count in report["counts"].items():
            if fate != Fate.BRINGS:
                self.stdout.write(f"  left out, {Fate(fate).label.lower()}: {count:,}")
        for each in report["left_out"][:_SHOWN]:
            self.stdout.write(f"    message {each['number']}: {Fate(each['fate']).label.lower()}, {each['subject']!r}")
        if report["redated_count"]:
            self.stdout.write(f"  dated anew, because their date cannot be: {report['redated_count']:,}")
        if report["shortened"]:
            self.stdout.write(f"  shortened: {report['shortened']:,}")

    def _end(self, archive: Archive) -> None:
        for each in archive.report.get("files_left", []):
            self.stdout.write(f"  not brought: {each['name']!r} of message {each['number']} {each['why']}")
        self.stdout.write(
            f"Brought in: {archive.report['discussions']:,} discussions, {archive.report['replies']:,} replies. "
            "Organisers can take them out again at /manage/archives/."
        )


def _day(iso: str) -> str:
    return f"{timezone.localtime(datetime.fromisoformat(iso)):%-d %B %Y}"
