#!/usr/bin/env python
"""Django's commands, with the embedded database started for those that need one."""

import os
import signal
import sys
from types import FrameType

NO_DATABASE = {"env_example", "help", "reset", "run", "version", "--help", "-h", "--version"}


def end(number: int, frame: FrameType | None) -> None:
    """Leave as after any other end, so that the database started for this command is stopped."""
    sys.exit(128 + number)


def main() -> None:
    from config import localpg

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGHUP, end)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    wanted = set(sys.argv[1:2]) or {"help"}
    if "DATABASE_URL" not in os.environ and not wanted & NO_DATABASE and not {"--help", "-h"} & set(sys.argv):
        try:
            os.environ["DATABASE_URL"] = localpg.ensure_running()
        except localpg.LocalPostgresError as error:
            sys.exit(str(error))
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except KeyboardInterrupt:
        print("Stopped. Give the same command again: it goes on, or begins anew.", file=sys.stderr)
        end(signal.SIGINT, None)


if __name__ == "__main__":
    main()
