"""`manage.py work`: runs queued jobs and schedules."""

import signal
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from shared_apps.jobs.worker import Worker


class Command(BaseCommand):
    """Works until SIGTERM or Ctrl-C, then finishes the job it is at."""

    help = "Run queued jobs, each in its own network, and enqueue what the schedules say."
    requires_system_checks = ()  # they would load every page's address

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Offer to end by itself."""
        ending = parser.add_mutually_exclusive_group()
        ending.add_argument("--once", action="store_true", help="run one job that is due, then end")
        ending.add_argument("--batch", action="store_true", help="run every job that is due, then end")

    def handle(self, *, once: bool, batch: bool, **_options: Any) -> None:
        """Run the worker."""
        worker = Worker()
        signal.signal(signal.SIGTERM, worker.stop)
        signal.signal(signal.SIGINT, worker.stop)
        if once or batch:
            done = worker.run_due(limit=1 if once else None)
            self.stdout.write(f"{done} {'job' if done == 1 else 'jobs'} run")
        else:
            worker.run()
