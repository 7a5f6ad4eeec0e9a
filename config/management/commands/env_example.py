"""Prints .env.example from the typed settings."""

import dataclasses
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from config.env import RUN, Env


class Command(BaseCommand):
    """manage.py env_example > .env.example."""

    help = "Prints every environment variable with its meaning, as .env.example holds them."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--table", action="store_true", help="as deploy/ENVIRONMENT.md holds them")

    def handle(self, *args: object, **options: Any) -> None:
        self.stdout.write(reference() if options["table"] else example(), ending="")


def example() -> str:
    """The text of .env.example: each variable with what it is for and what holds when it is not set."""
    lines = ["# Made by `manage.py env_example`. These are environment variables; no file of them is read."]
    for field in dataclasses.fields(Env):
        default = field.default
        if isinstance(default, Path):
            default = default.relative_to(RUN.parent)
        lines += ["", f"# {field.metadata['doc']}", f"# {field.name.upper()}={'' if default is None else default}"]
    return "\n".join(lines) + "\n"


def reference() -> str:
    """The text of deploy/ENVIRONMENT.md: the same as a table."""
    lines = [
        "# Environment",
        "",
        "Made by `manage.py env_example --table` from `config/env.py`. Outside development `PUBLIC_DOMAIN`,",
        "`SECRET_KEY`, `DATABASE_URL` and `EMAIL_URL` must be set. A program says in one line what is wrong and ends.",
        "",
        "| variable | without it | what it is |",
        "|---|---|---|",
    ]
    for field in dataclasses.fields(Env):
        default = field.default.relative_to(RUN.parent) if isinstance(field.default, Path) else field.default
        shown = (
            "" if default in (None, "", 0) else f"`{str(default).lower() if isinstance(default, bool) else default}`"
        )
        lines.append(f"| `{field.name.upper()}` | {shown} | {field.metadata['doc']} |")
    return "\n".join(lines) + "\n"
