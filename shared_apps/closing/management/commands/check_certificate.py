"""`manage.py check_certificate FILE`: say whether a certificate of deletion is ours, and as it was written."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shared_apps.closing.certificates import is_genuine


class Command(BaseCommand):
    """Needs the key alone, and no database."""

    help = "Say whether a certificate of deletion was signed by this platform and is unchanged."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path, help="The certificate, as it was downloaded or emailed.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say it, or fail."""
        try:
            text = options["file"].read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            raise CommandError("The file cannot be read.") from None
        if not is_genuine(text):
            raise CommandError("This is not a certificate of ours, or it was changed.")
        self.stdout.write("This certificate is ours, and as it was written.")
