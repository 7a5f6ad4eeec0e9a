"""Prints what a reader sees of a message: the author's own words, without quotes and signature."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shared_apps.mail.reading import read_message
from shared_apps.mail.reading.charsets import decode_text
from shared_apps.mail.trimming import trim, trim_message


class Command(BaseCommand):
    """Print the shown part of one message and nothing else."""

    help = "Prints what a reader sees of a raw message, or of a plain body with --text."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and what it holds."""
        parser.add_argument("file", metavar="FILE", help="a raw message; - for standard input")
        parser.add_argument("--text", action="store_true", help="the file is a plain body, without headers")

    def handle(self, *args: str, **options: Any) -> None:
        """Print it."""
        raw = _read(options["file"])
        trimmed = trim(decode_text(raw, "utf-8")) if options["text"] else trim_message(read_message(raw))
        if isinstance(self.stdout._out, type(sys.stdout)):
            sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # whatever the terminal's language
        self.stdout.write(trimmed.shown, ending="\n" if trimmed.shown else "")


def _read(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise CommandError(f"Cannot read {name}: {error.strerror}.") from error
