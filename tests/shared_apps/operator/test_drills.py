"""`/api/v1/restore-drills/`: a worker holds a drill, one at a time; and what operators' programs are refused."""

from datetime import timedelta

import pytest
from django.utils import timezone

from shared_apps.accounts.models import User
from shared_apps.audit.models import PlatformEvent
from shared_apps.audit.services import Actor
from shared_apps.jobs.worker import Worker
from shared_apps.operator import drill, services
from shared_apps.operator.models import Drill
from tests.builders.accounts import make_account, token_client

URL = "/api/v1/restore-drills/"
QUOTES = "pg_restore failed: ERROR: could not create unique index\nDETAIL: Key (email)=(canary@school.example)"


@pytest.fixture
def program(operator):
    """A program with an operator's token."""
    return token_client(operator, "platform")


@pytest.fixture
def held(monkeypatch) -> dict:
    """What the drill, which tests/…/test_restore_drill.py holds for real, was asked for, and finds."""
    seen: dict = {"found": drill.Findings(tables=3, rows=7, inserted=2, unproved=["public.strict"])}

    def examine(source: str, server: str, *, name: str) -> drill.Findings:
        seen.update(source=source, server=server, name=name)
        if isinstance(seen["found"], Exception):
            raise seen["found"]
        return seen["found"]

    monkeypatch.setattr(drill, "examine_dump", examine)
    return seen


def test_a_worker_holds_the_drill_and_programs_read_what_it_found(program, held, settings, operator):
    settings.DRILL_DATABASE_URL = "postgresql://elsewhere/"
    ahead = program.get(f"{URL}preview/").json()

    asked = program.post(URL)
    again = program.post(URL)

    assert (ahead["is_under_way"], ahead["tables"] > 100, ahead["size"] > 1_000_000) == (False, True, True)
    assert (asked.status_code, asked.json()["state"], again.status_code) == (202, "under_way", 409)
    assert program.get(f"{URL}preview/").json()["is_under_way"] is True
    Worker().drain()
    found = program.get(f"{URL}{asked.json()['id']}/").json()
    assert (found.pop("ended_at") > found.pop("asked_at"), found.pop("id")) == (True, asked.json()["id"])
    assert found == {
        "state": "passed", "tables": 3, "rows": 7, "inserted": 2, "unproved": ["public.strict"], "wrong": []
    }  # fmt: skip
    assert (held["source"], held["server"]) == (drill.own_url(), "postgresql://elsewhere/")
    assert held["name"].startswith("of_")  # of which there is one, whatever is killed
    assert PlatformEvent.objects.get(name="operator.drill.started").actor_id == operator.id
    assert [each["state"] for each in program.get(URL).json()["results"]] == ["passed"]


@pytest.mark.parametrize(
    ("found", "wrong"),
    [
        (drill.Findings(wrong=["public.good is missing"]), ["public.good is missing"]),
        (drill.DrillError(QUOTES), ["pg_restore failed"]),
        (drill.DrillError("This role may not make databases: name another."), ["This role may not make databases"]),
    ],
)
def test_a_drill_that_fails_says_why_and_quotes_no_row(program, held, found, wrong):
    held["found"] = found

    made = program.post(URL).json()
    Worker().drain()

    ended = program.get(f"{URL}{made['id']}/").json()
    assert (ended["state"], ended["wrong"]) == ("failed", wrong)
    assert program.post(URL).status_code == 202


def test_a_drill_whose_worker_was_lost_gives_way_after_a_day(db, held):
    now, by = timezone.now(), Actor.system("command")
    lost = services.start_drill(now=now, by=by)
    with pytest.raises(services.DrillRunningError):
        services.start_drill(now=now + timedelta(hours=23), by=by)

    other = services.start_drill(now=now + timedelta(hours=25), by=by)

    lost.refresh_from_db()
    assert (lost.state, lost.wrong, Drill.objects.get(state="under_way")) == ("failed", ["Its worker was lost."], other)


@pytest.mark.parametrize(
    ("method", "path", "how"),
    [
        ("post", "/api/v1/operators/", "manage.py make_operator"),
        ("delete", "/api/v1/operators/", "manage.py unmake_operator"),
        ("delete", "/api/v1/second-steps/", "manage.py reset_second_step"),
    ],
)
def test_no_token_decides_who_looks_after_the_platform(program, operator, method, path, how):
    make_account(email="eve@school.example")

    answer = getattr(program, method)(path, {"email": "eve@school.example"}, content_type="application/json")

    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    assert how in answer.json()["detail"]
    assert list(User.objects.filter(is_operator=True)) == [operator]
