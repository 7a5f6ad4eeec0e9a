"""A worker of its own on the tests' database: `python -m tests.shared_apps.jobs.worker_process DATABASE`."""

import sys

import django
from django.core.management import call_command
from django.db import connections

if __name__ == "__main__":
    django.setup()
    connections.settings["default"]["NAME"] = sys.argv[1]
    from tests.shared_apps.jobs import sample_jobs  # noqa: F401 - declares the jobs

    call_command("work")
