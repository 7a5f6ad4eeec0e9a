"""`kill -9` of each part under load: what was acknowledged is there once, every job ends once, the others stay up."""

import asyncio
import os
import re
import signal
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest
from django_tasks_db.models import DBTaskResult

from tests.deploy.ledger import Load, Place, make_place
from tests.deploy.machine import Mailbox, mailbox
from tests.deploy.standing import Standing, standing_product, until

pytestmark = pytest.mark.django_db(transaction=True)

RECOVERY_SECONDS = 10
JOBS = DBTaskResult._meta.db_table
UNFINISHED = f"SELECT task_path, status FROM {JOBS} WHERE status IN ('READY', 'RUNNING')"
FAILED = f"SELECT task_path, exception_class_path FROM {JOBS} WHERE status = 'FAILED'"
DONE = f"SELECT 1 FROM {JOBS} WHERE status = 'SUCCESSFUL' AND finished_at > to_timestamp(%s)"
TAKEN_UP_AGAIN = f"SELECT 1 FROM {JOBS} WHERE status = 'SUCCESSFUL' AND jsonb_array_length(worker_ids) > 1"
BACKEND = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"


class SlowMailbox(Mailbox):
    """A mail server that can be told to say nothing for a while, so that a job is in its middle."""

    def __init__(self) -> None:
        super().__init__()
        self.is_silent, self.has_somebody_waiting = False, False

    def texts_to(self, address: str) -> list[str]:
        """Return what has arrived for somebody."""
        arrived = [message for message in self.arrived.queue if address in message["To"]]
        return [message.get_body(("plain",)).get_content() for message in arrived]

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:  # noqa: N802 - aiosmtpd's
        """Keep a message."""
        while self.is_silent:
            self.has_somebody_waiting = True
            await asyncio.sleep(0.01)
        return await super().handle_DATA(server, session, envelope)


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def children_of(pid: int) -> set[int]:
    return {int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


class Trial:
    """Kills one part after the other, and notes how long it took until everything answered again."""

    def __init__(self, standing: Standing, load: Load, box: SlowMailbox) -> None:
        self.standing, self.load, self.box = standing, load, box
        self.seconds: dict[str, list[float]] = defaultdict(list)

    def slowest(self) -> float:
        """Return how long the longest recovery took."""
        return max(max(each) for each in self.seconds.values())

    def process_of_web(self) -> None:
        master = self.standing.pids()["web"]
        killed = min(children_of(master))
        self._kill("a process of the web server", killed, lambda: killed not in children_of(master))

    def web(self) -> None:
        self._kill_part("web")

    def database(self) -> None:
        self._kill_part("database")

    def connection(self) -> None:
        """One process of PostgreSQL, which ends all others of its own, and recovers."""
        [killed, *_] = self.standing.ask(f"{BACKEND} ORDER BY state = 'active' DESC")[0]
        self._kill("a process of PostgreSQL", killed, lambda: not Path(f"/proc/{killed}").exists())

    def jobs(self) -> None:
        """In the middle of a job, which another worker takes up again."""
        self.box.is_silent, self.box.has_somebody_waiting = True, False
        until(lambda: self.box.has_somebody_waiting, "the worker sends an email")
        self._kill_part("jobs")
        self.box.is_silent, killed_at = False, time.time()
        began = time.monotonic()
        until(lambda: self.standing.ask(DONE, killed_at), "another worker has done a job")
        self.seconds["jobs"][-1] += time.monotonic() - began
        until(lambda: self.standing.ask(TAKEN_UP_AGAIN), "what was broken off is done")

    def _kill_part(self, name: str) -> None:
        before = self.standing.pids()
        self._kill(name, before[name], lambda: self.standing.pids()[name] not in (before[name], 0))
        after = self.standing.pids()
        assert {part for part in before if before[part] != after[part]} == {name}

    def _kill(self, what: str, pid: int, is_replaced: Callable[[], bool]) -> None:
        began = time.monotonic()
        kill(pid)
        until(is_replaced, f"another {what}")
        replaced = time.monotonic()
        answered = until(lambda: self.load.answered_since(replaced), f"everybody writes again after {what}")
        self.seconds[what].append(answered - began)

    def all_parts(self) -> None:
        """Kill each once."""
        for part in (self.process_of_web, self.web, self.jobs, self.connection, self.database):
            part()


def test_every_part_is_killed_under_load(alder, birch, tmp_path, record_property):
    places = [make_place(network, members=10) for network in (alder, birch)]

    with mailbox(SlowMailbox) as (box, mail_port), standing_product(tmp_path, mail_port) as standing:
        load = Load(standing.port, places, threads=1, pause=0.2)
        trial = Trial(standing, load, box)
        with load.going_on():
            trial.all_parts()
        assert_all_kept(trial, places)

    record_property("seconds", str(dict(trial.seconds)))
    assert trial.slowest() < max(RECOVERY_SECONDS, standing.started_in), trial.seconds  # this machine may be busy


def assert_all_kept(trial: Trial, places: list[Place]) -> None:
    """Wait until every job has ended, and compare the ledger with what there is."""
    until(lambda: not trial.standing.ask(UNFINISHED), "all jobs have ended")
    assert trial.load.refused == []
    assert trial.standing.ask(FAILED) == []
    for place in places:
        assert_kept(trial.standing, trial.load, place, trial.box)


def assert_kept(standing: Standing, load: Load, place: Place, box: SlowMailbox) -> None:
    """What was acknowledged is there once, told of once, and nothing of another network is."""
    rows = standing.ask(f"SELECT body, id::text FROM {place.schema}.discussions_reply")
    emails = standing.ask(f"SELECT to_address, state, text FROM {place.schema}.mail_message WHERE kind = 'news.reply'")

    bodies = [body for body, _ in rows]
    assert {(each.body, each.id) for each in load.of(place)} <= set(rows)
    assert (len(set(bodies)), set(bodies) - load.sent[place.subdomain]) == (len(bodies), set())
    assert sorted(reply_in(text) for _, _, text in emails) == sorted(bodies)
    assert {(to, state) for to, state, _ in emails} == {(place.asker, "sent")}
    assert {reply_in(text) for text in box.texts_to(place.asker)} == set(bodies)


def reply_in(text: str) -> str:
    """Return the one reply that an email tells of."""
    [found] = re.findall(r"Canary of \w+ [\da-f-]{36}", text)
    return found
