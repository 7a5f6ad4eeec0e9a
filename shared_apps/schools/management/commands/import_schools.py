"""Imports DfE's register of schools from its CSV files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shared_apps.audit.enums import Via
from shared_apps.audit.services import Actor
from shared_apps.schools.enums import ImportedFile, RowChange
from shared_apps.schools.models import RegisterImport
from shared_apps.schools.selectors import import_rows
from shared_apps.schools.services import ImportRunningError, Progress, RegisterFileError, import_register
from tenants.context import in_public

_SHOWN = 20
_SHOWN_UNREADABLE = 200


class Command(BaseCommand):
    """Reports on standard output; progress goes to standard error."""

    help = (
        "Bring the register of schools up to a file of Get Information About Schools (edubasealldata*.csv). "
        "Schools that the file leaves out stay. Running it again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the two files."""
        parser.add_argument("file", type=Path, metavar="FILE", help="edubasealldata*.csv as DfE publishes it")
        parser.add_argument(
            "--links", type=Path, metavar="FILE", help="links_edubasealldata*.csv: predecessors and successors"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, then report."""
        try:
            with in_public():
                run = import_register(
                    path=options["file"],
                    links_path=options["links"],
                    by=Actor.system(Via.COMMAND, label="import_schools"),
                    on_progress=self._progress,
                )
                self._report(run)
        except (RegisterFileError, ImportRunningError) as error:
            raise CommandError(str(error)) from error

    def _progress(self, progress: Progress) -> None:
        part = "" if progress.part is None else f": {progress.rows:,} rows, {progress.part:.0%}"
        self.stderr.write(f"{progress.doing}{part}")

    def _report(self, run: RegisterImport) -> None:
        for change in (RowChange.UNREADABLE, RowChange.CLOSED, RowChange.REOPENED, RowChange.CHANGED):
            self._list(run, change)
        published = f", published {run.file_date:%d %B %Y}".replace(" 0", " ") if run.file_date else ""
        self.stdout.write(f"{run.file_name}{published}")
        for label in ("added", "changed", "closed", "reopened", "unchanged", "unreadable"):
            self.stdout.write(f"  {label}: {getattr(run, label):,}")
        if run.links_file_name:
            self.stdout.write(run.links_file_name)
            for label in ("added", "changed", "unchanged", "unknown_school", "unreadable"):
                self.stdout.write(f"  {label.replace('_', ' ')}: {getattr(run, f'links_{label}'):,}")

    def _list(self, run: RegisterImport, change: RowChange) -> None:
        rows = import_rows(run, change)
        shown = _SHOWN_UNREADABLE if change == RowChange.UNREADABLE else _SHOWN
        for row in rows[:shown]:
            file = run.links_file_name if row.file == ImportedFile.LINKS else run.file_name
            school = f" {row.school}" if row.school else ""
            detail = f": {row.detail}" if row.detail else ""
            self.stdout.write(f"{file} line {row.line}: {change.label.lower()}{school}{detail}")
        if (more := rows.count() - shown) > 0:
            self.stdout.write(f"… and {more:,} more {change.label.lower()}")
