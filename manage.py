#!/usr/bin/env python
"""Django's commands, with the embedded database started for those that need one."""

import os
import sys

NO_DATABASE = {"env_example", "help", "reset", "run", "version", "--help", "-h", "--version"}


def main() -> None:
    from config import localpg

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    wanted = set(sys.argv[1:2]) or {"help"}
    if "DATABASE_URL" not in os.environ and not wanted & NO_DATABASE and not {"--help", "-h"} & set(sys.argv):
        try:
            os.environ["DATABASE_URL"] = localpg.ensure_running()
        except localpg.LocalPostgresError as error:
            sys.exit(str(error))
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
