"""`kill -9` of each part, three times over, under more load than the suite has time for; and schedules go on."""

import statistics

import pytest

from shared_apps.jobs.models import ScheduleSlot
from tests.benchmarks.reports import Table
from tests.deploy.ledger import Load, make_place
from tests.deploy.machine import mailbox
from tests.deploy.standing import standing_product, until
from tests.deploy.test_killed import JOBS, RECOVERY_SECONDS, SlowMailbox, Trial, assert_all_kept

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db(transaction=True)]

ROUNDS = 3
SLOTS = ScheduleSlot._meta.db_table


def test_kills(report, alder, birch, tmp_path):
    places = [make_place(network, members=24) for network in (alder, birch)]

    with mailbox(SlowMailbox) as (box, mail_port), standing_product(tmp_path, mail_port) as standing:
        load = Load(standing.port, places, threads=3, pause=0.05)
        trial = Trial(standing, load, box)
        with load.going_on():
            for _ in range(ROUNDS):
                trial.all_parts()
            standing.ask(f"WITH gone AS (DELETE FROM {SLOTS} RETURNING 1) SELECT count(*) FROM gone")
            until(lambda: standing.ask(f"SELECT 1 FROM {SLOTS}"), "the schedules go on")
        assert_all_kept(trial, places)
        [[jobs, again]] = standing.ask(
            f"SELECT count(*), count(*) FILTER (WHERE jsonb_array_length(worker_ids) > 1) FROM {JOBS}"
        )

    table = Table(
        f"kill -9 under load, {ROUNDS} times each: seconds until everybody writes again", ["", "median", "longest"]
    )
    for part, seconds in trial.seconds.items():
        table.add(part, statistics.median(seconds), max(seconds))
    table.notes += [
        f"at most {RECOVERY_SECONDS} s were promised",
        f"{len(load.ledger)} writes acknowledged, all there once; {jobs} jobs ended once, {again} taken up again",
    ]
    report(table)
    assert trial.slowest() < RECOVERY_SECONDS
