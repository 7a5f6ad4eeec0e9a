"""Prints .env.example from the typed settings."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from config.env import example, reference


class Command(BaseCommand):
    """manage.py env_example > .env.example."""

    help = "Prints every environment variable with its meaning, as .env.example holds them."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--table", action="store_true", help="as deploy/ENVIRONMENT.md holds them")

    def handle(self, *args: object, **options: Any) -> None:
        self.stdout.write(reference() if options["table"] else example(), ending="")
