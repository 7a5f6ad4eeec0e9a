"""Prints .env.example from the typed settings."""

from django.core.management.base import BaseCommand

from config.env import example


class Command(BaseCommand):
    """manage.py env_example > .env.example."""

    help = "Prints every environment variable with its meaning, as .env.example holds them."
    requires_system_checks = ()

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write(example(), ending="")
